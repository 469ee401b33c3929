import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { monotonicMs } from "#shared";
import { createFaultProxy, type FaultProxy } from "./tcp-proxy.ts";

let echo: Server;
let proxy: FaultProxy;
let port: number;
const open: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  proxy = createFaultProxy({
    port: 0,
    target: { host: "127.0.0.1", port: (echo.address() as { port: number }).port },
  });
  port = await proxy.listen();
});

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function client(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  open.push(socket);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

/** Sends bytes and collects as many back. */
function exchange(socket: Socket, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    socket.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length >= bytes.length) resolve(Buffer.concat(parts));
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
    socket.write(bytes);
  });
}

describe("fault proxy", () => {
  it("passes bytes and ends unchanged without an effect", async () => {
    const bytes = Buffer.alloc(3_000_000, "0123456789");
    const socket = await client();
    expect((await exchange(socket, bytes)).equals(bytes)).toBe(true);
    const ended = new Promise((resolve) => socket.once("end", resolve));
    socket.end();
    await ended;
    await sleep(50);
    expect(proxy.connections).toBe(0);
  });

  it("delays each way and stops delaying when told", async () => {
    proxy.set({ delayMs: 60 });
    const socket = await client();
    let startedMs = monotonicMs();
    await exchange(socket, Buffer.from("ping"));
    expect(monotonicMs() - startedMs).toBeGreaterThanOrEqual(118);
    proxy.set({});
    startedMs = monotonicMs();
    await exchange(await client(), Buffer.from("ping"));
    expect(monotonicMs() - startedMs).toBeLessThan(60);
  });

  it("caps the bandwidth", async () => {
    proxy.set({ bytesPerSec: 40_000 });
    const startedMs = monotonicMs();
    const bytes = Buffer.alloc(20_000, "x");
    expect((await exchange(await client(), bytes)).equals(bytes)).toBe(true);
    expect(monotonicMs() - startedMs).toBeGreaterThanOrEqual(450);
  });

  it("resets open connections and refuses new ones while cut", async () => {
    const socket = await client();
    await exchange(socket, Buffer.from("ping"));
    const closed = new Promise<string>((resolve) =>
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "")),
    );
    proxy.set({ cut: true });
    expect(await closed).toBe("ECONNRESET");
    await expect(client().then((late) => exchange(late, Buffer.from("x")))).rejects.toThrow();
    proxy.set({});
    expect((await exchange(await client(), Buffer.from("back"))).toString()).toBe("back");
  });

  it("cuts inside an answer", async () => {
    proxy.set({ cutAfterBytes: 10 });
    const socket = await client();
    let received = 0;
    socket.on("data", (part: Buffer) => {
      received += part.length;
    });
    await expect(exchange(socket, Buffer.alloc(100, "x"))).rejects.toThrow();
    expect(received).toBeLessThanOrEqual(10);
  });

  it("lets nothing pass while half open, and never again on that connection", async () => {
    const socket = await client();
    await exchange(socket, Buffer.from("ping"));
    socket.removeAllListeners("data");
    proxy.set({ halfOpen: true });
    let received = 0;
    socket.on("data", (part: Buffer) => {
      received += part.length;
    });
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    socket.write("lost");
    await sleep(80);
    expect(received).toBe(0);
    expect(socket.destroyed).toBe(false);
    proxy.set({});
    await gone;
    expect(received).toBe(0);
  });
});
