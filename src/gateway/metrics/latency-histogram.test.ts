import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKET_BOUNDS_SEC, LatencyHistogram } from "./latency-histogram.ts";

describe("latency histogram", () => {
  it("tells quantiles to 3.2 % for any durations", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (durations, quantile) => {
          const histogram = new LatencyHistogram();
          for (const ms of durations) histogram.record(ms);
          const sorted = durations.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1] ?? 0;
          const told = histogram.quantileMs(quantile);
          expect(told).toBeGreaterThanOrEqual(Math.min(exact, histogram.maxMs) - 0.001);
          expect(told).toBeLessThanOrEqual(exact * 1.032 + 0.001);
        },
      ),
    );
  });

  it("counts every duration once in the exposed buckets, at its bound inclusive", () => {
    const histogram = new LatencyHistogram();
    for (const bound of BUCKET_BOUNDS_SEC) histogram.record(bound * 1000);
    histogram.record(1e6);
    expect(histogram.cumulative()).toEqual([
      ...BUCKET_BOUNDS_SEC.map((_, i) => i + 1),
      BUCKET_BOUNDS_SEC.length + 1,
    ]);
    expect(histogram.maxMs).toBe(1e6);
  });

  it("is zero when empty", () => {
    expect(new LatencyHistogram().quantileMs(0.99)).toBe(0);
  });
});
