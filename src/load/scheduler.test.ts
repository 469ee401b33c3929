import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulate } from "./scheduler.suite.ts";

describe("createScheduler", () => {
  it("makes every call once, in order of due time, never before it is due", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ dueMs: fc.nat(1000), cancelled: fc.boolean() }), { maxLength: 40 }),
        async (calls) => {
          const { scheduler, advanceTo } = simulate();
          const made: [number, number][] = [];
          calls.forEach(({ dueMs, cancelled }, index) => {
            const call = scheduler.at(dueMs, () => {
              expect(scheduler.nowMs()).toBeGreaterThanOrEqual(dueMs);
              made.push([dueMs, index]);
            });
            if (cancelled) call.cancel();
          });
          await advanceTo(1000);
          const expected = calls
            .map(({ dueMs, cancelled }, index) => ({ dueMs, cancelled, index }))
            .filter((call) => !call.cancelled)
            .sort((a, b) => a.dueMs - b.dueMs || a.index - b.index);
          expect(made).toEqual(expected.map(({ dueMs, index }) => [dueMs, index]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes calls that are made within calls", async () => {
    const { scheduler, advanceTo } = simulate();
    const times: number[] = [];
    const again = () => {
      times.push(scheduler.nowMs());
      if (times.length < 4) scheduler.at(scheduler.nowMs() + 10, again);
    };
    scheduler.at(10, again);
    await advanceTo(100);
    expect(times).toEqual([10, 20, 30, 40]);
  });
});
