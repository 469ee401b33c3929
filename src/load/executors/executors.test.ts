import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExecutorConfig } from "../model/executor-types.ts";
import { constant } from "../model/waits.ts";
import { spikeLoadShape } from "../shapes/spike-load.ts";
import { stepLoadShape } from "../shapes/step-load.ts";
import { describeExecutor, runShares } from "./executor.suite.ts";
import { planExecutor } from "./index.ts";

const stages = fc.array(
  fc.record({ durationSec: fc.integer({ min: 1, max: 4 }), target: fc.integer({ min: 0, max: 25 }) }),
  { minLength: 1, maxLength: 4 },
);
const workerCount = fc.integer({ min: 1, max: 4 });

describeExecutor(
  "constant-users",
  fc.record({
    kind: fc.constant("constant-users" as const),
    users: fc.integer({ min: 1, max: 30 }),
    spawnRatePerSec: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(0.7)),
    durationSec: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 20 })),
  }),
);

describeExecutor(
  "ramping-users",
  fc.record({ kind: fc.constant("ramping-users" as const), startUsers: fc.nat(10), stages }),
);

describeExecutor(
  "shape",
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 })).map(([stepUsers, stepSec]) => ({
    kind: "shape" as const,
    shape: () => stepLoadShape({ stepUsers, stepSec, maxUsers: stepUsers * 4, spawnRatePerSec: 0 }),
  })),
);

describeExecutor(
  "sessions",
  fc.record({
    kind: fc.constant("sessions" as const),
    concurrent: fc.integer({ min: 1, max: 20 }),
    durationSec: fc.integer({ min: 1, max: 8 }),
    turns: fc.constant([1, 3] as const),
  }),
);

