import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import {
  answerWith,
  chatBody,
  completion,
  type Provider,
  type ProviderRequest,
  postJson,
  startGateway,
  startProvider,
  streamWith,
  textOfStream,
} from "./cache-upstream.ts";

const CHAT = "/v1/chat/completions";
let provider: Provider;
let gateway: Gateway;

afterEach(async () => {
  await gateway?.close();
  await provider?.close();
});

/** Starts both; the provider quotes what it was asked. */
async function start(config: Parameters<typeof startGateway>[1] = {}, answer = quote): Promise<string> {
  provider = await startProvider(answer);
  const started = await startGateway(provider.url, config);
  gateway = started.gateway;
  return started.url;
}

function quote(request: ProviderRequest): void {
  const { messages, stream } = JSON.parse(request.body) as {
    messages: { content: string }[];
    stream?: boolean;
  };
  const text = `You wrote: ${messages.at(-1)?.content}`;
  if (stream === true) streamWith(request, text.match(/.{1,5}/gs) ?? []);
  else answerWith(request, completion(text));
}

async function ask(url: string, content: string, more = {}, headers = {}) {
  const answer = await postJson(url, CHAT, chatBody(content, more), headers);
  const body = await answer.text();
  return {
    state: answer.headers.get("x-rampart-cache"),
    headers: answer.headers,
    body,
    status: answer.status,
  };
}

