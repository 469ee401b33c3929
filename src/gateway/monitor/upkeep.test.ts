import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { MonitorEvent } from "#contract";
import { createMonitor, type Monitor } from "./monitor.ts";
import type { MonitorTimers } from "./timers.ts";

const KEEP_ALIVE_MS = 30_000;

let nowMs: number;
let sweep: () => void;
let monitor: Monitor;
let server: Server;
let url: string;

/** The clock is moved by the test; what is to happen soon or after a while happens at once. */
const timers: MonitorTimers = {
  every(_intervalMs, run) {
    sweep = run;
    return () => {};
  },
  after: (_delayMs, run) => setImmediate(run),
  soon: (run) => setImmediate(run),
};

beforeEach(async () => {
  nowMs = 1_000_000;
  monitor = createMonitor({
    config: {
      connections: 10,
      eventsPerSec: 10,
      bufferBytes: 1_024,
      keepAliveMs: KEEP_ALIVE_MS,
      messageBytes: 1_024,
      messagesPerSec: 10,
    },
    clock: () => nowMs,
    epoch: () => nowMs,
    timers,
  });
  server = createServer();
  server.on("upgrade", (request, socket, head) => monitor.connect(request, socket, head, null));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens
});

afterEach(async () => {
  await monitor.close();
  server.close();
});

/** Moves the clock in the sweep's rhythm. */
function pass(timeMs: number): void {
  for (const endMs = nowMs + timeMs; nowMs < endMs; ) {
    nowMs += 1_000;
    sweep();
  }
}

async function open(autoPong: boolean): Promise<{ ws: WebSocket; events: MonitorEvent[] }> {
  const ws = new WebSocket(url, { autoPong });
  const events: MonitorEvent[] = [];
  await new Promise<void>((resolve) =>
    ws.on("message", (data) => {
      events.push(JSON.parse(String(data)));
      resolve();
    }),
  );
  return { ws, events };
}

describe("upkeep", () => {
  it("says something after a silence, not before", async () => {
    const { ws, events } = await open(true);
    pass(KEEP_ALIVE_MS - 1_000);
    const pinged = new Promise((resolve) => ws.once("ping", resolve));
    pass(1_000);
    await pinged;
    await new Promise<void>((resolve) => {
      if (events.length > 1) resolve();
      ws.once("message", () => resolve());
    });
    expect(events.map(({ type }) => type)).toEqual(["connection_established", "keepalive"]);
    expect(events[1]).toMatchObject({ ts: nowMs, seq: 0 });
  });

  it("ends a connection that answers no ping, and keeps one that does", async () => {
    const dead = await open(false);
    const alive = await open(true);
    const lost = new Promise((resolve) => dead.ws.on("close", resolve));
    for (let i = 0; i < 3; i += 1) {
      const pinged = new Promise((resolve) => alive.ws.once("ping", resolve));
      pass(KEEP_ALIVE_MS);
      await pinged;
      // The answer to our own ping comes after the pong on the same connection.
      alive.ws.send('{"type":"ping"}');
      await new Promise<void>((resolve) => {
        const look = (data: unknown): void => {
          if (!String(data).includes('"pong"')) return;
          alive.ws.off("message", look);
          resolve();
        };
        alive.ws.on("message", look);
      });
    }
    expect(await lost).toBe(1006);
    expect(monitor.figures()).toMatchObject({ connections: 1, connectionsLost: 1 });
    expect(alive.ws.readyState).toBe(WebSocket.OPEN);
  });
});
