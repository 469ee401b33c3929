import { afterEach, describe, expect, it } from "vitest";
import { hashOf, type LimitedGateway, startLimited } from "./limits-fixtures.ts";

let gateway: LimitedGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

const customers = [
  { name: "ann", role: "caller" as const, keys: [hashOf("ann-key")] },
  {
    name: "bob",
    role: "caller" as const,
    keys: [hashOf("bob-key")],
    limits: { proxy: { requestsPerMinute: 5, requestsPerHour: null } },
  },
  { name: "eye", role: "monitor" as const, keys: [hashOf("eye-key")] },
];

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not come to that in time");
}

/** One entry of `/ratelimit/status`. */
interface Window {
  readonly limit: number | null;
  readonly used: number;
  readonly remaining: number | null;
  readonly reset: number;
}
type Status = Record<"minute" | "hour", Window> & {
  readonly rate_limiting: string;
  readonly mode: string;
  readonly classes: Record<string, Record<string, Window>>;
};

describe("limits in one process", () => {
  it("are not there unless configured: no header, nothing refused", async () => {
    gateway = await startLimited({});
    for (let i = 0; i < 50; i += 1) expect((await gateway.send()).limit).toBeNaN();
    expect(await gateway.get("/ratelimit/status")).toMatchObject({
      rate_limiting: "disabled",
      minute: { limit: null, used: 0, remaining: null },
      hour: { limit: null, used: 0, remaining: null },
    });
    expect((await gateway.get("/metrics"))["rate_limiting_enabled"]).toBe(false);
    expect(await gateway.get("/health")).toMatchObject({
      features: { rate_limiting: false },
      stores: { limits: "none" },
    });
  });

  it("tell on every answer what is left, and refuse in the shape of the route", async () => {
    gateway = await startLimited({
      limits: {
        proxy: { requestsPerMinute: 3 },
        detection: { requestsPerHour: 1 },
        control: { requestsPerMinute: 4 },
      },
    });
    for (const remaining of [2, 1]) {
      const answer = await gateway.send();
      expect([answer.status, answer.limit, answer.remaining, answer.reset]).toEqual([200, 3, remaining, 0]);
    }
    const last = await gateway.send({ path: "/anthropic/v1/messages" });
    expect([last.status, last.remaining]).toEqual([200, 0]);
    expect(last.reset).toBeGreaterThan(55);
    const refused = await gateway.send();
    expect([refused.status, refused.limit, refused.remaining]).toEqual([429, 3, 0]);
    expect(refused.headers.get("retry-after")).toBe(String(refused.reset));
    expect(refused.headers.get("x-ratelimit-resource")).toBe("requests-per-minute");
    expect(JSON.parse(refused.text)).toMatchObject({
      error: { type: "rate_limit_error", code: "RMP_LIMIT_EXCEEDED" },
    });
    const anthropic = await gateway.send({ path: "/anthropic/v1/messages" });
    expect(JSON.parse(anthropic.text)).toMatchObject({ type: "error", error: { type: "rate_limit_error" } });

    const detect = { path: "/pii-protection/detect", body: { text: "x" } };
    expect((await gateway.send(detect)).status).toBe(200);
    const own = await gateway.send(detect);
    expect([own.status, own.headers.get("x-ratelimit-resource")]).toEqual([429, "requests-per-hour"]);
    expect(own.reset).toBeGreaterThan(3_500);
    expect(JSON.parse(own.text)).toMatchObject({
      error: { code: "RMP_LIMIT_EXCEEDED", field: "requestsPerHour" },
    });

    const status = (await gateway.get("/ratelimit/status")) as unknown as Status;
    expect(status).toMatchObject({
      rate_limiting: "enabled",
      mode: "memory",
      minute: { limit: 3, used: 3, remaining: 0 },
      hour: { limit: null },
      classes: {
        detection: { hour: { limit: 1, used: 1, remaining: 0 } },
        control: { minute: { limit: 4, used: 1 } },
      },
    });
    const metrics = await gateway.get("/metrics");
    expect(metrics).toMatchObject({ rate_limiting_enabled: true, rate_limit_exceeded: 3 });
    expect(metrics["limit_refused_total"]).toMatchObject({
      "proxy.requestsPerMinute": 2,
      "detection.requestsPerHour": 1,
    });
    for (let i = 0; i < 5; i += 1) expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await fetch(`${gateway.url}/metrics`)).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it("belong to the key: labels choose nothing, customers have their own", async () => {
    gateway = await startLimited({
      customers,
      limits: { proxy: { requestsPerMinute: 2, requestsPerHour: 10 } },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const headers = { "x-user-id": `user_${i}`, "x-customer-id": "bob", "x-forwarded-for": `10.0.0.${i}` };
      statuses.push((await gateway.send({ key: "ann-key", headers })).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
    const bob = [];
    for (let i = 0; i < 6; i += 1) bob.push(await gateway.send({ key: "bob-key" }));
    expect(bob.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    const headers = { authorization: "Bearer bob-key" };
    expect(await gateway.get("/ratelimit/status", headers)).toMatchObject({
      customer: "bob",
      minute: { limit: 5, used: 5 },
      hour: { limit: null },
    });
    expect((await gateway.send({ key: "no-key" })).status).toBe(401);
  });

  it("remember what was used when the configuration changes", async () => {
    gateway = await startLimited({ limits: { proxy: { requestsPerMinute: 3 } } });
    for (let i = 0; i < 3; i += 1) expect((await gateway.send()).status).toBe(200);
    expect((await gateway.send()).status).toBe(429);
    expect(await gateway.reload({ limits: { proxy: { requestsPerMinute: 5 } } })).toBe("ok");
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await gateway.send()).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(await gateway.reload({})).toBe("ok");
    expect((await gateway.send()).limit).toBeNaN();
    expect(await gateway.reload({ limits: { proxy: { requestsPerMinute: 5 } } })).toBe("ok");
    expect((await gateway.send()).status).toBe(429);
  });

  it("hold places only while requests are under way: aborted, failed and finished ones give theirs back", async () => {
    gateway = await startLimited({ limits: { proxy: { concurrency: 2 } } }, { ttftMs: 400 });
    const { send, get } = gateway;
    const leaving = [new AbortController(), new AbortController()];
    const left = leaving.map(({ signal }) => send({ signal }).catch(() => "left"));
    const underWay = async (): Promise<number> =>
      ((await get("/ratelimit/status")) as unknown as Status).classes["proxy"]!["concurrency"]!.used;
    await until(async () => (await underWay()) === 2);
    const refused = await send();
    expect([refused.status, refused.headers.get("x-ratelimit-resource")]).toEqual([
      429,
      "concurrent-requests",
    ]);
    for (const controller of leaving) controller.abort();
    expect(await Promise.all(left)).toEqual(["left", "left"]);
    await until(async () => (await underWay()) === 0);
    const stream = { body: { model: "gpt-4", stream: true, messages: [{ role: "user", content: "Hi" }] } };
    expect((await Promise.all([send(), send(stream)])).map(({ status }) => status)).toEqual([200, 200]);
    await until(async () => (await underWay()) === 0);
    gateway.mock.configure({ fault: "reset" });
    expect((await send()).status).toBe(502);
    expect(await underWay()).toBe(0);
  });
});

describe("limits on tokens", () => {
  const tokens = async ({ get }: LimitedGateway): Promise<number> =>
    ((await get("/ratelimit/status")) as unknown as Status).classes["proxy"]!["tokens"]!.used;
  const usageOf = (text: string): number =>
    (JSON.parse(text) as { usage: { total_tokens: number } }).usage.total_tokens;

  it("reserve what a request may take and settle what it took", async () => {
    gateway = await startLimited({ limits: { proxy: { tokensPerMinute: 500 } } });
    const { send } = gateway;
    const tooMuch = await send({
      body: { model: "gpt-4", max_tokens: 600, messages: [{ role: "user", content: "Hi" }] },
    });
    expect([tooMuch.status, tooMuch.headers.get("x-ratelimit-resource")]).toEqual([429, "tokens-per-minute"]);
    expect(await tokens(gateway)).toBe(0);
    const first = await send();
    expect(first.status).toBe(200);
    await until(async () => (await tokens(gateway!)) === usageOf(first.text));
    const before = await tokens(gateway);
    const stream = { model: "gpt-4", stream: true, stream_options: { include_usage: true }, max_tokens: 300 };
    const told = await send({ body: { ...stream, messages: [{ role: "user", content: "Tell me more." }] } });
    const { usage } = JSON.parse(told.text.match(/data: (\{[^\n]*"usage":\{[^\n]*)/)![1]!) as {
      usage: { total_tokens: number };
    };
    await until(async () => (await tokens(gateway!)) === before + usage.total_tokens);
    const untold = await send({
      body: {
        model: "gpt-4",
        stream: true,
        max_tokens: 50,
        messages: [{ role: "user", content: "And on." }],
      },
    });
    expect(untold.status).toBe(200);
    const counted = (await tokens(gateway)) - before - usage.total_tokens;
    expect(counted).toBeGreaterThan(1);
    expect(counted).toBeLessThan(52);
    const embedding = await send({ path: "/v1/embeddings", body: { model: "e", input: "some words" } });
    expect(embedding.status).toBe(200);
  });

  it("charge no request that no provider answered, and nothing for free routes", async () => {
    gateway = await startLimited(
      { limits: { proxy: { tokensPerMinute: 100 } } },
      { errorRate: 1, errorStatus: 400 },
    );
    for (let i = 0; i < 5; i += 1) expect((await gateway.send()).status).toBe(400);
    expect(await tokens(gateway)).toBe(0);
    gateway.mock.configure({ errorRate: 0 });
    const count = { model: "c", messages: [{ role: "user", content: "x".repeat(2_000) }] };
    expect((await gateway.send({ path: "/anthropic/v1/messages/count_tokens", body: count })).status).toBe(
      200,
    );
    expect((await gateway.send()).status).toBe(200);
  });

  it("hold under concurrent requests: what is reserved never exceeds the limit", async () => {
    gateway = await startLimited({ limits: { proxy: { tokensPerMinute: 200 } } }, { ttftMs: 1_500 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => gateway!.send()));
    const admitted = answers.filter(({ status }) => status === 200).length;
    // each reserves 20 tokens of answer and 3 or more of text
    expect(admitted).toBeGreaterThan(0);
    expect(admitted).toBeLessThanOrEqual(8);
    expect(answers.length - admitted).toBe(answers.filter(({ status }) => status === 429).length);
  });
});
