import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, skipWithoutRedis, startRedis } from "../fixtures/redis-server.ts";
import { drillFrozenRedis, drillTwoInstances, expectBounded } from "./limits-drills.ts";
import { CHAT, type LimitedGateway, startLimited, untilShared } from "./limits-fixtures.ts";

const root = join(import.meta.dirname, "../..");
/** The sources of the rooms: the loader of the second process knows no import conditions. */
const ROOMS = Object.fromEntries(
  ["shared", "contract", "detect", "backends", "gateway"].map((room) => [
    `#${room}`,
    join(root, `src/${room}/index.ts`),
  ]),
);
const open: { close(): Promise<unknown> }[] = [];
const children: ChildProcess[] = [];

async function limited(...[config, mock]: Parameters<typeof startLimited>): Promise<LimitedGateway> {
  const gateway = await startLimited(config, mock);
  open.push(gateway);
  return gateway;
}

async function until(isSo: () => Promise<boolean> | boolean, withinMs = 8_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error("it did not come to that in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Requests under way for which Redis keeps a place. */
async function placesHeld({ get }: LimitedGateway): Promise<number> {
  const { classes } = (await get("/ratelimit/status")) as {
    classes: { proxy: { concurrency: { used: number } } };
  };
  return classes.proxy.concurrency.used;
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(open.splice(0).map((part) => part.close()));
});

describe.skipIf(skipWithoutRedis)("limits over one Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.kill());
  afterEach(async () => {
    const client = new Redis(server.url);
    await client.flushall();
    client.disconnect();
  });

  it("admit exactly the limit over two gateways that are hit at once", async () => {
    const perMinute = await drillTwoInstances(server, { proxy: { requestsPerMinute: 70 } }, 200);
    expect(perMinute.admitted[0]! + perMinute.admitted[1]!).toBe(70);
    expect(perMinute.others).toEqual([429]);
    // The hour knows the requests of the minute before it.
    const perHour = await drillTwoInstances(server, { proxy: { requestsPerHour: 100 } }, 100);
    expect(perHour.admitted[0]! + perHour.admitted[1]!).toBe(30);
  });

  it("free the places of clients that are killed at once, those of a killed gateway after its lease", async () => {
    const shared = {
      redis: { url: server.url, commandTimeoutMs: 1_000 },
      limits: { proxy: { concurrency: 3 }, leaseMs: 1_500 },
    };
    const gateway = await limited(shared, { ttftMs: 60_000 });
    await untilShared(gateway);
    const clients = spawn(
      process.execPath,
      [
        "-e",
        `for (let i = 0; i < 3; i++) fetch(${JSON.stringify(`${gateway.url}/v1/chat/completions`)}, { method: "POST", body: ${JSON.stringify(JSON.stringify(CHAT))} })`,
      ],
      { stdio: "ignore" },
    );
    children.push(clients);
    await until(async () => (await placesHeld(gateway)) === 3);
    expect((await gateway.send()).status).toBe(429);
    clients.kill("SIGKILL");
    await until(async () => (await placesHeld(gateway)) === 0, 1_000);

    const other = await startGatewayProcess(shared, gateway);
    for (let i = 0; i < 3; i += 1)
      fetch(`${other.url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(CHAT) }).catch(
        () => undefined,
      );
    await until(async () => (await placesHeld(gateway)) === 3);
    // Longer than a lease: a gateway that lives keeps its places.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await placesHeld(gateway)).toBe(3);
    const killedMs = performance.now();
    other.child.kill("SIGKILL");
    await until(async () => (await placesHeld(gateway)) === 0, 2_500);
    expect(performance.now() - killedMs).toBeGreaterThan(400);
  }, 40_000);

  it("serve within the time-out while Redis is frozen, say so, and count all of it afterwards", async () => {
    const findings = await drillFrozenRedis({
      freezeMs: 2_000,
      calmMs: 700,
      everyMs: 10,
      commandTimeoutMs: 50,
    });
    expectBounded(findings, 50);
  }, 30_000);

  it("count every request once when Redis answers after the time-out", async () => {
    const slow = await startDelay(server.port);
    const gateway = await limited({
      redis: { url: slow.url, commandTimeoutMs: 150, retryMs: 200 },
      limits: { proxy: { requestsPerHour: 1_000, concurrency: 10 }, leaseMs: 1_500 },
    });
    await untilShared(gateway);
    const { get } = gateway;
    let sent = 0;
    const send = (): ReturnType<typeof gateway.send> => {
      sent += 1;
      return gateway.send();
    };
    for (let i = 0; i < 3; i += 1) await send();
    slow.delayMs = 400;
    const answers = [];
    for (let i = 0; i < 8; i += 1) answers.push(await send());
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    for (const { headers } of answers) expect(headers.get("x-rampart-fail-mode")).toBe("closed;limits=local");
    slow.delayMs = 0;
    await untilShared(gateway);
    await until(async () => (await send()).headers.get("x-rampart-fail-mode") === "closed");
    const { hour } = (await get("/ratelimit/status")) as { hour: { used: number } };
    expect(hour.used).toBe(sent);
    // What could not be told to Redis ends with its lease.
    await until(async () => (await placesHeld(gateway)) === 0, 3_000);
  });

  it("let no key live for ever", async () => {
    const gateway = await limited({
      redis: { url: server.url, keyPrefix: "ttl-test:" },
      limits: {
        proxy: { requestsPerMinute: 50, requestsPerHour: 100, tokensPerMinute: 10_000, concurrency: 10 },
        detection: { requestsPerMinute: 1 },
      },
    });
    await untilShared(gateway);
    for (let i = 0; i < 20; i += 1) expect((await gateway.send()).status).toBe(200);
    for (let i = 0; i < 3; i += 1)
      await gateway.send({ path: "/pii-protection/detect", body: { text: "x" } });
    const client = new Redis(server.url);
    try {
      const keys = await client.keys("*");
      expect(keys).toEqual(
        expect.arrayContaining(["ttl-test:limit:{*:proxy}:log", "ttl-test:limit:{*:proxy}:tokens"]),
      );
      for (const key of keys) {
        expect(key).toMatch(/^ttl-test:limit:\{/);
        expect(await client.pttl(key)).toBeGreaterThan(0);
        expect(await client.pttl(key)).toBeLessThanOrEqual(3_600_000);
      }
    } finally {
      client.disconnect();
    }
  });
});

describe("limits without the Redis that is configured", () => {
  const nowhere = { url: "redis://127.0.0.1:1", commandTimeoutMs: 50 };
  const proxy = { requestsPerMinute: 4 };

  it("are counted in the process, at the configured share", async () => {
    const gateway = await limited({ redis: nowhere, limits: { proxy, localShare: 0.5 } });
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push(await gateway.send());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    for (const { headers, limit } of answers) {
      expect(headers.get("x-rampart-fail-mode")).toBe("closed;limits=local");
      expect(limit).toBe(2);
    }
    await until(async () => (await gateway.get("/health"))["status"] === "degraded");
    const metrics = await gateway.get("/metrics");
    expect(metrics["limit_decisions_total"]).toMatchObject({ local: 4, redis: 0 });
  });

  it("refuse everything when the fail mode is closed", async () => {
    const gateway = await limited({ redis: nowhere, limits: { proxy, redisFailMode: "closed" } });
    const answer = await gateway.send();
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).not.toBeNull();
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "RMP_LIMIT_UNAVAILABLE" } });
    expect((await gateway.get("/metrics"))["limit_unavailable_total"]).toBe(1);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });

  it("refuse nothing when the fail mode is open", async () => {
    const gateway = await limited({ redis: nowhere, limits: { proxy, redisFailMode: "open" } });
    for (let i = 0; i < 8; i += 1) {
      const { status, headers } = await gateway.send();
      expect([status, headers.get("x-rampart-fail-mode")]).toEqual([200, "closed;limits=open"]);
    }
    const detect = await gateway.send({ path: "/pii-protection/detect", body: { text: "x" } });
    expect(detect.status).toBe(200);
  });

  it.each(["+OK\r\n", "*1\r\n:0\r\n", "-LOADING Redis is loading the dataset in memory\r\n", "$-1\r\n"])(
    "do not believe a server that answers %j",
    async (reply) => {
      const imposter = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", (data) => {
          const isPing = data.toString().toLowerCase().includes("ping");
          socket.write(isPing ? "+PONG\r\n" : reply);
        });
      });
      await new Promise<void>((resolve) => imposter.listen(0, "127.0.0.1", resolve));
      open.push({ close: () => new Promise((resolve) => imposter.close(resolve)) });
      const address = imposter.address();
      const port = typeof address === "object" ? address?.port : 0;
      const gateway = await limited({
        redis: { url: `redis://127.0.0.1:${port}`, commandTimeoutMs: 50 },
        limits: { proxy },
      });
      await untilShared(gateway);
      const answers = [];
      for (let i = 0; i < 5; i += 1) answers.push(await gateway.send());
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
      for (const { headers } of answers)
        expect(headers.get("x-rampart-fail-mode")).toBe("closed;limits=local");
    },
  );
});

/** A way to a server on which answers take longer. */
async function startDelay(port: number): Promise<{ readonly url: string; delayMs: number }> {
  const delay = { url: "", delayMs: 0 };
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    client.pipe(upstream);
    let lastMs = 0;
    upstream.on("data", (data) => {
      // In order, whatever the delay was before.
      lastMs = Math.max(lastMs + 1, performance.now() + delay.delayMs);
      setTimeout(() => client.writable && client.write(data), lastMs - performance.now());
    });
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(resolve));
    },
  });
  const address = proxy.address();
  delay.url = `redis://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return delay;
}

/** A second gateway, before the same mock LLM, in a process that can be killed. */
async function startGatewayProcess(
  config: object,
  { upstream }: LimitedGateway,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const providers = { openai: { baseUrl: upstream }, anthropic: { baseUrl: upstream } };
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules/jiti/lib/jiti-cli.mjs"),
      join(import.meta.dirname, "limits-process.ts"),
      JSON.stringify({ port: 0, providers, ...config }),
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, JITI_ALIAS: JSON.stringify(ROOMS) },
    },
  );
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the gateway process ended with ${code}`)));
  });
  return { child, url };
}
