import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createGuard } from "#backends";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";
import { hasRedisServer, type RedisServer, startRedis } from "../fixtures/redis-server.ts";
import { createTestDatabase, findServer, type TestDatabase } from "../integration/gateway-postgres-server.ts";
import { bodiesFor } from "./canary-bodies.ts";
import { type Canary, canaryOf, seenIn } from "./canary-forms.ts";
import { isProxied, type ListedRoute, listRoutes, sendRaw } from "./guarded-gateway.ts";

const PERSONAL = canaryOf("zoe.quimby-7731@example.com");
const SECRET = canaryOf("sk-proj-Zq7xW2vN8mK4pL9sT3bR6yH1cF5dG0jA7xW2vN8mK4pL9s");
const PROVIDER_KEY = canaryOf("sk-provider-R5tY7uI9oP1aS3dF");
const CANARIES: Canary[] = [PERSONAL, SECRET, PROVIDER_KEY];
const TEXT = `${PERSONAL.value} with ${SECRET.value}`;

/** One place where the gateway writes, and what it has written there. */
interface Sink {
  readonly name: string;
  /** Something must have been written, or the test would look at nothing. */
  readonly mustHold: string;
  read(): string | Promise<string>;
}

const sinks: Sink[] = [];
const closers: (() => unknown)[] = [];
let mock: MockLlm;
let gateway: Gateway;
let url: string;
let routes: ListedRoute[];
/** What the process wrote to its terminal. */
let printed = "";
const frames: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "rampart-canary-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  captureOutput();
  mock = createMockLlm();
  const { url: baseUrl } = await mock.listen({ port: 0 });
  const provider = { baseUrl, apiKey: PROVIDER_KEY.value };
  const logFile = join(folder, "gateway.log");
  const auditDir = join(folder, "audit");
  gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: provider, anthropic: provider },
      audit: { dir: auditDir, flushMs: 10 },
      logs: { to: logFile, level: "debug", requests: "all" },
      cache: { responses: "all" },
      telemetry: { url: await collectTraces(), intervalMs: 20, sampleRatio: 1 },
      ...(await useRedis()),
      ...(await usePostgres()),
    },
    guard: createGuard(),
    version: "0.0.0-test",
  });
  url = (await gateway.listen()).url;
  routes = await listRoutes(url);
  await watchMonitor();
  sinks.push(
    { name: "terminal", mustHold: "", read: () => printed },
    { name: "log", mustHold: "/v1/chat/completions", read: () => readFileSync(logFile, "utf8") },
    {
      name: "audit log",
      mustHold: "/v1/chat/completions",
      read: () =>
        readdirSync(auditDir)
          .map((name) => readFileSync(join(auditDir, name), "utf8"))
          .join(""),
    },
    {
      name: "metrics, JSON",
      mustHold: "requests_total",
      read: async () => (await fetch(`${url}/metrics`)).text(),
    },
    {
      name: "metrics, text",
      mustHold: "rampart_requests_total",
      read: async () => (await fetch(`${url}/metrics`, { headers: { accept: "text/plain" } })).text(),
    },
    { name: "health", mustHold: "status", read: async () => (await fetch(`${url}/health`)).text() },
    { name: "monitor frames", mustHold: "detection_result", read: () => frames.join("\n") },
    { name: "error bodies", mustHold: "RMP_REQ_MALFORMED_JSON", read: () => answers.join("\n") },
  );
}, 60_000);

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
  for (const close of closers.toReversed()) await close();
});

function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      printed += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1");
      return write(chunk, ...rest);
    }) as typeof stream.write; // the overloads differ in arguments that are passed on
    closers.push(() => {
      stream.write = write;
    });
  }
}

async function collectTraces(): Promise<string> {
  let spans = "";
  const collector: Server = createServer((request, response) => {
    request.on("data", (chunk) => {
      spans += chunk.toString("latin1");
    });
    request.on("end", () => response.end("{}"));
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    collector.closeAllConnections();
    collector.close();
  });
  sinks.push({ name: "traces", mustHold: "resourceSpans", read: () => spans });
  return `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
}

/** Every command that reaches Redis, what is published, and what is stored in the end. */
async function useRedis(): Promise<object> {
  if (!hasRedisServer) return {};
  const server: RedisServer = await startRedis();
  const client = new Redis(server.url);
  const watcher = await new Redis(server.url).monitor();
  const commands: string[] = [];
  watcher.on("monitor", (_time: string, command: string[]) => commands.push(command.join(" ")));
  closers.push(async () => {
    watcher.disconnect();
    client.disconnect();
    await server.kill();
  });
  sinks.push({ name: "Redis, commands", mustHold: "canary:", read: () => commands.join("\n") });
  sinks.push({
    name: "Redis, stored",
    mustHold: "",
    read: async () => {
      const keys = await client.keys("*");
      const values = await Promise.all(
        keys.map(async (key) =>
          (await client.type(key)) === "string" ? (await client.getBuffer(key))?.toString("latin1") : "",
        ),
      );
      return [...keys, ...values].join("\n");
    },
  });
  return { redis: { url: server.url, keyPrefix: "canary:" } };
}

async function usePostgres(): Promise<object> {
  const server = await findServer();
  if (server === null) return {};
  const database: TestDatabase = await createTestDatabase(server);
  closers.push(() => database.drop());
  sinks.push({
    name: "PostgreSQL",
    mustHold: "/v1/chat/completions",
    read: async () => {
      const tables = await database.query<{ name: string }>(
        "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
      );
      const rows = await Promise.all(
        tables.map(({ name }) => database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)),
      );
      return rows
        .flat()
        .map(({ row }) => row)
        .join("\n");
    },
  });
  return { postgres: { url: database.url } };
}

async function watchMonitor(): Promise<void> {
  const ws = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`);
  ws.on("message", (data) => frames.push(String(data)));
  closers.push(() => ws.terminate());
  await new Promise((resolve) => ws.once("message", resolve));
}

