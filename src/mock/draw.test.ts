import { describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { drawAnswer, drawDelayMs } from "./draw.ts";
import { DEFAULT_MOCK_SETTINGS, type MockSettings } from "./settings.ts";

const DRAWS = 20_000;

function settingsWith(change: Partial<MockSettings>): MockSettings {
  return { ...DEFAULT_MOCK_SETTINGS, ...change };
}

function sortedDelays(latencyDistribution: MockSettings["latencyDistribution"]): number[] {
  const random = createRandom(7);
  return Array.from({ length: DRAWS }, () => drawDelayMs({ ttftMs: 100, latencyDistribution }, random)).sort(
    (a, b) => a - b,
  );
}

describe("drawDelayMs", () => {
  it("holds the stated centre and spread of each distribution", () => {
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const quantile = (values: number[], share: number): number => values[Math.floor(values.length * share)]!;

    expect(new Set(sortedDelays("constant"))).toEqual(new Set([100]));
    const uniform = sortedDelays("uniform");
    expect(uniform[0]).toBeGreaterThanOrEqual(50);
    expect(uniform.at(-1)).toBeLessThanOrEqual(150);
    expect(Math.abs(mean(uniform) - 100)).toBeLessThan(2);
    const exponential = sortedDelays("exponential");
    expect(Math.abs(mean(exponential) - 100)).toBeLessThan(4);
    expect(Math.abs(quantile(exponential, 0.5) - 100 * Math.LN2)).toBeLessThan(4);
    const lognormal = sortedDelays("lognormal");
    expect(Math.abs(quantile(lognormal, 0.5) - 100)).toBeLessThan(3);
    // One sigma above the median: 100 * e^0.5.
    expect(Math.abs(quantile(lognormal, 0.8413) - 164.9)).toBeLessThan(6);
  });
});

describe("drawAnswer", () => {
  it("is a pure function of seed and turn", () => {
    const settings = settingsWith({ errorRate: 0.3, ttftMs: 10, latencyDistribution: "lognormal" });
    const run = (seed: number): unknown[] =>
      Array.from({ length: 50 }, (_, turn) => {
        const { isError, delayMs, faultAfterEvents, random } = drawAnswer({ ...settings, seed }, turn);
        return [isError, delayMs, faultAfterEvents, random()];
      });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it("keeps the error rate and the fault rate", () => {
    const settings = settingsWith({ errorRate: 0.1, fault: "reset", faultRate: 0.25 });
    let errors = 0;
    let faults = 0;
    for (let turn = 0; turn < DRAWS; turn += 1) {
      const draw = drawAnswer(settings, turn);
      errors += Number(draw.isError);
      faults += Number(draw.fault === "reset");
    }
    expect(Math.abs(errors / DRAWS - 0.1)).toBeLessThan(0.01);
    expect(Math.abs(faults / DRAWS - 0.25)).toBeLessThan(0.015);
  });

  it("puts bursts of errors at the end of each period", () => {
    const settings = settingsWith({ errorBurstEvery: 5, errorBurstLength: 2 });
    const turns = Array.from({ length: 10 }, (_, turn) => drawAnswer(settings, turn).isError);
    expect(turns).toEqual([false, false, false, true, true, false, false, false, true, true]);
  });
});
