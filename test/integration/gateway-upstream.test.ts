import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { createGateway, type Gateway } from "#gateway";

const ANSWER = JSON.stringify({ choices: [{ index: 0, message: { content: "fine" } }] });
const quiet = { ...DEFAULT_POLICY, injection: { action: "off" as const, threshold: 0.5 } };

type Behaviour = (response: ServerResponse, socket: Socket, count: number) => void;

/** A provider that does what it is told and keeps what it got. */
interface Provider {
  url: string;
  readonly got: { headers: IncomingHttpHeaders; body: string; path: string }[];
  behave: Behaviour;
  /** Requests whose connection was closed before they were answered. */
  cancelled: number;
  server: Server;
}

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const fine: Behaviour = (response) => {
  response.setHeader("content-type", "application/json");
  response.end(ANSWER);
};
const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end('{"error":{"message":"busy"}}');
  };
const reset: Behaviour = (_response, socket) => socket.destroy();
const silent: Behaviour = () => undefined;
/** One behaviour for each request in turn, the last one for all others. */
const inTurn =
  (...behaviours: Behaviour[]): Behaviour =>
  (response, socket, count) =>
    behaviours[Math.min(count, behaviours.length - 1)]?.(response, socket, count);

async function provider(behave: Behaviour = fine): Promise<Provider> {
  const made: Provider = { url: "", got: [], behave, cancelled: 0, server: createServer() };
  made.server.on("request", (request, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    response.on("close", () => {
      if (!response.writableFinished) made.cancelled += 1;
    });
    request.on("end", () => {
      made.got.push({ headers: request.headers, body, path: request.url ?? "" });
      made.behave(response, request.socket, made.got.length - 1);
    });
  });
  await new Promise<void>((resolve) => made.server.listen(0, "127.0.0.1", resolve));
  made.url = `http://127.0.0.1:${(made.server.address() as AddressInfo).port}`;
  open.push({
    close: () => {
      made.server.closeAllConnections();
      made.server.close();
    },
  });
  return made;
}

async function gatewayTo(openai: object, upstream: object = {}): Promise<Gateway> {
  const gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: openai as { baseUrl: string }, anthropic: openai as { baseUrl: string } },
      upstream: { retry: { backoffMs: 5, ...(upstream as { retry?: object }).retry }, ...without(upstream) },
      drainTimeoutMs: 500,
    },
    guard: createGuard({ policy: quiet }),
    version: "0.0.0-test",
  });
  await gateway.listen();
  open.unshift(gateway);
  return gateway;
}

function without({ retry: _retry, ...rest }: { retry?: object }): object {
  return rest;
}

function chat(gateway: Gateway, extra: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.address?.url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content: "Hello" }], ...extra }),
  });
}

async function figure(gateway: Gateway, name: string, label: string): Promise<number | undefined> {
  const metrics = (await (await fetch(`${gateway.address?.url}/metrics`)).json()) as Record<
    string,
    Record<string, number>
  >;
  return metrics[name]?.[label];
}

