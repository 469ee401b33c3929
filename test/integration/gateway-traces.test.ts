import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import type { GatewayConfigInput } from "#contract";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: Record<string, string> }[];
  readonly status: { code: number };
}

const SECRET = "ada.lovelace@example.org";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";

let mock: MockLlm;
let upstream: string;
let gateway: Gateway;
/** What the collector was sent. */
let collected: { body: string; headers: Record<string, unknown> }[];
let answer: number;
let collector: ReturnType<typeof createServer>;
let collectorUrl: string;

beforeEach(async () => {
  mock = createMockLlm();
  upstream = (await mock.listen({ port: 0 })).url;
  collected = [];
  answer = 200;
  collector = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      collected.push({ body, headers: request.headers });
      response.writeHead(answer, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  collectorUrl = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`; // a TCP server that listens
});

afterEach(async () => {
  await gateway?.close();
  await mock?.close();
  collector?.close();
});

async function start(telemetry: GatewayConfigInput["telemetry"]): Promise<string> {
  const provider = { baseUrl: upstream };
  gateway = createGateway({
    config: {
      ...{ port: 0, providers: { openai: provider, anthropic: provider } },
      telemetry: { intervalMs: 20, ...telemetry },
    },
    guard: createGuard(),
    version: "1.2.3",
  });
  return (await gateway.listen()).url;
}

async function chat(url: string, headers: Record<string, string> = {}, stream = false): Promise<void> {
  const sent = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: "POST", headers: { "content-type": "application/json", ...headers } },
    body: JSON.stringify({
      model: "gpt-4",
      stream,
      messages: [{ role: "user", content: `Write to ${SECRET}` }],
    }),
  });
  await sent.text();
}

const spans = (): Span[] =>
  collected.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans as Span[]);

describe("traces", () => {
  it.each([false, true])(
    "have a span for the request and each stage, below the caller's (stream: %s)",
    async (stream) => {
      const url = await start({ url: collectorUrl, headers: { "x-collector-key": "k" } });
      await chat(url, { traceparent: `00-${TRACE}-${CALLER}-01` }, stream);
      await expect.poll(() => spans().length, { timeout: 5_000 }).toBeGreaterThan(4);
      const [root, ...stages] = spans();
      expect(root).toMatchObject({
        ...{ traceId: TRACE, parentSpanId: CALLER, name: "POST /v1/chat/completions", kind: 2 },
        status: { code: 0 },
      });
      expect(root?.attributes).toContainEqual({
        key: "http.response.status_code",
        value: { intValue: "200" },
      });
      expect(stages.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["accept", "guard", "cache", "upstream", "restore"]),
      );
      for (const span of stages) {
        expect([span.traceId, span.parentSpanId]).toEqual([TRACE, root?.spanId]);
        const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
        expect(
          from <= to && from >= BigInt(root!.startTimeUnixNano) && to <= BigInt(root!.endTimeUnixNano),
        ).toBe(true);
      }
      expect(Number(BigInt(root!.endTimeUnixNano) / 1_000_000n)).toBeGreaterThan(Date.now() - 60_000);
      expect(collected[0]?.headers).toMatchObject({
        "x-collector-key": "k",
        "content-type": "application/json",
      });
      expect(collected.map(({ body }) => body).join()).not.toContain("lovelace");
      const call = stages.find(({ name }) => name === "upstream");
      expect(mock.record.page().records.at(-1)?.headers).toMatchObject({
        traceparent: `00-${TRACE}-${call?.spanId}-01`,
      });
    },
  );

  it("begin where no caller did, follow the caller's decision, and mark what failed", async () => {
    const url = await start({ url: collectorUrl });
    await chat(url, { traceparent: `00-${TRACE}-${CALLER}-00` });
    await chat(url, { traceparent: "00-zz-not-valid-01" });
    mock.configure({ errorRate: 1 });
    await chat(url);
    await expect.poll(() => spans().filter(({ kind }) => kind === 2).length, { timeout: 5_000 }).toBe(2);
    const roots = spans().filter(({ kind }) => kind === 2);
    expect(roots.map(({ traceId }) => traceId)).not.toContain(TRACE);
    for (const { traceId, spanId, parentSpanId } of roots) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(parentSpanId).toBeUndefined();
    }
  });

  it("are left out by the ratio, and absent without a collector", async () => {
    const url = await start({ url: collectorUrl, sampleRatio: 0 });
    await chat(url);
    await gateway.close();
    expect(collected).toEqual([]);
    const plain = await start({});
    await chat(plain, { traceparent: `00-${TRACE}-${CALLER}-01` });
    expect(mock.record.page().records.at(-1)?.headers).not.toHaveProperty("traceparent");
  });

  it("never hold up a request, and what the collector does not take is counted", async () => {
    answer = 503;
    const url = await start({ url: collectorUrl, batchRequests: 1 });
    for (let i = 0; i < 3; i += 1) await chat(url);
    const figures = async () =>
      ((await (await fetch(`${url}/metrics`)).json()) as { trace_requests_total: { failed: number } })
        .trace_requests_total.failed;
    await expect.poll(figures, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
  });

  it("that wait leave when the gateway closes", async () => {
    const url = await start({ url: collectorUrl, intervalMs: 60_000 });
    await chat(url);
    expect(collected).toEqual([]);
    await gateway.close();
    expect(spans().length).toBeGreaterThan(4);
  });
});
