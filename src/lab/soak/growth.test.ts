import { describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { pointOf, resultOf } from "../fixture.suite.ts";
import { parseTargets } from "../targets/parse.ts";
import { judge } from "../verdict/judge.ts";
import { judgeGrowth } from "./growth.ts";
import { leakingSeries, steadySeries } from "./simulated-series.suite.ts";
import { hoursOf } from "./soak-figures.ts";

const RUNS = 200;

describe("judgeGrowth", () => {
  it(`accuses at most 2 of ${RUNS} steady series and finds at least 190 of ${RUNS} that leak 1 MB/min`, () => {
    let accused = 0;
    let found = 0;
    for (let run = 0; run < RUNS; run += 1) {
      if (judgeGrowth(steadySeries(createRandom(run))).verdict === "grows") accused += 1;
      if (judgeGrowth(leakingSeries(createRandom(5000 + run), 1e6)).verdict === "grows") found += 1;
    }
    expect({ accused: accused <= 2, found: found >= 190 }, `accused ${accused}, found ${found}`).toEqual({
      accused: true,
      found: true,
    });
  });

  it("measures the slope with an interval around it", () => {
    const series = Array.from({ length: 600 }, (_, tSec) => [tSec, 1e8 + 2e4 * tSec] as const);
    const growth = judgeGrowth(series);
    expect(growth.slopePerHour / (2e4 * 3600)).toBeCloseTo(1, 2);
    expect(growth.lowPerHour).toBeLessThanOrEqual(growth.slopePerHour);
    expect(growth.highPerHour).toBeGreaterThanOrEqual(growth.slopePerHour);
  });

  it("does not judge what is too short", () => {
    expect(judgeGrowth([]).verdict).toBe("too-short");
    expect(judgeGrowth(Array.from({ length: 200 }, (_, tSec) => [tSec, tSec] as const)).verdict).toBe(
      "too-short",
    );
  });
});

describe("soak rows", () => {
  const table = parseTargets(
    [
      "name: t",
      "rows:",
      '  - { id: leaks, label: L, metric: leak_suspects, op: "=", bound: 0, scenarios: light, source: s }',
      '  - { id: latency, label: G, metric: latency_growth, op: "<=", bound: 10, unit: "%", scenarios: light, source: s }',
    ].join("\n"),
    "t.yaml",
  );
  const soak = (observed: [number, number][], lastHourMs: number) =>
    resultOf({
      series: Array.from({ length: 7200 }, (_, tSec) =>
        pointOf(tSec, 10, tSec < 3600 ? 20 : lastHourMs, 300 / 7200),
      ),
      observed: { memory_bytes: observed },
    });

  it("name series that grow and compare the last hour with the first", () => {
    const leaking = judge(soak(leakingSeries(createRandom(1), 2e6), 30), [table]).rows;
    expect(leaking.map((row) => row.outcome)).toEqual(["fail", "fail"]);
    expect(leaking[0]?.measuredText).toContain("memory_bytes");
    expect(leaking[1]?.measured).toBeCloseTo(50, 3);
    const steady = judge(soak(steadySeries(createRandom(2)), 20), [table]).rows;
    expect(steady.map((row) => row.outcome)).toEqual(["pass", "pass"]);
  });

  it("are not measured in short runs", () => {
    expect(judge(resultOf(), [table]).rows.map((row) => row.outcome)).toEqual([
      "not-measured",
      "not-measured",
    ]);
  });

  it("tell hour by hour", () => {
    const hours = hoursOf(
      soak(
        [
          [10, 100],
          [3700, 200],
        ],
        30,
      ),
    );
    expect(hours.map((hour) => [hour.hour, hour.meanMs, hour.memoryBytes])).toEqual([
      [1, expect.closeTo(20, 6), 100],
      [2, expect.closeTo(30, 6), 200],
    ]);
  });
});