const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("retries", () => {
  it.each([
    ["a reset before the answer", reset],
    ["502", status(502)],
    ["503", status(503, { "retry-after": "0" })],
    ["504", status(504)],
    ["529, overloaded", status(529)],
    ["429 with a short Retry-After", status(429, { "retry-after-ms": "10" })],
  ])("get an answer after %s", async (_name, failure) => {
    const one = await provider(inTurn(failure, fine));
    const gateway = await gatewayTo({ baseUrl: one.url });
    const answer = await chat(gateway);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(ANSWER);
    expect(answer.headers.get("x-rampart-upstream")).toBe("openai;attempts=2");
    expect(one.got).toHaveLength(2);
    expect(one.got[1]?.body).toBe(one.got[0]?.body);
    expect(await figure(gateway, "upstream_retries_total", "openai.openai")).toBe(1);
  });

  it("get the stream after a refusal, and are not made once it has begun", async () => {
    const cut: Behaviour = (response, socket) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[]}\n\n', () => setImmediate(() => socket.destroy()));
    };
    const one = await provider(inTurn(status(503), cut, fine));
    const answer = await chat(await gatewayTo({ baseUrl: one.url }), { stream: true });
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain("RMP_UPSTREAM_RESET");
    expect(one.got).toHaveLength(2);
  });

  it.each([
    ["500", status(500), 500],
    ["400", status(400), 400],
    ["429 with a long Retry-After", status(429, { "retry-after": "30" }), 429],
    ["503 that forbids it", status(503, { "x-should-retry": "false" }), 503],
  ])("are not made after %s: the answer is passed on", async (_name, failure, code) => {
    const one = await provider(inTurn(failure, fine));
    const answer = await chat(await gatewayTo({ baseUrl: one.url }));
    expect(answer.status).toBe(code);
    expect(await answer.json()).toEqual({ error: { message: "busy" } });
    expect(answer.headers.get("x-rampart-upstream")).toBe("openai");
    expect(one.got).toHaveLength(1);
  });

  it("are not made after a time-out, and end with the last answer when they do not help", async () => {
    const slow = await provider(silent);
    const timedOut = await chat(await gatewayTo({ baseUrl: slow.url, headersTimeoutMs: 100 }));
    expect(timedOut.status).toBe(504);
    expect(slow.got).toHaveLength(1);
    const busy = await provider(status(503));
    const refused = await chat(await gatewayTo({ baseUrl: busy.url }, { retry: { perHost: 2 } }));
    expect(refused.status).toBe(503);
    expect(busy.got).toHaveLength(3);
  });

  it("stay within their budget", async () => {
    const one = await provider(status(503));
    const gateway = await gatewayTo(
      { baseUrl: one.url },
      { retry: { budgetBurst: 3, budgetShare: 0.1 }, breaker: { enabled: false } },
    );
    for (let i = 0; i < 20; i += 1) expect((await chat(gateway)).status).toBe(503);
    // 3 saved up, and a tenth of 20
    expect(one.got.length).toBeGreaterThanOrEqual(23);
    expect(one.got.length).toBeLessThanOrEqual(25);
    expect(await figure(gateway, "upstream_retries_refused_total", "openai.openai")).toBeGreaterThan(0);
  });

  it("end with the request's deadline", async () => {
    const one = await provider(status(503));
    const gateway = await gatewayTo(
      { baseUrl: one.url },
      { deadlineMs: 100, retry: { perHost: 5, backoffMs: 2_000, maxBackoffMs: 2_000 } },
    );
    const startedMs = performance.now();
    expect((await chat(gateway)).status).toBe(503);
    expect(performance.now() - startedMs).toBeLessThan(900);
    expect(one.got).toHaveLength(1);
  });

  it("are given up when the client leaves", async () => {
    const one = await provider(status(503));
    const gateway = await gatewayTo({ baseUrl: one.url }, { retry: { backoffMs: 300, maxBackoffMs: 300 } });
    const controller = new AbortController();
    const answer = fetch(`${gateway.address?.url}/v1/chat/completions`, {
      method: "POST",
      body: '{"messages":[]}',
      signal: controller.signal,
    });
    while (one.got.length === 0) await pause(5);
    controller.abort();
    await expect(answer).rejects.toThrow();
    await pause(400);
    expect(one.got).toHaveLength(1);
  });
});

