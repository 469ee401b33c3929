import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect } from "vitest";
import { type RedisServer, startRedis } from "../fixtures/redis-server.ts";
import { type Answer, type LimitedGateway, startLimited, untilShared } from "./limits-fixtures.ts";

/** Requests that are under way at each gateway at the same time. */
const AT_A_TIME = 100;

/** How a frozen Redis is drilled. */
export interface FreezeDrill {
  readonly freezeMs: number;
  /** Time before and after. */
  readonly calmMs: number;
  /** Pause between two requests. */
  readonly everyMs: number;
  readonly commandTimeoutMs: number;
}

/** What the drill saw. */
export interface FreezeFindings {
  readonly requests: number;
  /** Answers other than 200. */
  readonly failed: number;
  /** Slowest answer before, while and after Redis was frozen, ms. */
  readonly slowestMs: Readonly<Record<Phase, number>>;
  /** Longest time that the process, client and gateway both, was too busy or not scheduled while Redis was frozen, ms. */
  readonly loopDelayMs: number;
  /** Share of answers in each phase that said that the limits are counted locally. */
  readonly localShare: Readonly<Record<Phase, number>>;
  /** `/health` while frozen. */
  readonly health: Record<string, unknown>;
  /** Time from the end of the freeze to the first answer that was counted in Redis again, ms. */
  readonly recoveredMs: number;
  /** Requests that Redis knows of at the end; each one was sent within the window. */
  readonly counted: number;
}

/** What has to be true of a drill, whatever the machine does at the same time: for its own delay the process is forgiven. */
export function expectBounded(findings: FreezeFindings, commandTimeoutMs: number): void {
  const { failed, slowestMs, loopDelayMs, localShare, health, requests, counted } = findings;
  expect(failed).toBe(0);
  expect(slowestMs.frozen).toBeLessThan(commandTimeoutMs + 200 + 3 * loopDelayMs);
  expect(localShare.before).toBeLessThan(0.5);
  expect(localShare.frozen).toBe(1);
  expect(localShare.after).toBeLessThan(1);
  expect(findings.recoveredMs).toBeLessThan(3_000);
  expect(health).toMatchObject({
    status: "degraded",
    services: { redis: { healthy: false } },
    stores: { limits: "local" },
  });
  // None is forgotten; one that was counted by a Redis whose connection then broke is counted again.
  expect(counted).toBeGreaterThanOrEqual(requests);
  expect(counted).toBeLessThanOrEqual(requests + 5);
}

type Phase = "before" | "frozen" | "after";

/** Sends a steady stream of requests while Redis is frozen and thawed. */
export async function drillFrozenRedis(drill: FreezeDrill): Promise<FreezeFindings> {
  const { freezeMs, calmMs, everyMs, commandTimeoutMs } = drill;
  const server = await startRedis();
  const gateway = await startLimited({
    redis: { url: server.url, commandTimeoutMs, retryMs: 200 },
    limits: { proxy: { requestsPerHour: 1_000_000, concurrency: 500 } },
  });
  const pending: Promise<void>[] = [];
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const slowestMs = { before: 0, frozen: 0, after: 0 };
  const seen = { before: 0, frozen: 0, after: 0 };
  const local = { before: 0, frozen: 0, after: 0 };
  let phase: Phase = "before";
  let failed = 0;
  let thawedMs = 0;
  let recoveredMs = Number.NaN;
  const note = (sentIn: Phase, answer: Answer): void => {
    seen[sentIn] += 1;
    if (answer.status !== 200) failed += 1;
    slowestMs[sentIn] = Math.max(slowestMs[sentIn], answer.tookMs);
    if (answer.headers.get("x-rampart-fail-mode")?.includes("limits=local") === true) local[sentIn] += 1;
    else if (sentIn === "after" && Number.isNaN(recoveredMs)) recoveredMs = performance.now() - thawedMs;
  };
  const sendFor = async (ms: number): Promise<void> => {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs) {
      const sentIn = phase;
      pending.push(gateway.send().then((answer) => note(sentIn, answer)));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  try {
    await untilShared(gateway);
    await gateway.send();
    await sendFor(calmMs);
    await Promise.all(pending);
    phase = "frozen";
    server.freeze();
    loop.enable();
    await sendFor(freezeMs);
    const health = await gateway.get("/health");
    await Promise.all(pending);
    loop.disable();
    server.thaw();
    thawedMs = performance.now();
    phase = "after";
    await sendFor(calmMs);
    await Promise.all(pending);
    await untilShared(gateway);
    const status = (await gateway.get("/ratelimit/status")) as { hour: { used: number } };
    const share = (of: Phase): number => local[of] / seen[of];
    return {
      requests: seen.before + seen.frozen + seen.after + 1,
      failed,
      slowestMs,
      loopDelayMs: loop.max / 1e6,
      localShare: { before: share("before"), frozen: share("frozen"), after: share("after") },
      health,
      recoveredMs,
      counted: status.hour.used,
    };
  } finally {
    server.thaw();
    await gateway.close();
    await server.kill();
  }
}

/** Two gateways on one Redis, hit at once by more than the limit. @returns how many each admitted, and all refusals' codes */
export async function drillTwoInstances(
  server: RedisServer,
  limits: object,
  requests: number,
): Promise<{ readonly admitted: readonly number[]; readonly others: readonly number[] }> {
  const gateways = await Promise.all(
    [0, 1].map(() => startLimited({ redis: { url: server.url, commandTimeoutMs: 2_000 }, limits })),
  );
  try {
    await Promise.all(gateways.map(untilShared));
    const results = await Promise.all(gateways.map((gateway) => statusesOf(gateway, requests / 2)));
    return {
      admitted: results.map((statuses) => statuses.filter((status) => status === 200).length),
      others: [...new Set(results.flat().filter((status) => status !== 200))],
    };
  } finally {
    await Promise.all(gateways.map(({ close }) => close()));
  }
}

/** Statuses of a number of chats, {@link AT_A_TIME} of them under way at a time. */
async function statusesOf({ send }: LimitedGateway, requests: number): Promise<number[]> {
  const statuses: number[] = [];
  let due = requests;
  const sender = async (): Promise<void> => {
    while (due > 0) {
      due -= 1;
      statuses.push((await send()).status);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, sender));
  return statuses;
}