const arrivals: fc.Arbitrary<ExecutorConfig> = fc.oneof(
  fc.record({
    kind: fc.constant("constant-arrival-rate" as const),
    ratePerSec: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(0.4)),
    durationSec: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({
    kind: fc.constant("ramping-arrival-rate" as const),
    startRatePerSec: fc.integer({ min: 0, max: 30 }),
    stages: fc.array(
      fc.record({ durationSec: fc.integer({ min: 1, max: 3 }), target: fc.integer({ min: 0, max: 40 }) }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant("sessions" as const),
    ratePerSec: fc.integer({ min: 1, max: 20 }),
    durationSec: fc.integer({ min: 1, max: 5 }),
    turns: fc.constant(1),
  }),
);

describe("arrival rates", () => {
  it("start exactly the planned arrivals at the planned times, whatever the answers do and however many workers", async () => {
    await fc.assert(
      fc.asyncProperty(
        arrivals,
        workerCount,
        fc.constantFrom(0, 100, 1700),
        async (config, workers, taskMs) => {
          const plan = planExecutor(config);
          const endMs = plan.durationSec! * 1000;
          const moments = [0.11, 0.37, 0.5, 0.83].map((share) => endMs * share);
          const seen = await runShares(config, workers, [...moments, endMs + 5000], () => {}, taskMs);
          expect(seen.startsAt.slice(0, -1)).toEqual(moments.map((ms) => plan.amountAt(ms / 1000 + 1e-6)));
          expect(seen.startsAt.at(-1)).toBe(plan.amountAt(plan.durationSec!));
          expect(seen).toMatchObject({ isDone: true, undelivered: 0 });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are 1/rate apart at a constant rate", async () => {
    const config = { kind: "constant-arrival-rate", ratePerSec: 100, durationSec: 2 } as const;
    const { dueMs } = await runShares(config, 3, [3000]);
    expect(dueMs).toHaveLength(200);
    for (const [index, due] of dueMs.entries()) expect(due).toBeCloseTo(index * 10, 6);
  });

  it("charge late starts to when they were due and count what never started", async () => {
    const config = { kind: "constant-arrival-rate", ratePerSec: 10, durationSec: 2, maxUsers: 2 } as const;
    // Two users of 1 s each start two iterations a second: 20 are due, 4 are begun before the end.
    const seen = await runShares(config, 1, [4000], () => {}, 1000);
    expect(seen.undelivered).toBe(16);
    for (const [index, due] of seen.dueMs.entries()) expect(due).toBeCloseTo(index * 100, 6);
  });
});

describe("iterations", () => {
  it("are shared exactly over users and workers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 50 }),
        workerCount,
        async (users, iterations, workers) => {
          const seen = await runShares({ kind: "shared-iterations", users, iterations }, workers, [60_000]);
          expect(seen).toMatchObject({ startsAt: [iterations], isDone: true, undelivered: 0 });
          expect(seen.spawnedBy.reduce((sum, count) => sum + count, 0)).toBe(users);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("are done by each user when they are per user", async () => {
    const seen = await runShares({ kind: "per-user-iterations", users: 5, iterations: 7 }, 2, [60_000]);
    expect(seen).toMatchObject({ startsAt: [35], isDone: true, spawnedBy: [3, 2] });
  });

  it("that were not done in time are counted", async () => {
    const config = { kind: "shared-iterations", users: 2, iterations: 100, maxDurationSec: 1 } as const;
    const seen = await runShares(config, 1, [2000]);
    expect(seen).toMatchObject({ startsAt: [20], undelivered: 80, isDone: true });
  });
});

describe("constant users", () => {
  it("are all there at once without a spawn rate", async () => {
    const { usersAt } = await runShares({ kind: "constant-users", users: 7 }, 1, [10]);
    expect(usersAt).toEqual([7]);
  });

  it("change while they run", async () => {
    const { usersAt } = await runShares(
      { kind: "constant-users", users: 4 },
      3,
      [900, 1100, 3100, 9000],
      (executors, atMs) => {
        if (atMs === 1100) for (const executor of executors) executor.setUsers?.(10, 2);
      },
    );
    expect(usersAt).toEqual([4, 5, 9, 10]);
  });
});

describe("sessions", () => {
  it("take their turns and are followed by new ones", async () => {
    const config: ExecutorConfig = {
      kind: "sessions",
      concurrent: 2,
      durationSec: 3,
      turns: 2,
      thinkTime: constant(0.4),
    };
    const seen = await runShares(config, 1, [2950]);
    // A session takes 600 ms: two turns of 100 ms with 400 ms between, and no wait after the last.
    expect(seen.spawnedBy[0]).toBe(10);
    expect(seen.startsAt).toEqual([20]);
  });
});

describe("shipped shapes", () => {
  it("are those of the second document", () => {
    const step = stepLoadShape();
    const at = (shape: ReturnType<typeof stepLoadShape>, runTimeSec: number) =>
      shape.tick({ runTimeSec, currentUsers: 0 })?.[0] ?? null;
    expect([0, 59, 60, 300, 599, 600].map((sec) => at(step, sec))).toEqual([10, 10, 20, 60, 100, null]);
    const spike = spikeLoadShape();
    expect([0, 59, 60, 79, 80, 180, 200, 300, 320, 359, 360].map((sec) => at(spike, sec))).toEqual([
      10,
      10,
      100,
      100,
      10,
      100,
      10,
      100,
      10,
      10,
      null,
    ]);
  });
});

describe("planExecutor", () => {
  it.each<ExecutorConfig>([
    { kind: "constant-users", users: -1 },
    { kind: "constant-users", users: 1, spawnRatePerSec: 0 },
    { kind: "ramping-users", stages: [] },
    { kind: "ramping-users", stages: [{ durationSec: -1, target: 1 }] },
    { kind: "shared-iterations", users: 0, iterations: 1 },
    { kind: "per-user-iterations", users: 1, iterations: 0 },
    { kind: "constant-arrival-rate", ratePerSec: 0, durationSec: 1 },
    { kind: "ramping-arrival-rate", stages: [{ durationSec: 1, target: Number.NaN }] },
    { kind: "sessions", durationSec: 1, turns: 1 },
    { kind: "sessions", concurrent: 1, durationSec: 1, turns: [3, 2] },
  ])("refuses $kind that cannot run", (config) => {
    expect(() => planExecutor(config)).toThrow(
      expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }),
    );
  });
});
