import { describe, expect, it } from "vitest";
import { compareRuns } from "#lab";
import { createRandom } from "#shared";
import { simulateRun, TYPICAL_RUN } from "../../src/lab/compare/simulated-run.suite.ts";

const PAIRS = 200;

/** Comparisons of made-up pairs with a regression found. */
function regressions(factor: number, offset: number): number {
  let found = 0;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const random = createRandom(offset + pair);
    const before = simulateRun(TYPICAL_RUN, 1, random, "a");
    const after = simulateRun(TYPICAL_RUN, factor, random, "b");
    const { differences } = compareRuns([before], [after], { seed: pair });
    if (differences.some((difference) => difference.finding !== "none")) found += 1;
  }
  return found;
}

describe(`comparing ${PAIRS} simulated pairs (autocorrelated latencies, drift)`, () => {
  it("raises at most 4 false alarms", { timeout: 600_000 }, () => {
    const found = regressions(1, 10_000);
    console.info(`false alarms: ${found} of ${PAIRS}`);
    expect(found).toBeLessThanOrEqual(4);
  });

  it("finds +10 % at least 196 times", { timeout: 600_000 }, () => {
    const found = regressions(1.1, 20_000);
    console.info(`+10 % found: ${found} of ${PAIRS}`);
    expect(found).toBeGreaterThanOrEqual(196);
  });
});