describe("fallbacks", () => {
  it("answer when the first host cannot, with their own model, path and key", async () => {
    const second = await provider();
    const gateway = await gatewayTo({
      baseUrl: "http://127.0.0.1:1",
      apiKey: "sk-first",
      headers: { "x-first": "1" },
      fallbacks: [
        { name: "spare", baseUrl: `${second.url}/base`, apiKey: "sk-second", model: "other-model" },
      ],
    });
    const answer = await chat(gateway, { seed: 7 }, { authorization: "Bearer sk-client" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-rampart-upstream")).toBe("spare;attempts=2");
    const [got] = second.got;
    expect(got?.path).toBe("/base/v1/chat/completions");
    expect(got?.headers.authorization).toBe("Bearer sk-second");
    expect(got?.headers).not.toHaveProperty("x-first");
    expect(JSON.parse(got?.body ?? "")).toMatchObject({ model: "other-model", seed: 7 });
    expect(JSON.stringify(got)).not.toContain("sk-first");
    expect(JSON.stringify(got)).not.toContain("sk-client");
  });

  it("of another origin never get the key and account that the client sent", async () => {
    const [first, second] = [await provider(status(503)), await provider()];
    const gateway = await gatewayTo(
      { baseUrl: first.url, fallbacks: [{ name: "spare", baseUrl: second.url }] },
      { retry: { perHost: 0 } },
    );
    const key = {
      authorization: "Bearer sk-client",
      "openai-organization": "org-1",
      "openai-project": "p-1",
    };
    expect((await chat(gateway, {}, key)).status).toBe(200);
    expect(first.got[0]?.headers).toMatchObject(key);
    for (const name of [...Object.keys(key), "x-api-key"])
      expect(second.got[0]?.headers).not.toHaveProperty(name);
  });

  it("of the same origin get it", async () => {
    const one = await provider(inTurn(status(503), fine));
    const gateway = await gatewayTo(
      { baseUrl: one.url, fallbacks: [{ name: "spare", baseUrl: `${one.url}/v2` }] },
      { retry: { perHost: 0 } },
    );
    await chat(gateway, {}, { authorization: "Bearer sk-client" });
    expect(one.got[1]?.path).toBe("/v2/v1/chat/completions");
    expect(one.got[1]?.headers.authorization).toBe("Bearer sk-client");
  });

  it("take over after a time-out, and the last failure is passed on when all fail", async () => {
    const [slow, busy] = [await provider(silent), await provider(status(503))];
    const gateway = await gatewayTo({
      baseUrl: slow.url,
      headersTimeoutMs: 100,
      fallbacks: [{ name: "spare", baseUrl: busy.url }],
    });
    const answer = await chat(gateway);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("x-rampart-upstream")).toBe("spare;attempts=3");
    busy.behave = fine;
    expect((await chat(gateway)).status).toBe(200);
  });

  it("need names of their own", async () => {
    const fallbacks = [{ name: "openai", baseUrl: "http://127.0.0.1:2" }];
    await expect(gatewayTo({ baseUrl: "http://127.0.0.1:1", fallbacks })).rejects.toMatchObject({
      code: "RMP_CONFIG_INVALID",
    });
  });
});

describe("circuit breakers", () => {
  const breaker = { consecutiveFailures: 3, openMs: 300 };

  it("leave a failing host alone, answer at once meanwhile, and let one request probe", async () => {
    const one = await provider(status(500));
    const gateway = await gatewayTo({ baseUrl: one.url }, { breaker });
    for (let i = 0; i < 3; i += 1) expect((await chat(gateway)).status).toBe(500);
    const refused = await chat(gateway);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await codeOf(refused)).toBe("RMP_UPSTREAM_UNAVAILABLE");
    expect(one.got).toHaveLength(3);
    expect(await figure(gateway, "upstream_breaker_state", "openai.openai")).toBe(2);
    await pause(320);
    one.behave = fine;
    expect((await chat(gateway)).status).toBe(200);
    expect(await figure(gateway, "upstream_breaker_state", "openai.openai")).toBe(0);
    expect(await figure(gateway, "upstream_breaker_opened_total", "openai.openai")).toBe(1);
  });

  it("send requests to the fallback at once", async () => {
    const [first, second] = [await provider(status(500)), await provider()];
    const gateway = await gatewayTo(
      { baseUrl: first.url, fallbacks: [{ name: "spare", baseUrl: second.url }] },
      { breaker: { ...breaker, openMs: 60_000 } },
    );
    for (let i = 0; i < 3; i += 1) await chat(gateway);
    const answer = await chat(gateway);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-rampart-upstream")).toBe("spare");
    expect(first.got).toHaveLength(3);
  });

  it("are not opened by what clients do wrong, by limits, or by clients that leave", async () => {
    const one = await provider(status(400));
    const gateway = await gatewayTo({ baseUrl: one.url }, { breaker, retry: { perHost: 0 } });
    for (let i = 0; i < 5; i += 1) await chat(gateway);
    one.behave = status(429);
    for (let i = 0; i < 5; i += 1) await chat(gateway);
    one.behave = silent;
    for (let i = 0; i < 5; i += 1) {
      const count = one.got.length;
      const controller = new AbortController();
      const gone = fetch(`${gateway.address?.url}/v1/chat/completions`, {
        method: "POST",
        body: '{"messages":[]}',
        signal: controller.signal,
      });
      while (one.got.length === count) await pause(2);
      controller.abort();
      await expect(gone).rejects.toThrow();
    }
    one.behave = fine;
    expect((await chat(gateway)).status).toBe(200);
    expect(await figure(gateway, "upstream_rate_limited_total", "openai.openai")).toBe(5);
  });
});

