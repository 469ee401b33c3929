import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monotonicMs } from "#shared";
import { type RedisServer, skipWithoutRedis, startRedis } from "../../../test/fixtures/redis-server.ts";
import { resolveConfig } from "../config.ts";
import { RedisLink } from "../stores/redis-link.ts";
import { BOUND_KINDS, type Bounds } from "./bounds.ts";
import { LocalCounts } from "./local-counts.ts";
import { SharedCounts } from "./shared-counts.ts";
import type { Demand, Verdict } from "./verdict.ts";
import type { Windows } from "./windows.ts";

/** What both ways to count can do, in one form. */
interface Counts {
  acquire(bounds: Bounds, demand: Demand): Promise<Verdict>;
  release(demand: Demand, usedTokens: number, verdict: Verdict): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

const NONE: Bounds = { requestsPerMinute: 0, requestsPerHour: 0, tokensPerMinute: 0, concurrency: 0 };
let leases = 0;
const demand = (tokens = 0): Demand => {
  leases += 1;
  return { leaseId: `test-${leases}`, tokens };
};

/** Counting in this process under a clock that the test moves. */
function inMemory(windows: Windows): Counts {
  const counts = new LocalCounts(windows);
  let nowMs = 1_000;
  return {
    acquire: async (bounds, asked) => counts.acquire(bounds, asked, nowMs),
    release: async (asked, used, verdict) => {
      counts.release();
      counts.settle(asked.tokens, used, verdict.tokenSlot, nowMs);
    },
    pass: async (ms) => {
      nowMs += ms;
    },
  };
}

let server: RedisServer | undefined;
let link: RedisLink | undefined;
let accounts = 0;

/** Counting in Redis under the server's clock. */
function inRedis(windows: Windows): Counts {
  const shared = new SharedCounts(link!, windows, monotonicMs, 5_000, 1_000);
  accounts += 1;
  const account = `suite-${accounts}`;
  return {
    acquire: (bounds, asked) => shared.acquire(account, bounds, asked, 0),
    release: async (asked, used, verdict) => {
      shared.settle(account, asked.leaseId, used - asked.tokens, verdict.tokenSlot);
      await link!.run("ping");
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

beforeAll(async () => {
  if (skipWithoutRedis) return;
  server = await startRedis();
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  const { redis } = resolveConfig({
    providers: { openai: nowhere, anthropic: nowhere },
    redis: { url: server.url, commandTimeoutMs: 1_000 },
  });
  link = new RedisLink(redis, server.url, monotonicMs);
  await link.open();
  while (!link.isUsable) await new Promise((resolve) => setTimeout(resolve, 5));
});

afterAll(async () => {
  link?.close();
  await server?.kill();
});

/** Pauses between requests, ms of a minute of 60 s: none, any, and those that end exactly where a window does. */
const PAUSES = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 30_000 }) },
  fc.constantFrom(20_000, 30_000, 60_000),
);

/** The plain definition: of the admitted ones, those in the window that ends at `atMs`. */
const within = (admitted: readonly number[], atMs: number, lengthMs: number): number =>
  admitted.filter((time) => time > atMs - lengthMs).length;

