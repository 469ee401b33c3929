import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "#detect";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

const BODY_BOUND = 1024 * 1024;
/** Small bodies that become large ones; made before the gateway starts, which would take the time for overload. */
const BOMBS: [coding: string, body: Uint8Array][] = [
  ["gzip", gzipSync(Buffer.alloc(48 * BODY_BOUND))],
  ["br", brotliCompressSync(Buffer.alloc(8 * BODY_BOUND))],
  // within the bound of bytes, beyond that of the ratio
  ["deflate", deflateSync(Buffer.alloc(BODY_BOUND - 1, " "))],
];
let mock: MockLlm;
let gateway: Gateway;
let url: string;
let port: number;

async function startGateway(openaiUrl: string, anthropicUrl = openaiUrl): Promise<Gateway> {
  const started = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: openaiUrl }, anthropic: { baseUrl: anthropicUrl } },
      bounds: { bodyBytes: BODY_BOUND, eventBytes: 64 * 1024, answerBytes: 256 * 1024 },
      client: { headersTimeoutMs: 500, bodyTimeoutMs: 400 },
      upstream: { headersTimeoutMs: 400, bodyTimeoutMs: 400, connectTimeoutMs: 400 },
      drainTimeoutMs: 1_000,
    },
    guard: createGuard({ models: {}, policy: guardPolicy() }),
    version: "0.0.0-test",
  });
  await started.listen();
  return started;
}

function guardPolicy() {
  return { ...createGuard().policy, injection: { action: "off" as const, threshold: 0.5 } };
}

beforeAll(async () => {
  mock = createMockLlm();
  const upstream = await mock.listen({ port: 0 });
  gateway = await startGateway(upstream.url);
  url = gateway.address?.url ?? "";
  port = gateway.address?.port ?? 0;
});

afterEach(async () => {
  mock.configure({ fault: "none", faultAfterEvents: 0, ttftMs: 0, tokensPerSec: 0 });
  // Whatever happened before: the next request is served.
  const next = await chat({});
  expect(next.status).toBe(200);
  await next.text();
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
});

const CHAT = { model: "gpt-4", messages: [{ role: "user", content: "Write to ann@example.com, please." }] };

function chat(extra: object): Promise<Response> {
  return post("/openai/v1/chat/completions", JSON.stringify({ ...CHAT, ...extra }));
}

function post(
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: body as string,
  });
}

async function codeOf(answer: Response): Promise<string> {
  const body = (await answer.json()) as { error: { code: string; type?: string } };
  return body.error.code;
}

/** Sends raw bytes and reads until the other side closes or `untilMs` is over. */
function raw(bytes: string, untilMs = 4_000): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), untilMs);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

