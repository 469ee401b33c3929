import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { createGuard } from "#backends";
import { createGateway } from "#gateway";

/** Connections and broadcasts, one a second. */
const CONNECTIONS = 10_000;
const BROADCASTS = 60;
/** Most resident memory of one connection, bytes. */
const CONNECTION_BYTES = 8 * 1024;
/** Delivery may take this many times as long as with bare `ws`: both runs share the machine with their clients. */
const TOLERANCE = 1.25;

interface Delivery {
  readonly closed: number;
  readonly events: number;
  readonly fewest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CLIENTS = fileURLToPath(new URL("monitor-clients.mjs", import.meta.url));

/** Connects the clients, has each second's broadcast sent, and answers what arrived. */
async function deliver(port: number, path: string, broadcast: (index: number) => Promise<void>) {
  const startBytes = process.memoryUsage().rss;
  const clients: ChildProcessWithoutNullStreams = spawn(process.execPath, [
    CLIENTS,
    String(port),
    path,
    String(CONNECTIONS),
  ]);
  const lines = createInterface(clients.stdout)[Symbol.asyncIterator]();
  try {
    expect((await lines.next()).value).toBe("ready");
    const bytesEach = (process.memoryUsage().rss - startBytes) / CONNECTIONS;
    for (let i = 0; i < BROADCASTS; i += 1) {
      const startedMs = performance.now();
      await broadcast(i);
      await pause(Math.max(0, 1_000 - (performance.now() - startedMs)));
    }
    await pause(3_000);
    clients.stdin.write("end\n");
    const delivery: Delivery = JSON.parse((await lines.next()).value ?? "");
    return { ...delivery, bytesEach };
  } finally {
    clients.kill();
  }
}

async function monitored() {
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  const gateway = createGateway({
    config: { port: 0, providers: { openai: nowhere, anthropic: nowhere } },
    guard: createGuard(),
    version: "0.0.0-test",
  });
  const { port, url } = await gateway.listen();
  const body = JSON.stringify({ text: "nothing" });
  const broadcast = async (): Promise<void> => {
    const answer = await fetch(`${url}/pii-protection/detect`, { method: "POST", body });
    expect(answer.status).toBe(200);
    await answer.text();
  };
  await broadcast();
  try {
    return await deliver(port, "/ws/monitor", broadcast);
  } finally {
    await gateway.close();
  }
}

async function bare() {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const open: WebSocket[] = [];
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on("error", () => {});
      open.push(ws);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  try {
    return await deliver(port, "/", async (index) => {
      const ts = Date.now();
      const event = { type: "detection_result", timestamp: new Date(ts).toISOString(), ts, seq: index };
      const text = JSON.stringify({ ...event, fill: "x".repeat(280) });
      for (const ws of open) ws.send(text);
    });
  } finally {
    for (const ws of open) ws.terminate();
    server.close();
  }
}

describe("live monitor with 10,000 connections", () => {
  it("delivers every broadcast to each, in bounded memory and no later than bare ws", async () => {
    const own = await monitored();
    const reference = await bare();
    process.stdout.write(`monitor ${JSON.stringify(own)}\nbare ws ${JSON.stringify(reference)}\n`);
    expect(own).toMatchObject({ closed: 0, fewest: BROADCASTS, events: CONNECTIONS * BROADCASTS });
    expect(own.bytesEach).toBeLessThanOrEqual(CONNECTION_BYTES);
    expect(own.p50Ms).toBeLessThanOrEqual(reference.p50Ms * TOLERANCE);
    expect(own.p99Ms).toBeLessThanOrEqual(reference.p99Ms * TOLERANCE);
  }, 400_000);
});
