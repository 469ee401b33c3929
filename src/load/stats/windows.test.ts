import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";
import { type SecondByName, WindowSeries } from "./windows.ts";

function secondOf(samplesUs: readonly number[]): SecondByName {
  const histogram = new Histogram();
  for (const sample of samplesUs) histogram.record(sample);
  return new Map([
    ["GET\n/a", { requests: samplesUs.length, failures: 1, fromDue: [histogram.toData()] }],
    ["GET\n/b", { requests: 1, failures: 0, fromDue: [histogram.toData()] }],
  ]);
}

describe("WindowSeries", () => {
  it("keeps seconds apart while there are few", () => {
    const series = new WindowSeries();
    for (let tSec = 0; tSec < 100; tSec += 1) series.add(tSec, secondOf([1000]));
    const windows = series.toData();
    expect(windows).toHaveLength(100);
    expect(windows[7]).toMatchObject({ fromSec: 7, toSec: 8 });
    expect(windows[7]?.rows[0]).toMatchObject({ method: "GET", name: "/a", count: 1, failures: 1 });
  });

  it("joins neighbours and loses nothing, however long the run is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (seconds) => {
        const series = new WindowSeries();
        for (let tSec = 0; tSec < seconds; tSec += 1) series.add(tSec, secondOf([1000, 2000]));
        const windows = series.toData();
        expect(windows.length).toBeLessThanOrEqual(120);
        const counts = windows.map((window) => window.rows[0]?.fromDue.count ?? 0);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2 * seconds);
        expect(windows.at(-1)?.toSec).toBe(seconds);
        for (const [index, window] of windows.entries())
          if (index > 0) expect(window.fromSec).toBe(windows[index - 1]?.toSec);
      }),
      { numRuns: 20 },
    );
  });
});