describe("the response cache", () => {
  it("answers an equal request without the provider, each user with his own values", async () => {
    const url = await start();
    const first = await ask(url, "Write to anna@example.com about tea.");
    const second = await ask(url, "Write to bert@example.org about tea.");
    expect([first.state, second.state]).toEqual(["miss", "hit"]);
    expect(first.body).toContain("anna@example.com");
    expect(second.body).toContain("Write to bert@example.org about tea.");
    expect(second.body).not.toContain("anna@");
    expect(provider.requests).toHaveLength(1);
    expect(second.headers.get("age")).toBe("0");
    expect(second.headers.get("content-type")).toBe("application/json");
    // What belongs to the request that was sent is not told of another.
    expect(second.headers.get("x-ratelimit-remaining-requests")).toBeNull();
    expect(second.headers.get("server-timing")).toMatch(/cache;dur=[\d.]+, upstream;dur=0,/);
  });

  it("replays a stream as a stream, restored for each reader, also across events", async () => {
    const url = await start();
    const stream = { stream: true };
    const first = await ask(url, "Mine is anna@example.com, thanks.", stream);
    const second = await ask(url, "Mine is bert.longer@example.org, thanks.", stream);
    expect([first.state, second.state]).toEqual(["miss", "hit"]);
    expect(textOfStream(first.body)).toBe("You wrote: Mine is anna@example.com, thanks.");
    expect(textOfStream(second.body)).toBe("You wrote: Mine is bert.longer@example.org, thanks.");
    expect(second.body.trimEnd().endsWith("data: [DONE]")).toBe(true);
    expect(second.headers.get("content-type")).toBe("text/event-stream");
    expect(provider.requests).toHaveLength(1);
  });

  it("keeps what a user typed literally apart from what is put back", async () => {
    const url = await start();
    await ask(url, "Who is [EMAIL_1]?");
    // The provider saw the same words: the same answer, and each reader's own meaning of it.
    const owner = await ask(url, "Who is carl@example.com?");
    const literal = await ask(url, "Who is [EMAIL_1]?");
    expect([owner.state, literal.state]).toEqual(["hit", "hit"]);
    expect(owner.body).toContain("You wrote: Who is carl@example.com?");
    expect(literal.body).toContain("You wrote: Who is [EMAIL_1]?");
  });

  it("does not keep an answer with personal data of its own, plain or in pieces", async () => {
    const url = await start({}, (request) => {
      const { stream } = JSON.parse(request.body) as { stream?: boolean };
      if (stream === true) streamWith(request, ["Ask do", "ra@exam", "ple.com ", "for it."]);
      else answerWith(request, completion("Ask dora@example.com for it."));
    });
    for (const more of [{}, { stream: true }]) {
      expect((await ask(url, "Whom do I ask?", more)).state).toBe("miss");
      expect((await ask(url, "Whom do I ask?", more)).state).toBe("miss");
    }
    const figures = (await (await fetch(`${url}/metrics`)).json()) as Record<string, unknown>;
    expect(figures["response_cache_refused_total"]).toMatchObject({ personal_data: 4 });
    expect(figures["cache_hit_rate"]).toBe(0);
  });

  it.each([
    ["an error", (request: ProviderRequest) => answerWith(request, '{"error":{"message":"no"}}', 400)],
    [
      "an error with status 200",
      (request: ProviderRequest) => answerWith(request, '{"error":{"message":"no"}}'),
    ],
    [
      "a stream that was cut at an event",
      ({ response }: ProviderRequest) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end('data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\n');
      },
    ],
  ])("does not keep %s", async (_what, answer) => {
    const url = await start({}, answer);
    const more = { stream: true };
    await ask(url, "again", more);
    expect((await ask(url, "again", more)).state).toBe("miss");
    expect(provider.requests).toHaveLength(2);
  });

  it.each([
    ["a temperature", { temperature: 0.7 }],
    ["no temperature", { temperature: undefined }],
    ["a provider that is to keep it", { store: true }],
    ["a tool that acts at the provider", { tools: [{ type: "web_search" }] }],
    ["a picture, which no guard has read", { messages: [imageTurn()] }],
  ])("goes past requests with %s", async (_what, more) => {
    const url = await start();
    await ask(url, "again", more);
    expect((await ask(url, "again", more)).state).toBe("bypass");
    expect(provider.requests).toHaveLength(2);
  });

  it("answers whatever the temperature when told to, and never when off", async () => {
    const all = await start({ cache: { responses: "all" } });
    await ask(all, "again", { temperature: 0.7 });
    expect((await ask(all, "again", { temperature: 0.7 })).state).toBe("hit");
    await gateway.close();
    await provider.close();
    const off = await start({ cache: { responses: "off" } });
    await ask(off, "again");
    expect((await ask(off, "again")).state).toBe("off");
  });

  it("does as the client's Cache-Control says", async () => {
    const url = await start();
    await ask(url, "again", {}, { "cache-control": "no-store" });
    expect((await ask(url, "again")).state).toBe("miss");
    expect((await ask(url, "again", {}, { "cache-control": "no-cache" })).state).toBe("miss");
    expect((await ask(url, "again", {}, { "cache-control": "no-store" })).state).toBe("bypass");
    expect((await ask(url, "again")).state).toBe("hit");
    expect(provider.requests).toHaveLength(4);
  });

  it("forgets when its time is over", async () => {
    let nowMs = 1_000_000;
    provider = await startProvider(quote);
    const clock = (): number => nowMs;
    const started = await startGateway(provider.url, { cache: { ttlSec: 60 } }, { clock, epoch: clock });
    gateway = started.gateway;
    await ask(started.url, "again");
    nowMs += 59_000;
    const late = await ask(started.url, "again");
    expect([late.state, late.headers.get("age")]).toEqual(["hit", "59"]);
    nowMs += 2_000;
    expect((await ask(started.url, "again")).state).toBe("miss");
  });

  it("is bounded in bytes", async () => {
    const url = await start({ cache: { bytes: 4_000, entryBytes: 1_500 } });
    for (let i = 0; i < 10; i += 1) await ask(url, `question ${i}`);
    await ask(url, "x".repeat(2_000));
    const figures = (await (await fetch(`${url}/metrics`)).json()) as Record<string, unknown>;
    expect(figures["response_cache_bytes"]).toBeLessThanOrEqual(4_000);
    expect(figures["response_cache_evictions_total"]).toBeGreaterThan(0);
    expect(figures["response_cache_refused_total"]).toMatchObject({ too_large: 1 });
  });

  it("keeps tenants, providers' keys, queries and keys that do not hold apart", async () => {
    const hash = (key: string) => `sha256:${createHash("sha256").update(key).digest("hex")}`;
    const customer = (name: string, tenant: string) => ({
      name,
      tenant,
      role: "caller" as const,
      keys: [hash(name)],
    });
    const url = await start({ customers: [customer("a1", "a"), customer("a2", "a"), customer("b1", "b")] });
    const as = (key: string, more: Record<string, string> = {}) => ({ "x-rampart-key": key, ...more });
    expect((await ask(url, "again", {}, as("a1"))).state).toBe("miss");
    expect((await ask(url, "again", {}, as("a2"))).state).toBe("hit");
    expect((await ask(url, "again", {}, as("b1"))).state).toBe("miss");
    expect((await ask(url, "again", {}, as("a1", { authorization: "Bearer sk-other" }))).state).toBe("miss");
    for (const headers of [{}, as("revoked")]) {
      const refused = await ask(url, "again", {}, headers);
      expect(refused.status).toBe(401);
      expect(refused.state).not.toBe("hit");
      expect(refused.body).not.toContain("You wrote");
    }
    const other = await postJson(url, `${CHAT}?api-version=2`, chatBody("again"), as("a1"));
    expect(other.headers.get("x-rampart-cache")).toBe("miss");
  });

  it("tells its hit rate, and that it is on", async () => {
    const url = await start();
    await ask(url, "again");
    await ask(url, "again");
    await ask(url, "again", { temperature: 1 });
    const figures = (await (await fetch(`${url}/metrics`)).json()) as Record<string, unknown>;
    expect(figures["cache_hit_rate"]).toBe(50);
    expect(figures["response_cache_stored_total"]).toBe(1);
    expect(figures["response_cache_lookups_total"]).toEqual({ "memory.hit": 1, "memory.miss": 1 });
    const health = (await (await fetch(`${url}/health`)).json()) as { features: Record<string, unknown> };
    expect(health.features["response_cache"]).toBe(true);
  });
});

function imageTurn() {
  return {
    role: "user",
    content: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
  };
}
