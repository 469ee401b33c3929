import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { epochMs, monotonicMs } from "#shared";
import { createScheduler } from "../../scheduler.ts";
import { Recorder } from "../../stats/recorder.ts";
import { WebSocketUserClient } from "./client.ts";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(onConnection: (socket: WebSocket, count: number) => void): Promise<{
  client: WebSocketUserClient;
  metric(name: string): unknown;
  recorder: Recorder;
}> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  let count = 0;
  server.on("connection", (socket) => onConnection(socket, ++count));
  const recorder = new Recorder("test", { startedAtMs: monotonicMs(), epochOffsetMs: 0 });
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient(recorder, host);
  cleanups.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return {
    client,
    recorder,
    metric: (name) =>
      recorder
        .takeAll()
        .flatMap((delta) => delta.metrics)
        .find((entry) => entry.name === name),
  };
}

function createClient(recorder: Recorder, host: string): WebSocketUserClient {
  const client = new WebSocketUserClient({
    epochMs,
    monotonicMs,
    recorder,
    scheduler: createScheduler(monotonicMs),
    owner: { host, takeDueMs: (nowMs) => nowMs },
    tls: {},
  });
  cleanups.push(() => client.close());
  return client;
}

describe("WebSocketUserClient", () => {
  it("connects, echoes and counts", async () => {
    const { client, recorder } = await serve((socket) => {
      socket.send("welcome");
      socket.on("message", (data) => socket.send(`echo ${data}`));
    });
    const connection = await client.connect("/ws/monitor", { name: "monitor" });
    expect(connection).toMatchObject({ ok: true, isOpen: true });
    expect(await connection.echo("one", { matches: (data) => data === "echo one" })).toBe("echo one");
    expect(connection.received).toBe(2);
    expect(await connection.next(10)).toBe("welcome");
    await connection.close();
    const [delta] = recorder.takeAll();
    expect(delta!.requests).toMatchObject([
      { method: "WS", name: "monitor connect", count: 1, failures: 0 },
      { method: "WS", name: "monitor", count: 1, failures: 0 },
    ]);
    expect(delta!.metrics.find((entry) => entry.name === "ws_msgs_received")).toMatchObject({ sum: 2 });
    expect(delta!.connectionsOpened).toBe(1);
  });

  it("measures the latency of pushed messages by their ts", async () => {
    const { client, metric } = await serve((socket) =>
      socket.send(JSON.stringify({ seq: 1, ts: Date.now() - 40 })),
    );
    const connection = await client.connect("/");
    await connection.next(1000);
    expect(metric("ws_message_latency")).toMatchObject({
      unit: "ms",
      count: 1,
      last: expect.toSatisfy((ms) => ms >= 40 && ms < 500),
    });
  });

  it("counts drops, connects again, and gives up at its bound", async () => {
    const { client, recorder } = await serve((socket, count) => {
      if (count <= 2) socket.terminate();
      else socket.send("here");
    });
    const connection = await client.connect("/", { maxReconnects: 5, reconnectDelayMs: 5 });
    let text: string | null = null;
    for (let attempt = 0; attempt < 100 && text === null; attempt += 1) {
      text = await connection.next(20);
      if (text === null) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(text).toBe("here");
    expect(connection.drops).toBe(2);
    const metrics = recorder.takeAll().flatMap((delta) => delta.metrics);
    expect(metrics.find((entry) => entry.name === "ws_drops")).toMatchObject({ sum: 2 });
    expect(metrics.find((entry) => entry.name === "ws_reconnects")).toMatchObject({ sum: 2 });
  });

  it("pings", async () => {
    const { client, recorder } = await serve(() => {});
    await client.connect("/", { pingIntervalMs: 10 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const metrics = recorder.takeAll().flatMap((delta) => delta.metrics);
    expect(metrics.find((entry) => entry.name === "ws_ping")?.count).toBeGreaterThan(0);
  });

  it("sorts what goes wrong into families", async () => {
    const server = createServer((_request, response) => response.writeHead(403).end());
    server.on("upgrade", (_request, socket) =>
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const recorder = new Recorder("test", { startedAtMs: monotonicMs(), epochOffsetMs: 0 });
    const refused = await createClient(recorder, `http://127.0.0.1:${port}`).connect("/");
    expect(refused).toMatchObject({ ok: false, isOpen: false, error: { family: "http" } });
    await new Promise((resolve) => server.close(resolve));
    const gone = await createClient(recorder, `http://127.0.0.1:${port}`).connect("/");
    expect(gone.error).toMatchObject({ family: "connect" });
    expect(await gone.echo("x")).toBeNull();
    const { client } = await serve(() => {});
    const silent = await client.connect("/");
    expect(await silent.echo("x", { timeoutMs: 20 })).toBeNull();
  });
});
