import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { monotonicMs } from "#shared";
import { type RedisServer, skipWithoutRedis, startRedis } from "../../../test/fixtures/redis-server.ts";
import { resolveConfig } from "../config.ts";
import { createRedisLink, type RedisLink, redisScript } from "./redis-link.ts";

const nowhere = { baseUrl: "http://127.0.0.1:1" };
const links: RedisLink[] = [];

/** An open link with quick bounds. */
function linkTo(url: string, bounds: object = {}): RedisLink {
  const { redis } = resolveConfig({
    providers: { openai: nowhere, anthropic: nowhere },
    redis: { url, keyPrefix: "link-test:", retryMs: 100, ...bounds },
  });
  const link = createRedisLink(redis, monotonicMs)!;
  links.push(link);
  void link.open();
  return link;
}

async function until(isSo: () => boolean, withinMs = 4_000): Promise<void> {
  const endMs = monotonicMs() + withinMs;
  while (!isSo()) {
    if (monotonicMs() > endMs) throw new Error("it did not come to that in time");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function figure(link: RedisLink, name: string, label?: string): number {
  const samples = link.families().find((family) => family.name === `rampart_redis_${name}`)?.samples ?? [];
  const sample =
    label === undefined
      ? samples[0]
      : samples.find(({ labels }) => Object.values(labels ?? {}).includes(label));
  return sample?.value ?? Number.NaN;
}

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => ({ value }),
    (error: { code?: string }) => error.code,
  );

afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

describe.skipIf(skipWithoutRedis)("a link to Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.kill());

  it("runs commands under its prefix, as text and as bytes", async () => {
    const link = linkTo(server.url);
    expect(link.state).toBe("connecting");
    await until(() => link.isUsable);
    expect(link.state).toBe("healthy");
    expect(await link.run("set", "a", "é", "px", 5_000)).toBe("OK");
    expect(await link.run("get", "a")).toBe("é");
    expect(await link.runForBytes("get", "a")).toEqual(Buffer.from("é"));
    expect(await link.run("keys", "*")).toEqual(["link-test:a"]);
    expect(link.latencyMs).toBeGreaterThan(0);
    expect(figure(link, "commands_total")).toBe(4);
  });

  it("runs scripts by their digest, on a server that does not know them too", async () => {
    const link = linkTo(server.url);
    await until(() => link.isUsable);
    const script = redisScript("return {KEYS[1], ARGV[1], redis.call('TIME')[1]}");
    for (const _ of [1, 2]) {
      const reply = (await link.runScript(script, ["k"], ["x"])) as string[];
      expect(reply.slice(0, 2)).toEqual(["link-test:k", "x"]);
      await link.run("script", "flush");
    }
  });

  it("tells an error reply by its code, without the arguments", async () => {
    const link = linkTo(server.url);
    await until(() => link.isUsable);
    await link.run("set", "text", "v", "px", 5_000);
    const error = await link.run("lpush", "text", "alice@example.com").catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "RMP_STORE_REFUSED" });
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toContain("alice");
    expect(link.state).toBe("healthy");
    expect(figure(link, "failures_total", "refused")).toBe(1);
  });

  it("never tells the password of its URL", async () => {
    const told: unknown[] = [];
    const spies = (["log", "warn", "error", "info", "debug"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...words) => told.push(words)),
    );
    const { port } = server;
    for (const url of [
      `redis://user:hunter2@127.0.0.1:${port}`,
      `redis://:hunter2@127.0.0.1:${port}/99`,
      "redis://:hunter2@127.0.0.1:1",
      "rediss://:hunter2@127.0.0.1:1",
    ]) {
      const link = linkTo(url);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const error = (await link.run("get", "a").catch((thrown: unknown) => thrown)) as Error;
      told.push(String(error), error?.stack, String(error?.cause), JSON.stringify(link.families()));
    }
    for (const spy of spies) spy.mockRestore();
    expect(() => linkTo("redis://:hunter2@[nowhere")).toThrow(
      expect.objectContaining({
        code: "RMP_CONFIG_INVALID",
        message: expect.not.stringContaining("hunter2"),
      }),
    );
    expect(told.length).toBeGreaterThan(10);
    expect(JSON.stringify(told)).not.toContain("hunter2");
  });

  it("hears what is published, again after its connection was lost", async () => {
    const link = linkTo(server.url);
    const heard: string[] = [];
    const end = link.subscribe("news", (message) => heard.push(message));
    await until(() => link.isUsable);
    const tell = async (message: string): Promise<void> => {
      for (let i = 0; !heard.includes(message) && i < 400; i += 1) {
        await link.publish("news", message);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await tell("one");
    await link.run("client", "kill", "type", "pubsub");
    await tell("two");
    expect(heard).toContain("one");
    expect(heard).toContain("two");
    end();
    await until(() => true);
    const count = heard.length;
    await link.publish("news", "three");
    await link.run("ping");
    expect(heard).toHaveLength(count);
  });

  it("comes back after its connections were cut", async () => {
    const link = linkTo(server.url, { commandTimeoutMs: 3_000 });
    const killer = linkTo(server.url);
    await until(() => link.isUsable && killer.isUsable);
    const broken = code(link.run("blpop", "nothing", 1));
    await killer.run("client", "kill", "type", "normal", "skipme", "yes");
    expect(await broken).toBe("RMP_STORE_UNAVAILABLE");
    await until(() => link.isUsable);
    expect(await link.run("ping")).toBe("PONG");
  });

  it("fails within the time-out while the server is frozen, at once after a few, and recovers", async () => {
    const link = linkTo(server.url, { commandTimeoutMs: 40 });
    await until(() => link.isUsable);
    server.freeze();
    try {
      for (let i = 0; i < 3; i += 1) {
        const startedMs = monotonicMs();
        expect(await code(link.run("get", "a"))).toBe("RMP_STORE_TIMEOUT");
        expect(monotonicMs() - startedMs).toBeLessThan(200);
      }
      expect(link.state).toBe("degraded");
      const startedMs = monotonicMs();
      for (let i = 0; i < 100; i += 1) expect(await code(link.run("get", "a"))).toBe("RMP_STORE_UNAVAILABLE");
      expect(monotonicMs() - startedMs).toBeLessThan(40);
    } finally {
      server.thaw();
    }
    await until(() => link.isUsable);
    expect(link.state).toBe("healthy");
    expect(figure(link, "circuit_opened_total")).toBe(1);
  });

  it("opens more connections under pressure, refuses beyond its bound, and closes what is idle", async () => {
    const link = linkTo(server.url, {
      maxConnections: 4,
      connectionCommands: 2,
      maxCommands: 20,
      idleConnectionMs: 300,
      commandTimeoutMs: 2_000,
    });
    await until(() => link.isUsable);
    const burst = (): Promise<unknown[]> =>
      Promise.all(Array.from({ length: 40 }, () => code(link.run("debug", "sleep", 0))));
    for (let i = 0; i < 5; i += 1) {
      const results = await burst();
      expect(results.filter((result) => result === "RMP_STORE_EXHAUSTED").length).toBeGreaterThanOrEqual(20);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(figure(link, "pool_connections")).toBe(2);
    expect(figure(link, "pool_waits_total")).toBeGreaterThan(0);
    await until(() => figure(link, "pool_connections") === 1);
    expect(await link.run("ping")).toBe("PONG");
  });

  it("replaces old connections without losing a command", async () => {
    const link = linkTo(server.url, { connectionLifetimeMs: 300 });
    await until(() => link.isUsable);
    const first = await link.run("client", "id");
    const endMs = monotonicMs() + 2_500;
    let last = first;
    while (monotonicMs() < endMs) {
      last = await link.run("client", "id");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(last).not.toBe(first);
    expect(figure(link, "pool_connections")).toBeLessThanOrEqual(2);
  });
});

describe("without a Redis", () => {
  let imposter: Server | undefined;
  afterEach(() => imposter?.close());

  const listen = (onSocket: (socket: Socket) => void): Promise<string> =>
    new Promise((resolve) => {
      imposter = createServer(onSocket);
      imposter.listen(0, "127.0.0.1", () => {
        const address = imposter?.address();
        resolve(`redis://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
      });
    });

  it("has no link unless a URL is configured", () => {
    const { redis } = resolveConfig({ providers: { openai: nowhere, anthropic: nowhere } });
    expect(createRedisLink(redis, monotonicMs)).toBeNull();
  });

  it("rejects at once when nothing listens", async () => {
    const link = linkTo("redis://127.0.0.1:1");
    expect(await code(link.run("ping"))).toBe("RMP_STORE_UNAVAILABLE");
    await until(() => link.state === "down");
    expect(await code(link.run("ping"))).toBe("RMP_STORE_UNAVAILABLE");
  });

  it.each(["HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0\0", "+OK\r\n", "*-9\r\n", ""])(
    "is not taken in by a server that answers %j",
    async (answer) => {
      const url = await listen((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => socket.write(answer));
      });
      const link = linkTo(url, { commandTimeoutMs: 20 });
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(link.isUsable).toBe(false);
      expect(await code(link.run("ping"))).toBe("RMP_STORE_UNAVAILABLE");
    },
  );
});
