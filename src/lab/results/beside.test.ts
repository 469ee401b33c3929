import { describe, expect, it } from "vitest";
import { resultOf, statsOf } from "../fixture.suite.ts";
import { withBeside } from "./beside.ts";

const CACHED = "chat (cached)";
const run = (ms: number) => {
  const stats = statsOf("POST", CACHED, [ms, ms, ms, ms]);
  return resultOf({ id: `run-${ms}`, requests: [stats], total: stats });
};
const spec = {
  label: "without cache",
  settings: { cache: "off" },
  speedUp: { metric: "cache_speedup", name: CACHED },
};

describe("the run beside", () => {
  it("stands with its figures and gives the speed-up", () => {
    const result = withBeside(run(10), run(50), spec);
    expect(result.metrics.at(-1)).toMatchObject({ name: "cache_speedup", unit: "x", count: 4 });
    expect(result.metrics.at(-1)?.value).toBeCloseTo(5, 1);
    expect(result.beside).toMatchObject({ label: "without cache", runId: "run-50", isValid: true });
    expect(result.beside?.rows.map(({ name }) => name)).toEqual([CACHED, "Aggregated"]);
    expect(result.beside?.rows[0]?.there.p95Ms).toBeCloseTo(50, 0);
  });

  it("gives no speed-up for a name that was not exercised", () => {
    const result = withBeside(run(10), run(50), { ...spec, speedUp: { metric: "x", name: "other" } });
    expect(result.metrics).toEqual(run(10).metrics);
  });
});
