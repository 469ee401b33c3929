/** 10^8 recorded samples, and 24 hours of one-second series, stay under 100 MB. */
import { describe, expect, it } from "vitest";
import { measureStatsMemory } from "../../src/load/stats/memory.suite.ts";

describe("memory of the statistics", () => {
  it("stays under 100 MB for 10^8 samples over 24 hours", () => {
    const use = measureStatsMemory(86_400, 1158);
    console.log(`${use.samples} samples, ${use.seconds} s: ${use.mib.toFixed(1)} MiB`);
    expect(use.samples).toBeGreaterThan(1e8);
    expect(use.mib).toBeLessThan(100);
  });
});