describe("bad requests", () => {
  it("answers malformed JSON in the provider's shape without quoting it", async () => {
    const answer = await post("/openai/v1/chat/completions", '{"secret-ann@example.com": ');
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).not.toContain("ann@example.com");
    expect(JSON.parse(text)).toMatchObject({
      error: { code: "RMP_REQ_MALFORMED_JSON", type: "invalid_request_error", param: null },
    });
    const other = await post("/anthropic/v1/messages", "{");
    expect(await other.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", code: "RMP_REQ_MALFORMED_JSON" },
    });
    const local = await post("/pii-protection/detect", "nonsense");
    expect(await local.json()).toMatchObject({
      error: { code: "RMP_REQ_MALFORMED_JSON", request_id: expect.any(String) },
    });
  });

  it("refuses bytes that are not UTF-8", async () => {
    const body = Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect(await codeOf(await post("/v1/chat/completions", body))).toBe("RMP_REQ_MALFORMED_JSON");
  });

  it.each([
    ["a number as body", "7", ""],
    ["a list as body", "[]", ""],
    ["a text for messages", '{"messages":"hi"}', "messages"],
    ["a number for content", '{"messages":[{"role":"user","content":5}]}', "messages.0.content"],
    ["a number for a model", '{"model":5,"messages":[]}', "model"],
    ["a list for a turn", '{"messages":[["hi"]]}', "messages.0"],
  ])("names the field of %s", async (_name, body, field) => {
    const answer = await post("/v1/chat/completions", body);
    expect(answer.status).toBe(422);
    const { error } = (await answer.json()) as { error: { code: string; param: string | null } };
    expect(error.code).toBe("RMP_REQ_INVALID");
    expect(error.param ?? "").toBe(field);
  });

  it("refuses 10,000 levels of nesting", async () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    expect(await codeOf(await post("/v1/chat/completions", `{"metadata":${deep}}`))).toBe("RMP_REQ_TOO_DEEP");
    expect(await codeOf(await post("/v1/chat/completions", `{"messages":${deep}}`))).toMatch(
      /RMP_REQ_(?:TOO_DEEP|INVALID)/,
    );
    const text = await codeOf(
      await post(
        "/v1/chat/completions",
        JSON.stringify({
          messages: [{ role: "assistant", tool_calls: [{ function: { arguments: deep } }] }],
        }),
      ),
    );
    expect(text).toBe("RMP_REQ_TOO_DEEP");
  });

  it("refuses a body of 20 MB, announced or not", async () => {
    const big = JSON.stringify({ messages: [{ role: "user", content: "x".repeat(20_000_000) }] });
    const announced = await post("/v1/chat/completions", big);
    expect(announced.status).toBe(413);
    expect(await codeOf(announced)).toBe("RMP_REQ_BODY_TOO_LARGE");
    const chunked = await fetch(`${url}/v1/messages`, {
      method: "POST",
      body: new Blob([big]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect(await chunked.json()).toMatchObject({ type: "error", error: { type: "request_too_large" } });
  });

  it.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("reads bodies compressed with %s, and sends them on uncompressed", async (coding, compress) => {
    const answer = await post("/v1/chat/completions", compress(JSON.stringify(CHAT)), {
      "content-encoding": coding,
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("ann@example.com");
    const last = mock.record.page().records.at(-1);
    expect(JSON.parse(last?.body ?? "")).toMatchObject({
      messages: [{ content: "Write to [EMAIL_1], please." }],
    });
    expect(last?.headers).not.toHaveProperty("content-encoding");
  });

  it.each(["zstd", "compress", "gzip, gzip", "toString"])(
    "refuses bodies compressed with %s",
    async (coding) => {
      const answer = await post("/v1/chat/completions", "{}", { "content-encoding": coding });
      expect(answer.status).toBe(415);
      expect(await codeOf(answer)).toBe("RMP_REQ_UNSUPPORTED_ENCODING");
    },
  );

  it("refuses bytes that are not of the coding that they name", async () => {
    for (const body of ["{}", gzipSync(JSON.stringify(CHAT)).subarray(0, 40), Buffer.alloc(0)]) {
      const answer = await post("/v1/chat/completions", body, { "content-encoding": "gzip" });
      expect(answer.status).toBe(400);
      expect(await codeOf(answer)).toBe("RMP_REQ_BAD");
    }
  });

  it("stops at the bound of what a compressed body becomes", async () => {
    const beforeBytes = process.memoryUsage().rss;
    for (const [coding, bomb] of BOMBS) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => post("/v1/chat/completions", bomb, { "content-encoding": coding })),
      );
      for (const answer of answers) {
        expect(answer.status).toBe(413);
        expect(await codeOf(answer)).toBe("RMP_REQ_BODY_TOO_LARGE");
      }
    }
    // 8 bombs of 48 MiB at a time: nothing like their size was ever held
    expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(200 * BODY_BOUND);
  });

  it("ends half a request after its time-out, in the provider's shape", async () => {
    const text = await raw(
      "POST /anthropic/v1/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"code":"RMP_REQ_TIMEOUT"');
    expect(text).toContain('"type":"error"');
  });

  it("ends half a header block after its time-out", async () => {
    const text = await raw("POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-slow: ");
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain("RMP_REQ_TIMEOUT");
  });

  it("refuses header bombs", async () => {
    const text = await raw(`GET /health HTTP/1.1\r\nhost: x\r\nx-big: ${"a".repeat(100_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toContain("RMP_REQ_HEADERS_TOO_LARGE");
  });

  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    [
      "length and chunks",
      "POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    [
      "two lengths",
      "POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
    ],
    ["a control character in a header", "GET /health HTTP/1.1\r\nhost: x\r\nx-a: b\u0001c\r\n\r\n"],
    ["no host", "GET /health HTTP/1.1\r\n\r\n"],
  ])("refuses %s", async (_name, bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("knows no other routes and methods", async () => {
    expect(await codeOf(await fetch(`${url}/nowhere`))).toBe("RMP_ROUTE_NOT_FOUND");
    expect(await codeOf(await post("/openai/v1/nowhere", "{}"))).toBe("RMP_ROUTE_NOT_FOUND");
    const wrong = await fetch(`${url}/v1/chat/completions`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await codeOf(await fetch(`${url}/anthropic/v1/models/..%2f..%2fadmin`))).toBe(
      "RMP_ROUTE_NOT_FOUND",
    );
  });
});

describe("bad upstreams", () => {
  it.each([
    ["hangs", "hang", 504, "RMP_UPSTREAM_TIMEOUT"],
    ["resets", "reset", 502, "RMP_UPSTREAM_RESET"],
    ["cuts its answer short", "cut", 502, "RMP_UPSTREAM_RESET"],
    ["stalls inside its answer", "stall", 504, "RMP_UPSTREAM_TIMEOUT"],
    ["sends rubbish", "garbage", 502, "RMP_UPSTREAM_PROTOCOL"],
  ] as const)("answers for one that %s", async (_name, fault, status, code) => {
    mock.configure({ fault });
    const answer = await chat({});
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code, type: "server_error" } });
    const other = await post("/v1/messages", JSON.stringify({ ...CHAT, max_tokens: 5 }));
    expect(other.status).toBe(status);
    expect(await other.json()).toMatchObject({ type: "error", error: { code } });
  });

  it.each([
    ["cuts", "cut", "RMP_UPSTREAM_RESET"],
    ["stalls", "stall", "RMP_UPSTREAM_TIMEOUT"],
  ] as const)("ends the stream of one that %s with an error event", async (_name, fault, code) => {
    mock.configure({ fault, faultAfterEvents: 3 });
    const answer = await chat({ stream: true });
    expect(answer.status).toBe(200);
    const events = (await answer.text()).trimEnd().split("\n\n");
    expect(JSON.parse(events.at(-1)?.slice(6) ?? "")).toMatchObject({ error: { code } });
    const other = await post("/v1/messages", JSON.stringify({ ...CHAT, stream: true, max_tokens: 5 }));
    const text = await other.text();
    expect(text.trimEnd().split("\n\n").at(-1)).toMatch(/^event: error\ndata: \{"type":"error"/);
    expect(text).toContain(code);
  });

  it("passes the provider's own errors on", async () => {
    const answer = await post("/v1/chat/completions", JSON.stringify({ messages: [] }));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  it.each([
    ["no HTTP at all", "garbage garbage\r\n\r\n", "RMP_UPSTREAM_PROTOCOL"],
    [
      "a redirect",
      "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
      "RMP_UPSTREAM_PROTOCOL",
    ],
    [
      "a compressed answer",
      "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}",
      "RMP_UPSTREAM_PROTOCOL",
    ],
    [
      "too long headers",
      `HTTP/1.1 200 OK\r\nx: ${"a".repeat(40_000)}\r\ncontent-length: 2\r\n\r\n{}`,
      "RMP_UPSTREAM_TOO_LARGE",
    ],
    [
      "too large an answer",
      `HTTP/1.1 200 OK\r\ncontent-length: 300002\r\n\r\n"${"a".repeat(300_000)}"`,
      "RMP_UPSTREAM_TOO_LARGE",
    ],
    [
      "an endless event",
      `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: ${"a".repeat(70_000)}`,
      "RMP_UPSTREAM_TOO_LARGE",
    ],
  ])("answers for one that sends %s", async (_name, bytes, code) => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.write(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const own = await startGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const answer = await fetch(`${own.address?.url}/v1/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ ...CHAT, stream: bytes.includes("event-stream") }),
      });
      expect(await answer.text()).toContain(code);
    } finally {
      await own.close();
      server.close();
    }
  });

  it("answers for one that is not there", async () => {
    const own = await startGateway("http://127.0.0.1:1");
    const answer = await fetch(`${own.address?.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(CHAT),
    });
    expect(answer.status).toBe(502);
    expect(await codeOf(answer)).toBe("RMP_UPSTREAM_UNREACHABLE");
    await own.close();
  });
});

describe("clients that leave or do not read", () => {
  it("cancels the upstream within 100 ms", async () => {
    mock.configure({ tokensPerSec: 2 });
    const elapsedMs: number[] = [];
    // Other load on the machine can only add to it: the best of three counts.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const controller = new AbortController();
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ ...CHAT, stream: true }),
        signal: controller.signal,
      });
      await answer.body?.getReader().read();
      const leftMs = performance.now();
      controller.abort();
      while (mock.record.page().records.at(-1)?.aborted !== true && performance.now() - leftMs < 2_000)
        await new Promise((resolve) => setImmediate(resolve));
      expect(mock.record.page().records.at(-1)?.aborted).toBe(true);
      elapsedMs.push(performance.now() - leftMs);
    }
    expect(Math.min(...elapsedMs)).toBeLessThan(100);
  });

  it("stops reading the upstream while the client does not read", async () => {
    let writtenBytes = 0;
    const totalBytes = 64 * 1024 * 1024;
    const server: Server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const event = Buffer.from(
        `data: {"choices":[{"index":0,"delta":{"content":"${"x".repeat(60_000)}"}}]}\n\n`,
      );
      const write = (): void => {
        while (writtenBytes < totalBytes && !response.destroyed) {
          writtenBytes += event.length;
          if (!response.write(event)) {
            response.once("drain", write);
            return;
          }
        }
        response.end();
      };
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const own = await startGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const socket = connect(own.address?.port ?? 0, "127.0.0.1");
    const body = JSON.stringify({ ...CHAT, stream: true });
    socket.pause();
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let lastBytes = -1;
    while (writtenBytes === 0 || lastBytes !== writtenBytes) {
      lastBytes = writtenBytes;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(writtenBytes).toBeLessThan(totalBytes / 2);
    socket.destroy();
    await own.close();
    server.closeAllConnections();
    server.close();
  });
});