describe.each([
  { name: "memory", make: inMemory, runs: 300, scale: 1, isSkipped: false },
  { name: "Redis", make: inRedis, runs: 9, scale: 1 / 1_200, isSkipped: skipWithoutRedis },
])("limits counted in $name", ({ make, runs, scale, isSkipped }) => {
  const windows: Windows = { minuteMs: 60_000 * scale, hourMs: 240_000 * scale };

  it.skipIf(isSkipped)(
    "admit what fits and refuse what does not, in every window",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({ perMinute: fc.integer({ min: 0, max: 6 }), perHour: fc.integer({ min: 1, max: 12 }) }),
          fc.array(PAUSES, {
            minLength: 8,
            maxLength: 40,
          }),
          async ({ perMinute, perHour }, pauses) => {
            const counts = make(windows);
            const bounds = { ...NONE, requestsPerMinute: perMinute, requestsPerHour: perHour };
            const admitted: number[] = [];
            for (const pause of pauses) {
              if (pause > 0) await counts.pass(pause * scale);
              const verdict = await counts.acquire(bounds, demand());
              const { atMs } = verdict;
              const inMinute = within(admitted, atMs, windows.minuteMs);
              const inHour = within(admitted, atMs, windows.hourMs);
              const fits = (perMinute === 0 || inMinute < perMinute) && inHour < perHour;
              expect(verdict.isAdmitted).toBe(fits);
              if (fits) admitted.push(atMs);
              else {
                const { waitMs } = verdict.standings[verdict.refusedBy!]!;
                const thenMs = atMs + waitMs;
                // One tick of the store's clock before that it does not fit, then it does.
                expect(fitsAt(admitted, thenMs + 0.002)).toBe(true);
                expect(fitsAt(admitted, thenMs - 0.002)).toBe(false);
              }
              const { requestsPerMinute, requestsPerHour } = verdict.standings;
              if (perMinute > 0)
                expect(requestsPerMinute?.used).toBe(within(admitted, atMs, windows.minuteMs));
              expect(requestsPerHour?.used).toBe(within(admitted, atMs, windows.hourMs));
            }
            function fitsAt(times: readonly number[], atMs: number): boolean {
              const isBelow = perMinute === 0 || within(times, atMs, windows.minuteMs) < perMinute;
              return isBelow && within(times, atMs, windows.hourMs) < perHour;
            }
          },
        ),
        { numRuns: runs },
      );
    },
    60_000,
  );

  it.skipIf(isSkipped)(
    "never hold more tokens in a window than the limit, and use all of it",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 1, max: 70 })), {
            minLength: 5,
            maxLength: 25,
          }),
          async (requests) => {
            const counts = make(windows);
            const bounds = { ...NONE, tokensPerMinute: 100 };
            const admitted: { atMs: number; tokens: number }[] = [];
            for (const [pause, tokens] of requests) {
              await counts.pass(pause * scale);
              const { isAdmitted, atMs } = await counts.acquire(bounds, demand(tokens));
              const sum = (lengthMs: number): number =>
                admitted.reduce((total, one) => total + (one.atMs > atMs - lengthMs ? one.tokens : 0), 0);
              if (sum(windows.minuteMs) + tokens > 100) expect(isAdmitted).toBe(false);
              // Tokens come back at most two slots late.
              if (sum(windows.minuteMs * (1 + 2 / 240)) + tokens <= 100) expect(isAdmitted).toBe(true);
              if (isAdmitted) admitted.push({ atMs, tokens });
            }
          },
        ),
        { numRuns: Math.ceil(runs / 3) },
      );
    },
    60_000,
  );

  it.skipIf(isSkipped)("give tokens back when they are a minute old, two slots later at most", async () => {
    const counts = make({ minuteMs: 240, hourMs: 960 });
    const bounds = { ...NONE, tokensPerMinute: 100 };
    const first = await counts.acquire(bounds, demand(100));
    for (;;) {
      await counts.pass(1);
      const next = await counts.acquire(bounds, demand(1));
      const ageMs = next.atMs - first.atMs;
      if (next.isAdmitted) {
        expect(ageMs).toBeGreaterThanOrEqual(240);
        break;
      }
      expect(ageMs).toBeLessThan(242);
      const { waitMs } = next.standings.tokensPerMinute!;
      expect(ageMs + waitMs).toBeGreaterThanOrEqual(240);
      expect(ageMs + waitMs).toBeLessThanOrEqual(242);
    }
  });

  it.skipIf(isSkipped)("give unused tokens back and charge what was used beyond the estimate", async () => {
    const counts = make(WHOLE);
    const bounds = { ...NONE, tokensPerMinute: 100 };
    const first = demand(80);
    const verdict = await counts.acquire(bounds, first);
    expect(verdict.standings.tokensPerMinute).toMatchObject({ limit: 100, used: 80 });
    expect((await counts.acquire(bounds, demand(30))).refusedBy).toBe("tokensPerMinute");
    await counts.release(first, 10, verdict);
    const second = demand(30);
    const again = await counts.acquire(bounds, second);
    expect(again.standings.tokensPerMinute?.used).toBe(40);
    await counts.release(second, 95, again);
    const over = await counts.acquire(bounds, demand(1));
    expect(over.refusedBy).toBe("tokensPerMinute");
    expect(over.standings.tokensPerMinute?.used).toBe(105);
    expect((await counts.acquire(bounds, demand(101))).refusedBy).toBe("tokensPerMinute");
  });

  it.skipIf(isSkipped)("hold places until they are released", async () => {
    const counts = make(WHOLE);
    const bounds = { ...NONE, concurrency: 3 };
    const held: [Demand, Verdict][] = [];
    for (let i = 0; i < 3; i += 1) {
      const asked = demand();
      held.push([asked, await counts.acquire(bounds, asked)]);
    }
    expect(held.map(([, { standings }]) => standings.concurrency?.used)).toEqual([1, 2, 3]);
    expect(await counts.acquire(bounds, demand())).toMatchObject({
      isAdmitted: false,
      refusedBy: "concurrency",
    });
    await counts.release(held[1]![0], 0, held[1]![1]);
    expect((await counts.acquire(bounds, demand())).isAdmitted).toBe(true);
    expect((await counts.acquire(bounds, demand())).isAdmitted).toBe(false);
  });

  it.skipIf(isSkipped)("count nothing of a request that one of several limits refuses", async () => {
    const counts = make(WHOLE);
    const bounds = { requestsPerMinute: 5, requestsPerHour: 8, tokensPerMinute: 100, concurrency: 2 };
    const first = demand(60);
    await counts.acquire(bounds, first);
    for (let i = 0; i < 10; i += 1)
      expect((await counts.acquire(bounds, demand(60))).refusedBy).toBe("tokensPerMinute");
    const verdict = await counts.acquire(bounds, demand(40));
    expect(verdict.isAdmitted).toBe(true);
    expect(BOUND_KINDS.map((kind) => verdict.standings[kind]?.used)).toEqual([2, 2, 100, 2]);
  });

  it.skipIf(isSkipped)("keep what was counted when the limits change", async () => {
    const counts = make(WHOLE);
    const bounds = (perMinute: number, perHour: number): Bounds => ({
      ...NONE,
      requestsPerMinute: perMinute,
      requestsPerHour: perHour,
    });
    const admit = async (limits: Bounds, times: number): Promise<number> => {
      let admitted = 0;
      for (let i = 0; i < times; i += 1)
        if ((await counts.acquire(limits, demand())).isAdmitted) admitted += 1;
      return admitted;
    };
    expect(await admit(bounds(3, 5), 10)).toBe(3);
    expect(await admit(bounds(40, 100), 50)).toBe(37);
    expect(await admit(bounds(10, 0), 5)).toBe(0);
    expect(await admit(bounds(0, 60), 30)).toBe(20);
  });
});

