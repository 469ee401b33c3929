import { once } from "node:events";
import net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { DirectWriter } from "./direct-write.ts";

const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

async function pair(): Promise<{ client: net.Socket; peer: net.Socket }> {
  const server = net.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const accepted = once(server, "connection");
  const client = net.connect(port, "127.0.0.1");
  const [peer] = (await accepted) as [net.Socket];
  if (client.connecting) await once(client, "connect");
  open.push(client, peer, { destroy: () => server.close() });
  return { client, peer };
}

describe("DirectWriter", () => {
  it("writes every byte in order, also what the kernel takes only in parts", async () => {
    const { client, peer } = await pair();
    const writer = new DirectWriter(client);
    const parts = ["a\xff", "b".repeat(8_000_000), "c", "d".repeat(3_000_000), "e"];
    for (const part of parts) if (!writer.write(part)) client.write(part, "latin1");
    const expected = parts.join("");
    let seen = "";
    for await (const chunk of peer) {
      seen += (chunk as Buffer).toString("latin1");
      if (seen.length >= expected.length) break;
    }
    expect(seen === expected).toBe(true);
  });

  it("leaves a socket that is not open to the usual way", () => {
    const socket = new net.Socket();
    expect(new DirectWriter(socket).write("x")).toBe(false);
  });

  it("tells the socket when the peer is gone", async () => {
    const { client, peer } = await pair();
    const failed = once(client, "error");
    client.on("error", () => {});
    const writer = new DirectWriter(client);
    peer.resetAndDestroy();
    const timer = setInterval(() => {
      if (!client.destroyed && !writer.write("x".repeat(1000))) client.write("x");
    }, 1);
    const [error] = (await failed) as [NodeJS.ErrnoException];
    clearInterval(timer);
    expect(["EPIPE", "ECONNRESET"]).toContain(error.code);
  });
});
