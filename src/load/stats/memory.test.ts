import { describe, expect, it } from "vitest";
import { measureStatsMemory } from "./memory.suite.ts";

describe("statistics", () => {
  it("stay small over ten minutes and 300,000 samples", () => {
    const use = measureStatsMemory(600, 500);
    expect(use).toMatchObject({ samples: 300_000, seconds: 600 });
    expect(use.mib).toBeLessThan(40);
  });
});