const WHOLE: Windows = { minuteMs: 60_000, hourMs: 3_600_000 };

describe.skipIf(skipWithoutRedis)("limits in Redis", () => {
  it("forget the places of a process that died, and its keys die too", async () => {
    const shared = new SharedCounts(link!, WHOLE, monotonicMs, 300, 1_000);
    const bounds = { ...NONE, concurrency: 1 };
    expect((await shared.acquire("dead", bounds, demand(), 0)).isAdmitted).toBe(true);
    expect((await shared.acquire("dead", bounds, demand(), 0)).isAdmitted).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 320));
    const alive = demand();
    expect((await shared.acquire("dead", bounds, alive, 0)).isAdmitted).toBe(true);
    for (let i = 0; i < 4; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      shared.renew("dead", [alive.leaseId]);
      expect((await shared.acquire("dead", bounds, demand(), 0)).isAdmitted).toBe(false);
    }
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(await link!.run("exists", "limit:{dead}:leases")).toBe(0);
  });

  it("are told of requests that were admitted without it", async () => {
    const shared = new SharedCounts(link!, WHOLE, monotonicMs, 5_000, 1_000);
    const bounds = { ...NONE, requestsPerMinute: 10 };
    await shared.acquire("debt", bounds, demand(), 0);
    const verdict = await shared.acquire("debt", bounds, demand(), 7);
    expect(verdict.standings.requestsPerMinute?.used).toBe(9);
    expect((await shared.acquire("debt", bounds, demand(), 500)).isAdmitted).toBe(false);
  });

  it("do nothing for a caller that has given up", async () => {
    const shared = new SharedCounts(link!, WHOLE, () => monotonicMs() + lateMs, 5_000, 50);
    let lateMs = 0;
    const bounds = { ...NONE, requestsPerMinute: 10 };
    await shared.acquire("late", bounds, demand(), 0);
    lateMs = -400;
    await expect(shared.acquire("late", bounds, demand(), 0)).rejects.toMatchObject({
      code: "RMP_STORE_TIMEOUT",
    });
    const { standings } = await shared.acquire("late", bounds, { leaseId: "", tokens: 0 }, 0);
    expect(standings.requestsPerMinute?.used).toBe(1);
  });

  it("refuse to believe another answer than a decision", async () => {
    const replies: unknown[] = [
      "OK",
      null,
      [],
      [1, 2, 3],
      Array(10).fill("x"),
      Array(10).fill(Number.NaN),
      [9, ...Array(9).fill(1)],
    ];
    for (const reply of replies) {
      const liar = { runScript: async () => reply } as unknown as RedisLink; // only this method is used
      const shared = new SharedCounts(liar, WHOLE, monotonicMs, 5_000, 50);
      await expect(shared.acquire("a", { ...NONE, concurrency: 1 }, demand(), 0)).rejects.toMatchObject({
        code: "RMP_STORE_REFUSED",
      });
    }
  });

  it("leave no key without a time to live", async () => {
    const keys = (await link!.run("keys", "*")) as string[];
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys)
      expect(await link!.run("eval", "return redis.call('PTTL', ARGV[1])", 0, key)).toBeGreaterThan(0);
  });
});
