import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

describe("a retry budget", () => {
  it("never lets more through than its burst and its share of the requests", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat({ max: 10 }),
        (steps, share, burst) => {
          const budget = new RetryBudget(share, burst);
          let requests = 0;
          let retries = 0;
          for (const isRequest of steps) {
            if (isRequest) {
              requests += 1;
              budget.deposit();
            } else if (budget.withdraw()) retries += 1;
          }
          expect(retries).toBeLessThanOrEqual(burst + requests * share + 1e-6);
        },
      ),
    );
  });

  it("counts what it refuses", () => {
    const budget = new RetryBudget(0.2, 1);
    expect([budget.withdraw(), budget.withdraw()]).toEqual([true, false]);
    expect(budget.refusedCount).toBe(1);
    for (let i = 0; i < 5; i += 1) budget.deposit();
    expect(budget.withdraw()).toBe(true);
  });
});
