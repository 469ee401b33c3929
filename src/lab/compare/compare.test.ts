import { describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { resultOf } from "../fixture.suite.ts";
import { blockLength, drawBlocks } from "./bootstrap.ts";
import { compareRuns } from "./compare.ts";
import { simulateRun, TYPICAL_RUN } from "./simulated-run.suite.ts";
import { normalProbability, normalQuantile, studentQuantile } from "./student.ts";

describe("quantiles", () => {
  // Values from standard tables of the normal and of Student's t distribution.
  it.each([
    [0.975, 1.959964],
    [0.995, 2.575829],
    [0.0005, -3.290527],
    [0.99999, 4.264891],
  ])("normal %d", (p, value) => {
    expect(normalQuantile(p)).toBeCloseTo(value, 4);
    expect(normalProbability(value)).toBeCloseTo(p, 6);
  });

  it.each([
    [0.975, 5, 2.571],
    [0.995, 10, 3.169],
    [0.9995, 20, 3.85],
    [0.975, 1000, 1.962],
  ])("Student %d with %i degrees", (p, df, value) => {
    expect(Math.abs(studentQuantile(p, df) / value - 1)).toBeLessThan(0.01);
  });
});

describe("blocks", () => {
  it("are longer where windows resemble their neighbours", () => {
    const random = createRandom(1);
    const noise = Array.from({ length: 120 }, () => random());
    let level = 0;
    const waves = noise.map((value) => (level = 0.9 * level + value));
    expect(blockLength(noise)).toBeLessThan(blockLength(waves));
    expect(blockLength(waves)).toBeLessThanOrEqual(20);
    expect(blockLength([1, 2, 3])).toBe(1);
    expect(blockLength(Array(50).fill(3))).toBe(2);
  });

  it("draw as many windows as there are, neighbours together", () => {
    const weights = drawBlocks(10, 3, createRandom(2));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(10);
  });
});

describe("compareRuns", () => {
  const pair = (factor: number, seed: number) => {
    const random = createRandom(seed);
    return compareRuns(
      [simulateRun(TYPICAL_RUN, 1, random, "a")],
      [simulateRun(TYPICAL_RUN, factor, random, "b")],
      { seed },
    );
  };

  it("tells equal runs from runs that take 10 % longer or less", () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      expect(pair(1, seed).differences.filter((difference) => difference.finding !== "none")).toEqual([]);
      expect(pair(1.1, 100 + seed).isRegression).toBe(true);
      const faster = pair(1 / 1.1, 200 + seed);
      expect(faster.isRegression).toBe(false);
      expect(faster.differences[0]?.finding).toBe("better");
    }
  });

  it("covers the true change with its interval", () => {
    const all = pair(1.1, 7).differences.filter((difference) => difference.figure === "mean");
    expect(all.map((difference) => difference.endpoint).sort()).toEqual(["GET /a", "GET /b", "all requests"]);
    for (const difference of all) {
      expect(difference.low).toBeLessThan(0.1);
      expect(difference.high).toBeGreaterThan(0.1);
    }
  });

  it("finds failures that were not there", () => {
    const random = createRandom(3);
    const before = simulateRun(TYPICAL_RUN, 1, random, "a");
    const after = simulateRun(TYPICAL_RUN, 1, random, "b");
    const windows = after.windows?.map((window) => ({
      ...window,
      rows: window.rows.map((row) => ({ ...row, failures: row.name === "/a" ? 1 : 0 })),
    }));
    const found = compareRuns([before], [{ ...after, windows: windows ?? [] }]);
    expect(found.differences[0]).toMatchObject({ endpoint: "GET /a", figure: "errors", finding: "worse" });
  });

  it("lets repeats that differ widen the interval", () => {
    const random = createRandom(4);
    const runs = (factors: readonly number[]) =>
      factors.map((factor, index) => simulateRun(TYPICAL_RUN, factor, random, `r${index}`));
    const widths = [
      compareRuns(runs([1, 1, 1]), runs([1, 1, 1])),
      compareRuns(runs([0.9, 1, 1.1]), runs([0.9, 1, 1.1])),
    ].map(({ differences }) => {
      const mean = differences.find((entry) => entry.figure === "mean" && entry.endpoint === "all requests");
      return (mean?.high ?? 0) - (mean?.low ?? 0);
    });
    expect(widths[1]).toBeGreaterThan(2 * (widths[0] ?? 0));
  });

  it("says what makes runs unequal, and refuses what cannot be compared", () => {
    const random = createRandom(5);
    const run = simulateRun(TYPICAL_RUN, 1, random, "a");
    const other = { ...run, environment: { ...run.environment, cores: 64 } };
    expect(compareRuns([run], [other]).notes.join()).toContain("number of cores");
    for (const wrong of [[], [resultOf()], [{ ...run, scenario: { ...run.scenario, name: "x" } }]])
      expect(() => compareRuns([run], wrong)).toThrow(
        expect.objectContaining({ code: "RMP_LAB_RESULT_INVALID" }),
      );
  });
});