/** Sends a request and keeps its answer when it is an error, or comes from a route that answers no text back. */
async function send(
  { method, path }: ListedRoute,
  body: string | null,
  headers: Record<string, string> = {},
): Promise<number> {
  const answer = await fetch(url + path, { method, headers, ...(method === "GET" ? {} : { body }) });
  const text = await answer.text();
  const isAnswered = answer.status < 300 && isProxied({ method, path });
  if (!isAnswered) answers.push(text);
  answers.push([...answer.headers].flat().join("\n"));
  return answer.status;
}

describe("a secret and a personal value sent through every route", () => {
  it("in every text field, plain and streaming, well formed and not", async () => {
    for (const route of routes) {
      const bodies =
        route.method === "GET" ? [null] : bodiesFor(route.path, TEXT).map((body) => JSON.stringify(body));
      for (const body of bodies) await send(route, body);
      if (route.method === "GET") continue;
      for (const broken of [`{"${TEXT}`, JSON.stringify({ [TEXT]: [TEXT], messages: { [TEXT]: 1 } })])
        await send(route, broken);
      await send(route, `{"messages":[],"text":"${TEXT}"}`, { "content-encoding": "gzip" });
    }
    expect(mock.record.page().records.length).toBeGreaterThan(20);
  }, 60_000);

  it("in headers, paths and query strings", async () => {
    const labels = {
      "x-user-id": PERSONAL.value,
      "x-customer-id": PERSONAL.value,
      "x-session-id": SECRET.value,
      "x-request-id": SECRET.value,
      "user-agent": TEXT,
      referer: `http://x/${encodeURIComponent(TEXT)}`,
      cookie: `a=${SECRET.value}`,
      "x-rampart-key": SECRET.value,
      authorization: `Bearer ${SECRET.value}`,
      "x-api-key": SECRET.value,
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      tracestate: `rampart=${SECRET.value}`,
      baggage: `user=${PERSONAL.value}`,
    };
    for (const route of routes) {
      const body = route.method === "GET" ? null : JSON.stringify(bodiesFor(route.path, TEXT)[0]);
      // A request id that a client chose comes back to it, and to nobody else.
      const { "x-request-id": _chosen, ...others } = labels;
      await send(route, body, others);
      await send({ ...route, path: `${route.path}?q=${encodeURIComponent(TEXT)}` }, body);
    }
    for (const path of ["/v1/models", "/anthropic/v1/models", "/health", "/pii-protection/detect"]) {
      await send({ method: "GET", path: `${path}/${encodeURIComponent(TEXT)}` }, null);
      await send({ method: "DELETE", path: `${path}?${encodeURIComponent(TEXT)}` }, null);
    }
    await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(bodiesFor("/v1/chat/completions", TEXT)[0]),
      headers: labels,
    });
    const port = gateway.address?.port ?? 0;
    for (const bytes of [
      `GET /${TEXT} HTTP/1.1\r\n\r\n`,
      `${TEXT}\r\n\r\n`,
      `GET /health HTTP/1.1\r\nhost: x\r\n${TEXT}\r\n\r\n`,
      `POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: ${TEXT}\r\n\r\n`,
    ])
      answers.push(await sendRaw(port, bytes, 50));
  }, 60_000);

  it("while the provider fails and repeats it in its error", async () => {
    for (const change of [
      { fault: "reset" },
      { fault: "garbage" },
      { fault: "cut", faultAfterEvents: 1 },
      { errorRate: 1, fault: "none" },
    ] as const) {
      mock.configure(change);
      for (const path of ["/v1/chat/completions", "/v1/messages"])
        for (const body of bodiesFor(path, TEXT)) await send({ method: "POST", path }, JSON.stringify(body));
    }
    mock.configure({ errorRate: 0, fault: "none", faultAfterEvents: 0 });
  }, 60_000);

  it("reaches the provider nowhere but as a placeholder", () => {
    // The provider's key is for the provider.
    expect(
      seenIn(JSON.stringify(mock.record.page().records.map(({ body }) => body)), [PERSONAL, SECRET]),
    ).toEqual([]);
  });

  it("stands in no sink, in no form", async () => {
    await expect
      .poll(
        async () => {
          const held = await Promise.all(
            sinks.map(async (sink) => (await sink.read()).includes(sink.mustHold)),
          );
          return sinks.filter((_, i) => !held[i]).map(({ name }) => name);
        },
        { timeout: 10_000 },
      )
      .toEqual([]);
    for (const sink of sinks) expect(seenIn(await sink.read(), CANARIES), sink.name).toEqual([]);
  });

  it("would be seen in every form", () => {
    for (const { value } of CANARIES)
      for (const leak of [
        value,
        JSON.stringify({ a: JSON.stringify({ value }) }),
        encodeURIComponent(value),
        ...[0, 1, 2].map((before) => Buffer.from(`${"x".repeat(before)}${value}yz`).toString("base64")),
        Buffer.from(`user:${value}`).toString("base64url"),
        Buffer.from(value).toString("hex"),
      ])
        expect(seenIn(`before ${leak} after`, CANARIES)).not.toEqual([]);
  });
});