describe("hedging", () => {
  it("asks the next host when an answer has not begun in time, and cancels the slower one", async () => {
    const [slow, quick] = [await provider(silent), await provider()];
    const gateway = await gatewayTo(
      { baseUrl: slow.url, fallbacks: [{ name: "spare", baseUrl: quick.url }] },
      { hedgeAfterMs: 60 },
    );
    const answer = await chat(gateway);
    expect(await answer.text()).toBe(ANSWER);
    expect(answer.headers.get("x-rampart-upstream")).toBe("spare;attempts=2");
    expect(await figure(gateway, "upstream_hedges_total", "openai.spare")).toBe(1);
    while (slow.cancelled === 0) await pause(5);
    expect(slow.cancelled).toBe(1);
  });

  it("is off for streams and by default, and a failed hedge does no harm", async () => {
    const late: Behaviour = (response) => setTimeout(() => fine(response, response.socket as Socket, 0), 150);
    const one = await provider(late);
    expect((await chat(await gatewayTo({ baseUrl: one.url }))).status).toBe(200);
    expect(
      (await chat(await gatewayTo({ baseUrl: one.url }, { hedgeAfterMs: 20 }), { stream: true })).status,
    ).toBe(200);
    expect(one.got).toHaveLength(2);
    const answer = await chat(
      await gatewayTo(
        { baseUrl: one.url, fallbacks: [{ name: "spare", baseUrl: "http://127.0.0.1:1" }] },
        { hedgeAfterMs: 20 },
      ),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-rampart-upstream")).toBe("openai;attempts=2");
    expect(one.got).toHaveLength(3);
  });
});

describe("connections", () => {
  it("that are all in use make requests wait, up to a bound", async () => {
    const one = await provider(silent);
    const gateway = await gatewayTo({ baseUrl: one.url }, { connections: 2, queuedRequests: 1 });
    const held = Array.from({ length: 4 }, () => chat(gateway).catch(() => null));
    while ((await figure(gateway, "upstream_waiting_requests", "openai.openai")) !== 2) await pause(5);
    const refused = await chat(gateway);
    expect(refused.status).toBe(503);
    expect(await codeOf(refused)).toBe("RMP_UPSTREAM_BUSY");
    one.behave = fine;
    one.server.closeAllConnections();
    await Promise.all(held);
  });
});

describe("quotas", () => {
  it("of the configured key are told, those of clients' own keys are not", async () => {
    const rich = status(200, {
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-remaining-tokens": "149984",
    });
    const one = await provider(rich);
    const own = await gatewayTo({ baseUrl: one.url, apiKey: "sk-1" });
    await (await chat(own)).text();
    expect(await figure(own, "upstream_quota_remaining", "openai.openai.requests")).toBe(59);
    expect(await figure(own, "upstream_quota_remaining", "openai.openai.tokens")).toBe(149_984);
    const text = await (
      await fetch(`${own.address?.url}/metrics`, { headers: { accept: "text/plain" } })
    ).text();
    expect(text).toContain(
      'rampart_upstream_quota_remaining{provider="openai",host="openai",quota="requests"} 59',
    );
    const passing = await gatewayTo({ baseUrl: one.url });
    await (await chat(passing, {}, { authorization: "Bearer sk-2" })).text();
    expect(await figure(passing, "upstream_quota_remaining", "openai.openai.requests")).toBeUndefined();
  });
});
