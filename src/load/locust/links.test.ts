import { afterEach, describe, expect, it, vi } from "vitest";
import { bindMaster, connectWorker, type MasterEvents } from "./links.ts";
import type { LocustMessage } from "./message.ts";

// The package is optional; without it only its absence can be tested.
const zeromq = await import("zeromq").catch(() => null);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A master's socket that keeps what it gets. */
async function openMaster() {
  const got: [string, LocustMessage][] = [];
  const corrupt: string[] = [];
  const events: MasterEvents = {
    message: (from, message) => got.push([from, message]),
    corrupt: (from) => corrupt.push(from),
  };
  const link = await bindMaster("127.0.0.1", 0, events);
  closers.push(() => link.close());
  return { link, got, corrupt };
}

describe.skipIf(zeromq === null)("the sockets", () => {
  it("carry messages both ways, in order, and again after a reset", async () => {
    const { link, got } = await openMaster();
    const back: LocustMessage[] = [];
    const worker = await connectWorker({ host: "127.0.0.1", port: link.port, nodeId: "w" }, (message) =>
      back.push(message),
    );
    closers.push(() => worker.close());
    for (let index = 0; index < 50; index += 1) worker.send({ type: "stats", data: index, nodeId: "w" });
    await vi.waitFor(() => expect(got).toHaveLength(50));
    expect(got.map(([from, message]) => [from, message.data])).toEqual(
      Array.from({ length: 50 }, (_, index) => ["w", index]),
    );
    for (let index = 0; index < 50; index += 1) link.send({ type: "spawn", data: index, nodeId: "w" });
    await vi.waitFor(() => expect(back.map((message) => message.data)).toEqual([...Array(50).keys()]));
    await worker.reset();
    worker.send({ type: "heartbeat", data: null, nodeId: "w" });
    await vi.waitFor(() => expect(got.at(-1)?.[1].type).toBe("heartbeat"));
    link.send({ type: "ack", data: null, nodeId: "w" });
    await vi.waitFor(() => expect(back.at(-1)?.type).toBe("ack"));
  });

  it("tell of bytes that are no message, and of a worker that is not there nothing", async () => {
    const { link, got, corrupt } = await openMaster();
    const socket = new zeromq!.Dealer({ routingId: "broken", linger: 0 });
    closers.push(() => socket.close());
    socket.connect(`tcp://127.0.0.1:${link.port}`);
    await socket.send(Buffer.from("not msgpack at all"));
    await vi.waitFor(() => expect(corrupt).toEqual(["broken"]));
    link.send({ type: "spawn", data: null, nodeId: "nobody" });
    expect(got).toEqual([]);
  });

  it("say which port is taken", async () => {
    const { link } = await openMaster();
    const events: MasterEvents = { message: () => {}, corrupt: () => {} };
    await expect(bindMaster("127.0.0.1", link.port, events)).rejects.toMatchObject({
      code: "RMP_NET_PORT_IN_USE",
    });
    await expect(bindMaster("192.0.2.1", 1, events)).rejects.toMatchObject({ code: "RMP_NET_BIND_REFUSED" });
  });
});

describe("without the optional package", () => {
  it("a master says what is missing", async () => {
    vi.doMock("zeromq", () => {
      throw new Error("Cannot find package");
    });
    try {
      const events: MasterEvents = { message: () => {}, corrupt: () => {} };
      await expect(bindMaster("127.0.0.1", 0, events)).rejects.toMatchObject({
        code: "RMP_BACKEND_UNAVAILABLE",
        field: "zeromq",
      });
    } finally {
      vi.doUnmock("zeromq");
    }
  });
});
