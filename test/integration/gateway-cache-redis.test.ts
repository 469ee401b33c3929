import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import { type RedisServer, skipWithoutRedis, startRedis } from "../fixtures/redis-server.ts";
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
/** What is sent, as it would stand in a dump: none of it may. */
const CANARIES = ["canary@example.com", "quarterly kumquat", "You wrote", "acme-tenant", "[EMAIL_1]"];

describe.skipIf(skipWithoutRedis)("the response cache over Redis", () => {
  let server: RedisServer;
  let redis: Redis;
  let provider: Provider;
  const gateways: Gateway[] = [];

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });

  beforeEach(async () => {
    provider = await startProvider(quote);
    await redis.flushall();
  });

  afterEach(async () => {
    for (const gateway of gateways.splice(0)) await gateway.close();
    await provider.close();
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.kill();
  });

  /** One more instance over the same Redis, once it is connected. */
  async function instance(cache: object = {}): Promise<string> {
    const { gateway, url } = await startGateway(provider.url, { redis: { url: server.url }, cache });
    gateways.push(gateway);
    await until(async () => isHealthy(await figuresOf(url)));
    return url;
  }

  async function ask(url: string, content: string, more = {}) {
    const answer = await postJson(url, CHAT, chatBody(content, more));
    return { state: answer.headers.get("x-rampart-cache"), body: await answer.text() };
  }

  async function written(count: number): Promise<string[]> {
    let keys: string[] = [];
    await until(async () => {
      keys = await redis.keys("*answer:*");
      return keys.length === count;
    });
    return keys;
  }

  it("serves another instance, restored with the reader's values, plain and streaming", async () => {
    const [one, two] = [await instance(), await instance()];
    for (const [i, more] of [{}, { stream: true }].entries()) {
      expect((await ask(one, "I am anna@example.com", more)).state).toBe("miss");
      await written(i + 1);
      const other = await ask(two, "I am bert@example.com", more);
      expect(other.state).toBe("hit");
      const text = i === 0 ? other.body : textOfStream(other.body);
      expect(text).toContain("You wrote: I am bert@example.com");
      // From now on it is in the memory of the second one too.
      expect((await ask(two, "I am carl@example.com", more)).state).toBe("hit");
    }
    expect(provider.requests).toHaveLength(2);
    expect((await figuresOf(two))["response_cache_lookups_total"]).toMatchObject({ "redis.hit": 2 });
  });

  it("holds nothing that can be read, and everything with a time to live", async () => {
    const one = await instance({ ttlSec: 120 });
    await ask(one, "I am canary@example.com with a quarterly kumquat", { user: "acme-tenant" });
    const keys = await written(1);
    for (const key of keys) {
      const ttlSec = await redis.ttl(key);
      expect(ttlSec).toBeGreaterThan(0);
      expect(ttlSec).toBeLessThanOrEqual(120);
      const value = (await redis.getBuffer(key))!;
      for (const canary of CANARIES) {
        for (const form of [canary, Buffer.from(canary).toString("base64"), encodeURIComponent(canary)]) {
          expect(key).not.toContain(form);
          expect(value.includes(form)).toBe(false);
        }
      }
    }
  });

  it("does not take what was changed there, or written under another secret", async () => {
    const one = await instance();
    await ask(one, "again");
    const [key = ""] = await written(1);
    const value = (await redis.getBuffer(key))!;
    value[value.length - 1]! ^= 1;
    await redis.set(key, value, "EX", 100);
    const two = await instance();
    expect((await ask(two, "again")).state).toBe("miss");
    expect((await figuresOf(two))["response_cache_unreadable_total"]).toBe(1);
    const three = await instance({ secret: "s".repeat(32) });
    expect((await ask(three, "again")).state).toBe("miss");
    await written(2);
  });

  it("goes on without a Redis that is frozen or gone, and comes back to it", async () => {
    const one = await instance();
    await ask(one, "known");
    await written(1);
    server.freeze();
    try {
      for (let i = 0; i < 5; i += 1) {
        const startedMs = performance.now();
        expect((await ask(one, `new ${i}`)).state).toBe("miss");
        // The bound of one command is 50 ms; the rest is what a busy machine may add.
        expect(performance.now() - startedMs).toBeLessThan(1_000);
      }
      expect((await ask(one, "known")).state).toBe("hit");
      const failed = (await figuresOf(one))["response_cache_lookups_total"] as Record<string, number>;
      // After three in a row nobody waits any more.
      expect(failed["redis.failed"]).toBeGreaterThan(0);
      expect(failed["redis.failed"]).toBeLessThanOrEqual(3);
    } finally {
      server.thaw();
    }
    await until(async () => isHealthy(await figuresOf(one)));
    await ask(one, "afterwards");
    await until(async () => (await redis.keys("*answer:*")).length >= 2);
  }, 20_000);
});

function quote(request: ProviderRequest): void {
  const { messages, stream } = JSON.parse(request.body) as {
    messages: { content: string }[];
    stream?: boolean;
  };
  const text = `You wrote: ${messages.at(-1)?.content}`;
  if (stream === true) streamWith(request, text.match(/.{1,5}/gs) ?? []);
  else answerWith(request, completion(text));
}

async function figuresOf(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${url}/metrics`)).json()) as Record<string, unknown>;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error("it did not come to that in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isHealthy(figures: Record<string, unknown>): boolean {
  return (figures["redis_state"] as Record<string, number>)["healthy"] === 1;
}
