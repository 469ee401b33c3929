import { describe, expect, it } from "vitest";
import { coverageCharts } from "./coverage-chart.ts";

describe("coverageCharts", () => {
  it("shows users asked for beside users delivered", () => {
    const coverage = [10, 10, 6].map((users, tSec) => ({
      tSec,
      askedUsers: 10,
      users,
      workers: users > 6 ? 3 : 2,
    }));
    const [chart] = coverageCharts(coverage, []);
    expect(chart?.series.map(({ label, values }) => [label, ...values])).toEqual([
      ["Asked", 10, 10, 10],
      ["Delivered", 10, 10, 6],
      ["Workers", 3, 3, 2],
    ]);
  });

  it("is absent on one machine and bounded for long runs", () => {
    expect(coverageCharts([], [])).toEqual([]);
    const day = Array.from({ length: 86_400 }, (_, tSec) => ({ tSec, askedUsers: 1, users: 1, workers: 1 }));
    expect(coverageCharts(day, [])[0]?.x.length).toBeLessThanOrEqual(1200);
  });
});
