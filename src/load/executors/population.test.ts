import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeExecutor, runShares } from "./executor.suite.ts";
import { createExecutor, planExecutor } from "./index.ts";

describeExecutor(
  "constant-users",
  fc.record({
    kind: fc.constant("constant-users" as const),
    users: fc.integer({ min: 1, max: 30 }),
    spawnRatePerSec: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(0.7)),
    durationSec: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 20 })),
  }),
);

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

  it("are refused when they cannot run", () => {
    expect(() => planExecutor({ kind: "constant-users", users: -1 })).toThrow(
      expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }),
    );
    expect(() => planExecutor({ kind: "constant-users", users: 1, spawnRatePerSec: 0 })).toThrow(
      expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }),
    );
    expect(createExecutor).toBeTypeOf("function");
  });
});
