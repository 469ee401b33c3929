import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { epochMs, monotonicMs } from "#shared";
import type { HttpOptions } from "../../model/http-types.ts";
import { Recorder } from "../../stats/recorder.ts";
import { Http1Client } from "../http1/client.ts";
import { createTransportContext } from "../http1/transport-context.ts";
import { TEST_CA, TEST_OTHER_NAME, TEST_SERVER } from "../tls-fixture.suite.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function handle(request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.url === "/hang") return;
    if (request.url === "/reset") {
      response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      return;
    }
    if (request.url === "/stream") {
      response.setHeader("content-type", "text/event-stream");
      response.write('data: {"choices":[{"delta":{"content":"tw"}}]}\n\n');
      response.end('data: {"choices":[{"delta":{"content":"o"}}]}\n\ndata: [DONE]\n\n');
      return;
    }
    response.statusCode = request.url === "/missing" ? 404 : 200;
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    const { cookie = "", "content-type": type = "" } = request.headers;
    response.end(
      JSON.stringify({ method: request.method, type, cookie, body: Buffer.concat(chunks).toString() }),
    );
  });
}

async function serve(server: http2.Http2Server, scheme: "http" | "https"): Promise<string> {
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const overTls = (options: { cert: string; key: string }) =>
  serve(http2.createSecureServer(options, handle), "https");

function connect(host: string, options: HttpOptions = {}) {
  const recorder = new Recorder("test", { startedAtMs: monotonicMs(), epochOffsetMs: 0 });
  const context = createTransportContext(monotonicMs, () => recorder.connectionOpened());
  const environment = { nowMs: monotonicMs, epochMs, recorder, takeDueMs: (nowMs: number) => nowMs };
  const client = new Http1Client(environment, context, host, { http2: true, ...options }, null);
  cleanups.push(() => {
    client.close(null);
    context.close();
  });
  return { client, recorder };
}

describe("HTTP/2", () => {
  it("carries requests at once over one TLS connection with an authority of one's own", async () => {
    const { client, recorder } = connect(await overTls(TEST_SERVER), { tls: { ca: TEST_CA } });
    const first = await client.post("/a?q=1", { json: { text: "größer" } });
    expect(first).toMatchObject({ status: 200, ok: true, error: null, name: "/a" });
    expect(first.json()).toMatchObject({
      method: "POST",
      type: "application/json",
      cookie: "",
      body: '{"text":"größer"}',
    });
    expect(first.connectMs).toBeGreaterThan(0);
    const more = await Promise.all(Array.from({ length: 20 }, () => client.get("/b")));
    expect(more.map((res) => res.json<{ cookie: string }>()?.cookie)).toEqual(
      Array.from({ length: 20 }, () => "a=1; b=2"),
    );
    const [delta] = recorder.takeAll();
    expect(delta).toMatchObject({ connectionsOpened: 1 });
    expect(
      delta!.requests.map(({ method, name, count, failures }) => [method, name, count, failures]),
    ).toEqual([
      ["POST", "/a", 1, 0],
      ["GET", "/b", 20, 0],
    ]);
  });

  it("reads event streams and sorts failures without TLS", async () => {
    const { client } = connect(await serve(http2.createServer(handle), "http"), {
      timeouts: { firstByteMs: 100 },
    });
    expect(await client.stream("/stream", { json: {} })).toMatchObject({ ok: true, content: "two" });
    expect((await client.get("/missing")).error).toEqual({ family: "http", message: "HTTP 404" });
    expect((await client.get("/reset")).error?.family).toBe("protocol");
    expect((await client.get("/hang")).error).toMatchObject({ family: "timeout" });
    expect(await client.get("/after")).toMatchObject({ ok: true });
  });

  it("says what is wrong with a certificate, a closed port and a peer that speaks something else", async () => {
    const wrong = connect(await overTls(TEST_OTHER_NAME), { tls: { ca: TEST_CA } });
    expect((await wrong.client.get("/")).error?.family).toBe("tls");
    const closed = connect("http://127.0.0.1:1");
    expect((await closed.client.get("/")).error?.family).toBe("connect");
    const other = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.end("SSH-2.0-x\r\n");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => other.close());
    const strange = connect(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    expect((await strange.client.get("/")).ok).toBe(false);
  });

  it("opens a new connection after the server let go of the old one", async () => {
    const server = http2.createServer(handle);
    let last: http2.ServerHttp2Session | null = null;
    server.on("session", (session) => {
      last = session;
    });
    const { client, recorder } = connect(await serve(server, "http"));
    expect(await client.get("/1")).toMatchObject({ ok: true });
    await new Promise<void>((resolve) => {
      // The event handler above assigned it, which the compiler does not see.
      const session = last as http2.ServerHttp2Session | null;
      session?.on("close", () => resolve());
      session?.close();
    });
    expect(await client.get("/2")).toMatchObject({ ok: true });
    expect(recorder.takeAll()[0]).toMatchObject({ connectionsOpened: 2 });
  });
});
