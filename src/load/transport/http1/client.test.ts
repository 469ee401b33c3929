import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { epochMs, monotonicMs } from "#shared";
import type { HttpOptions } from "../../model/http-types.ts";
import type { StatsDelta } from "../../stats/delta.ts";
import { Recorder } from "../../stats/recorder.ts";
import { Http1Client } from "./client.ts";
import { createTransportContext, type TransportContext } from "./transport-context.ts";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(server: net.Server | Server, path?: string): Promise<string> {
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(path, resolve),
  );
  cleanups.push(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  });
  return path === undefined ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix:${path}`;
}

const serve = (listener: RequestListener) => listen(createServer(listener));

/** A raw server that answers each connection's first bytes with what `answer` does. */
async function serveRaw(answer: (socket: net.Socket, request: string) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const host = await listen(
    net.createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("data", (data) => answer(socket, data.toString()));
    }),
  );
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  return host;
}

interface Harness {
  readonly client: Http1Client;
  readonly recorder: Recorder;
  readonly context: TransportContext;
  stats(): StatsDelta;
}

function connect(host: string, options: HttpOptions = {}): Harness {
  const recorder = new Recorder("test", { startedAtMs: monotonicMs(), epochOffsetMs: 0 });
  const context = createTransportContext(monotonicMs, () => recorder.connectionOpened());
  cleanups.push(() => context.close());
  const environment = { nowMs: monotonicMs, epochMs, recorder, takeDueMs: (nowMs: number) => nowMs };
  const client = new Http1Client(environment, context, host, options, null);
  return { client, recorder, context, stats: () => recorder.takeAll().at(-1)! };
}

describe("Http1Client", () => {
  it("keeps one connection over many requests and sends what it is given", async () => {
    const seen: unknown[] = [];
    const host = await serve((request, response) => {
      let body = "";
      request.on("data", (data) => {
        body += data;
      });
      request.on("end", () => {
        seen.push([
          request.method,
          request.url,
          request.headers["x-user"],
          request.headers["content-type"],
          body,
        ]);
        response.setHeader("x-answer", "yes").end("fine");
      });
    });
    const { client, stats } = connect(host, { headers: { "x-user": "u1" } });
    const first = await client.get("/a", { params: { q: "1 2" } });
    expect(first).toMatchObject({ status: 200, ok: true, name: "/a", error: null });
    expect(first.headers["x-answer"]).toBe("yes");
    expect(first.text()).toBe("fine");
    expect(first.json()).toBeUndefined();
    await client.post("/b", { json: { name: "Zoë 😀" }, name: "post b" });
    await client.put("/c", { form: { a: "1&2" }, headers: { "X-User": "u2" } });
    await client.delete("/d");
    expect(seen).toEqual([
      ["GET", "/a?q=1+2", "u1", undefined, ""],
      ["POST", "/b", "u1", "application/json", '{"name":"Zoë 😀"}'],
      ["PUT", "/c", "u2", "application/x-www-form-urlencoded", "a=1%262"],
      ["DELETE", "/d", "u1", undefined, ""],
    ]);
    const delta = stats();
    expect(delta.connectionsOpened).toBe(1);
    expect(delta.requests.map((row) => [row.method, row.name, row.count])).toEqual([
      ["GET", "/a", 1],
      ["POST", "post b", 1],
      ["PUT", "/c", 1],
      ["DELETE", "/d", 1],
    ]);
  });

  it("uses several connections for requests at once, and queues beyond a shared pool's bound", async () => {
    let open = 0;
    let most = 0;
    const host = await serve((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        response.end();
      });
    });
    const own = connect(host);
    await Promise.all(Array.from({ length: 8 }, () => own.client.get("/")));
    expect(own.stats().connectionsOpened).toBe(8);
    most = 0;
    const { recorder, context, stats } = connect(host);
    const environment = { nowMs: monotonicMs, epochMs, recorder, takeDueMs: (nowMs: number) => nowMs };
    const bounded = new Http1Client(environment, context, host, { maxConnections: 2 }, new Map());
    await Promise.all(Array.from({ length: 8 }, () => bounded.get("/")));
    expect(most).toBeLessThanOrEqual(2);
    expect(stats()).toMatchObject({ connectionsOpened: 2, requests: [{ count: 8, failures: 0 }] });
  });

  it("reads chunked, gzip, empty and close-delimited answers", async () => {
    const host = await serve((request, response) => {
      if (request.url === "/chunked") {
        response.write("one ");
        response.end("two");
      } else if (request.url === "/gzip")
        response.setHeader("content-encoding", "gzip").end(gzipSync("packed ".repeat(100)));
      else if (request.url === "/close") response.setHeader("connection", "close").end("bye");
      else response.writeHead(204).end();
    });
    const { client } = connect(host, { gzip: true });
    expect((await client.get("/chunked")).text()).toBe("one two");
    expect(await client.get("/gzip")).toMatchObject({ bodyBytes: 700, ok: true });
    expect((await client.get("/close")).text()).toBe("bye");
    expect(await client.get("/empty")).toMatchObject({ status: 204, bodyBytes: 0, ok: true });
    expect(await client.head("/chunked")).toMatchObject({ status: 200, ok: true });
  });

  it("sorts failures into families", async () => {
    const closed = await listen(net.createServer());
    cleanups.splice(-1)[0]!();
    expect((await connect(closed).client.get("/")).error).toMatchObject({ family: "connect" });
    expect((await connect("http://no-such-host.invalid").client.get("/")).error).toMatchObject({
      family: "dns",
    });
    const reset = await serveRaw((socket) => socket.resetAndDestroy());
    expect((await connect(reset).client.get("/")).error).toMatchObject({ family: "reset" });
    const cutOff = await serveRaw((socket) =>
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"),
    );
    expect((await connect(cutOff).client.get("/")).error).toMatchObject({ family: "reset" });
    const garbage = await serveRaw((socket) => socket.write("what?"));
    expect((await connect(garbage).client.get("/")).error).toMatchObject({ family: "protocol" });
    const plain = await serveRaw((socket) => socket.end("not TLS"));
    expect((await connect(plain.replace("http:", "https:")).client.get("/")).error).toMatchObject({
      family: "tls",
    });
    const failing = await serve((_request, response) => response.writeHead(503).end());
    const { client, stats } = connect(failing);
    expect(await client.get("/")).toMatchObject({ status: 503, ok: false, error: { family: "http" } });
    expect(await client.get("/", { okStatuses: [503] })).toMatchObject({ ok: true });
    expect(stats()).toMatchObject({
      requests: [{ count: 2, failures: 1 }],
      errors: [{ family: "http", message: "HTTP 503", count: 1 }],
    });
  });

  it("ends a phase that takes too long", async () => {
    const silent = await serveRaw(() => {});
    const first = await connect(silent, { timeouts: { firstByteMs: 50 } }).client.get("/");
    expect(first.error).toMatchObject({ family: "timeout", message: expect.stringContaining("first byte") });
    const stalling = await serveRaw((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"),
    );
    const idle = await connect(stalling, { timeouts: { idleMs: 50 } }).client.get("/");
    expect(idle.error).toMatchObject({ family: "timeout", message: expect.stringContaining("next byte") });
    const total = await connect(silent).client.get("/", { timeouts: { totalMs: 50 } });
    expect(total.error).toMatchObject({ family: "timeout" });
    const handshake = await connect(silent.replace("http:", "https:"), {
      timeouts: { tlsMs: 50 },
    }).client.get("/");
    expect(handshake.error).toMatchObject({ family: "timeout", message: expect.stringContaining("TLS") });
  });

  it("sends an idempotent request again when the kept connection was closed under it, and no other", async () => {
    let connections = 0;
    const host = await serveRaw((socket, request) => {
      const state = socket as net.Socket & { served?: number };
      if (state.served === undefined) connections += 1;
      state.served = (state.served ?? 0) + 1;
      if (state.served > 1) socket.destroy();
      else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n${request.slice(0, 2)}`);
    });
    const { client } = connect(host);
    expect((await client.get("/")).ok).toBe(true);
    expect((await client.get("/")).ok).toBe(true);
    expect(connections).toBe(2);
    expect((await client.post("/")).error).toMatchObject({ family: "reset" });
  });

  it("closes a connection after an answer that is followed by bytes nobody asked for", async () => {
    const host = await serveRaw((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"),
    );
    const { client, stats } = connect(host);
    expect((await client.get("/")).text()).toBe("ok");
    expect((await client.get("/")).text()).toBe("ok");
    expect(stats().connectionsOpened).toBe(2);
  });

  it("refuses a body above the bound", async () => {
    const host = await serve((_request, response) => response.end("x".repeat(5000)));
    expect((await connect(host, { maxBodyBytes: 1000 }).client.get("/")).error).toMatchObject({
      family: "protocol",
    });
  });

  it("follows redirects only when asked, as one sample", async () => {
    const host = await serve((request, response) => {
      if (request.url === "/a") response.writeHead(302, { location: "b" }).end();
      else if (request.url === "/b") response.writeHead(307, { location: "/c" }).end();
      else response.end(`${request.method} ${request.url}`);
    });
    const { client, stats } = connect(host);
    expect((await client.post("/a", { body: "x" })).status).toBe(302);
    expect((await client.post("/a", { body: "x", maxRedirects: 5 })).text()).toBe("GET /c");
    expect(await client.get("/a", { maxRedirects: 1 })).toMatchObject({ status: 307 });
    expect(stats().requests).toMatchObject([
      { method: "POST", name: "/a", count: 2 },
      { method: "GET", name: "/a", count: 1 },
    ]);
  });

  it("keeps cookies per path until they end", async () => {
    const host = await serve((request, response) => {
      if (request.url === "/login")
        response.setHeader("set-cookie", [
          "id=1; Path=/",
          "deep=2; Path=/deep",
          "gone=3; Max-Age=0",
          "tls=4; Secure",
        ]);
      if (request.url === "/logout") response.setHeader("set-cookie", "id=; Path=/; Max-Age=0");
      response.end(request.headers.cookie ?? "none");
    });
    const { client } = connect(host);
    await client.get("/login");
    expect((await client.get("/")).text()).toBe("id=1");
    expect((await client.get("/deep/er")).text()).toBe("deep=2; id=1");
    await client.get("/logout");
    expect((await client.get("/")).text()).toBe("none");
  });

  it("lets catchResponse decide before the request is counted", async () => {
    const host = await serve((request, response) =>
      response.writeHead(request.url === "/404" ? 404 : 200).end(),
    );
    const { client, stats } = connect(host);
    await client.get("/404", { catchResponse: (r) => (r.status === 404 ? r.success() : undefined) });
    await client.get("/ok", { catchResponse: async (r) => r.failure("too short") });
    expect(stats()).toMatchObject({
      requests: [
        { name: "/404", failures: 0 },
        { name: "/ok", failures: 1 },
      ],
      errors: [{ family: "assertion", message: "too short" }],
    });
  });

  it("speaks over a Unix-domain socket", async () => {
    const directory = mkdtempSync(join(tmpdir(), "rampart-unix-"));
    cleanups.push(() => rmSync(directory, { recursive: true }));
    const host = await listen(
      createServer((_request, response) => response.end("unix")),
      join(directory, "s.sock"),
    );
    expect((await connect(host).client.get("/")).text()).toBe("unix");
  });

  it("encodes characters beyond ASCII in paths", async () => {
    const host = await serve((request, response) => response.end(request.url));
    expect((await connect(host).client.get("/Zoë/😀?q=é")).text()).toBe("/Zo%C3%AB/%F0%9F%98%80?q=%C3%A9");
  });

  it("refuses headers and paths that would split the message", async () => {
    const { client } = connect("http://127.0.0.1:1");
    const split = client.get("/", { headers: { "x-a": "1\r\nx-b: 2" } });
    await expect(split).rejects.toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID" });
    await expect(client.get("/a b")).rejects.toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID" });
  });
});
