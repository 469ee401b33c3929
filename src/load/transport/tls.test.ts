import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { epochMs, monotonicMs } from "#shared";
import type { TlsClientOptions } from "../model/http-types.ts";
import { createScheduler } from "../scheduler.ts";
import { Recorder } from "../stats/recorder.ts";
import { Http1Client } from "./http1/client.ts";
import { createTransportContext } from "./http1/transport-context.ts";
import { TEST_CA, TEST_CLIENT, TEST_OTHER_NAME, TEST_SERVER } from "./tls-fixture.suite.ts";
import { WebSocketUserClient } from "./websocket/client.ts";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(options: ServerOptions): Promise<string> {
  const server = createServer(options, (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate();
    if (request.url === "/stream") {
      response.setHeader("content-type", "text/event-stream");
      response.write('data: {"choices":[{"delta":{"content":"se"}}]}\n\n');
      response.end('data: {"choices":[{"delta":{"content":"cure"}}]}\n\ndata: [DONE]\n\n');
    } else response.end(`hello ${peer.subject?.CN ?? "stranger"} ${"x".repeat(100_000)}`);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(String(data))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(
  host: string,
  tls: TlsClientOptions,
): { http: Http1Client; ws: WebSocketUserClient; recorder: Recorder } {
  const recorder = new Recorder("test", { startedAtMs: monotonicMs(), epochOffsetMs: 0 });
  const context = createTransportContext(monotonicMs, () => recorder.connectionOpened());
  const environment = { nowMs: monotonicMs, epochMs, recorder, takeDueMs: (nowMs: number) => nowMs };
  const owner = { host, takeDueMs: (nowMs: number) => nowMs };
  const scheduler = createScheduler(monotonicMs);
  const ws = new WebSocketUserClient({ epochMs, monotonicMs, recorder, scheduler, owner, tls });
  cleanups.push(() => {
    ws.close();
    context.close();
  });
  return { http: new Http1Client(environment, context, host, { tls }, null), ws, recorder };
}

describe("over TLS with an authority of one's own", () => {
  it("HTTP keeps one connection", async () => {
    const { http, recorder } = connect(await serve(TEST_SERVER), { ca: TEST_CA });
    for (let index = 0; index < 3; index += 1) {
      const res = await http.get("/");
      expect(res.error).toBeNull();
      expect(res.bodyBytes).toBeGreaterThan(100_000);
    }
    expect(recorder.takeAll()[0]).toMatchObject({
      connectionsOpened: 1,
      requests: [{ count: 3, failures: 0 }],
    });
  });

  it("event streams arrive", async () => {
    const { http } = connect(await serve(TEST_SERVER), { ca: TEST_CA });
    expect(await http.stream("/stream", { json: {} })).toMatchObject({ ok: true, content: "secure" });
  });

  it("WebSockets echo", async () => {
    const { ws } = connect(await serve(TEST_SERVER), { ca: TEST_CA });
    const connection = await ws.connect("/");
    expect(connection.error).toBeNull();
    expect(await connection.echo("over wss")).toBe("over wss");
  });

  it("a client certificate is shown", async () => {
    const host = await serve({ ...TEST_SERVER, ca: TEST_CA, requestCert: true, rejectUnauthorized: true });
    const { http } = connect(host, { ca: TEST_CA, ...TEST_CLIENT });
    expect((await http.get("/")).text()).toMatch(/^hello load client /);
    const without = await connect(host, { ca: TEST_CA }).http.get("/");
    expect(without.ok).toBe(false);
  });

  it.each([
    ["an unknown authority", TEST_SERVER, {}],
    ["a wrong name", TEST_OTHER_NAME, { ca: TEST_CA }],
  ] as const)("%s is a tls error, for HTTP and WebSocket alike", async (_what, server, tls) => {
    const { http, ws } = connect(await serve(server), tls);
    expect((await http.get("/")).error).toMatchObject({
      family: "tls",
      message: expect.stringMatching(/TLS handshake failed \([A-Z_]+\)/),
    });
    expect((await ws.connect("/")).error).toMatchObject({ family: "tls" });
    const careless = connect(await serve(server), { ...tls, verify: false });
    expect((await careless.http.get("/")).ok).toBe(true);
  });

  it("another name is verified when it is the one asked for", async () => {
    const { http } = connect(await serve(TEST_OTHER_NAME), { ca: TEST_CA, serverName: "elsewhere.invalid" });
    expect((await http.get("/")).error).toBeNull();
  });
});
