/** One suite for every executor: what it does under a simulated clock is what its plan says, for any number of workers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineUser, task } from "../model/define.ts";
import type { ExecutorConfig } from "../model/executor-types.ts";
import { simulate } from "../scheduler.suite.ts";
import type { Pacer } from "../user/virtual-user.ts";
import type { Executor, ExecutorHost } from "./executor.ts";
import { createExecutor, planExecutor } from "./index.ts";

/** What was seen of a run. */
export interface Observed {
  /** Users alive over all workers at each of the moments asked for. */
  readonly usersAt: readonly number[];
  /** Iterations begun up to each of the moments. */
  readonly startsAt: readonly number[];
  /** Moments at which each iteration was due, ascending. */
  readonly dueMs: readonly number[];
  /** Users spawned by each worker. */
  readonly spawnedBy: readonly number[];
  readonly undelivered: number;
  readonly isDone: boolean;
}

/** How long an iteration of the simulated users takes, ms, unless the test says otherwise. */
const TASK_MS = 100;

/** Runs an executor on `workers` shares over one simulated clock, looking at the moments `atMs` (ascending). */
export async function runShares(
  config: ExecutorConfig,
  workers: number,
  atMs: readonly number[],
  at: (executors: readonly Executor[], atMs: number) => void = () => {},
  taskMs: number = TASK_MS,
): Promise<Observed> {
  const { scheduler, advanceTo } = simulate();
  const userClass = defineUser({ name: "U", tasks: [task("t", () => {})] });
  let users = 0;
  let starts = 0;
  let undelivered = 0;
  const dueMs: number[] = [];
  const spawnedBy = Array.from({ length: workers }, () => 0);
  const pause = (ms: number) => new Promise<void>((resolve) => scheduler.at(scheduler.nowMs() + ms, resolve));
  const live = async (pacer: Pacer, isStopping: () => boolean) => {
    let waitedMs = scheduler.nowMs();
    for (;;) {
      const due = await pacer.next(waitedMs);
      if (due === null || isStopping()) return;
      if (due > scheduler.nowMs()) await pause(due - scheduler.nowMs());
      if (isStopping()) return;
      starts += 1;
      dueMs.push(due);
      if (taskMs > 0) await pause(taskMs);
      waitedMs = scheduler.nowMs() + (pacer.wait?.seconds(() => 0.5, taskMs / 1000) ?? 0) * 1000;
    }
  };
  const executors = Array.from({ length: workers }, (_, index) => {
    const host: ExecutorHost = {
      scheduler,
      share: { index, count: workers },
      startMs: 0,
      classFor: () => userClass,
      spawn: (_class, pacer) => {
        users += 1;
        spawnedBy[index]! += 1;
        let isStopping = false;
        const ended = live(pacer, () => isStopping).then(() => {
          users -= 1;
        });
        return {
          requestStop: () => {
            isStopping = true;
          },
          ended,
        };
      },
      randomFor: (n) => (n % 10) / 10,
      lag: () => {},
      undelivered: (count) => {
        undelivered += count;
      },
      currentUsers: () => users,
    };
    return createExecutor(config, host);
  });
  let isDone = false;
  void Promise.all(executors.map((executor) => executor.done)).then(() => {
    isDone = true;
  });
  for (const executor of executors) executor.start();
  const usersAt: number[] = [];
  const startsAt: number[] = [];
  for (const moment of atMs) {
    await advanceTo(moment);
    at(executors, moment);
    await advanceTo(moment);
    usersAt.push(executors[0]!.targetUsers);
    startsAt.push(starts);
  }
  for (const executor of executors) expect(executor.targetUsers).toBe(usersAt.at(-1));
  return { usersAt, startsAt, dueMs: dueMs.sort((a, b) => a - b), spawnedBy, undelivered, isDone };
}

/** The laws that every executor with users has to keep. */
export function describeExecutor(kind: string, configs: fc.Arbitrary<ExecutorConfig>): void {
  describe(`${kind}: plan and run`, () => {
    it("has as many users at every moment as its plan says, for any number of workers", async () => {
      await fc.assert(
        fc.asyncProperty(configs, fc.integer({ min: 1, max: 4 }), async (config, workers) => {
          const plan = planExecutor(config);
          const endMs = Math.min(plan.durationSec ?? 10, 10) * 1000;
          // Timers fire on whole milliseconds: off the moments of change, where before and after meet.
          const settled = (ms: number): number => {
            let at = ms;
            for (
              let tries = 0;
              tries < 20 && plan.amountAt((at - 1.5) / 1000) !== plan.amountAt(at / 1000);
              tries += 1
            )
              at += 2;
            return at;
          };
          const moments = [0.05, 0.13, 0.29, 0.5, 0.77, 0.96].map((share) =>
            settled(Math.floor(endMs * share) + 0.5),
          );
          const { usersAt } = await runShares(config, workers, moments);
          expect(usersAt).toEqual(moments.map((ms) => plan.amountAt(ms / 1000)));
          expect(Math.max(...usersAt)).toBeLessThanOrEqual(plan.peakUsers);
        }),
        { numRuns: 25 },
      );
    });

    it("ends when its plan ends", async () => {
      await fc.assert(
        fc.asyncProperty(configs, fc.integer({ min: 1, max: 3 }), async (config, workers) => {
          const { durationSec } = planExecutor(config);
          if (durationSec === null) return;
          const { isDone } = await runShares(config, workers, [durationSec * 1000 + 1000]);
          expect(isDone).toBe(true);
        }),
        { numRuns: 10 },
      );
    });
  });
}
