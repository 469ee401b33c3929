import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { type LevelOutcome, searchCapacity } from "./search.ts";

const verdict = (holds: boolean): LevelOutcome => ({ verdict: holds ? "holds" : "fails", reason: "" });

describe("searchCapacity", () => {
  it("finds any capacity within its precision", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 5, max: 40_000, noNaN: true }), async (capacity) => {
        const found = await searchCapacity({
          measure: async (level) => verdict(level <= capacity),
          startLevel: 100,
          maxLevel: 1e6,
        });
        expect(found.end).toBe("found");
        expect(found.capacity ?? 0).toBeLessThanOrEqual(capacity);
        expect(found.capacity ?? 0).toBeGreaterThan(capacity / 1.031);
        expect(found.failedAt ?? 0).toBeGreaterThan(capacity);
      }),
      { numRuns: 50 },
    );
  });

  it("finds whole numbers of users exactly where they are few", async () => {
    const found = await searchCapacity({
      measure: async (level) => verdict(level <= 13),
      startLevel: 4,
      maxLevel: 1000,
      isWhole: true,
      precision: 0.01,
    });
    expect(found).toMatchObject({ capacity: 13, failedAt: 14 });
  });

  it("is not misled by a level that fails once in a while", async () => {
    let near = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const random = createRandom(seed);
      const found = await searchCapacity({
        measure: async (level) => verdict(level <= 500 && random() > 0.05),
        startLevel: 50,
        maxLevel: 1e5,
      });
      if ((found.capacity ?? 0) > 450) near += 1;
    }
    // One failure in 20 on its own would end 40 % of searches of ten levels too low.
    expect(near).toBeGreaterThanOrEqual(18);
  });

  it("says when nothing holds, everything holds, or the generator is the limit", async () => {
    const search = (measure: (level: number) => LevelOutcome) =>
      searchCapacity({ measure: async (level) => measure(level), startLevel: 64, maxLevel: 1000 });
    expect(await search(() => verdict(false))).toMatchObject({ end: "nothing-holds", capacity: null });
    expect(await search(() => verdict(true))).toMatchObject({ end: "reached-maximum", capacity: 1000 });
    const limited = await search((level) =>
      level > 200 ? { verdict: "unknown", reason: "" } : verdict(true),
    );
    expect(limited).toMatchObject({ end: "generator-limit", capacity: 128 });
  });
});
