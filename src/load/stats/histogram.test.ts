import fc from "fast-check";
import { build } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { bucketHighestUs, bucketIndex, HISTOGRAM_MAX_US, Histogram, histogramFrom } from "./histogram.ts";

const valueUs = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 60_000_000 }),
  fc.integer({ min: 0, max: 2 ** 36 }),
);

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe("Histogram", () => {
  it("puts every value into a bucket at most 0.1 % wide, in order", () => {
    fc.assert(
      fc.property(valueUs, (value) => {
        const highest = bucketHighestUs(bucketIndex(value));
        expect(highest).toBeGreaterThanOrEqual(value);
        expect(highest - value).toBeLessThanOrEqual(Math.max(0, value / 1024));
        expect(bucketIndex(highest)).toBe(bucketIndex(value));
        expect(bucketIndex(highest + 1)).toBe(bucketIndex(value) + 1);
      }),
    );
  });

  it("has the buckets of HdrHistogram with three digits", () => {
    const hdr = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HISTOGRAM_MAX_US,
      numberOfSignificantValueDigits: 3,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (value) => {
        hdr.reset();
        hdr.recordValue(value);
        expect(bucketHighestUs(bucketIndex(value))).toBe(hdr.getValueAtPercentile(100));
      }),
    );
  });

  it("answers percentiles by nearest rank within a bucket, never outside [min, max]", () => {
    fc.assert(
      fc.property(
        fc.array(valueUs, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (values, p) => {
          const histogram = filled(values);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil((p / 100) * sorted.length - 1e-9)) - 1]!;
          const got = histogram.percentileUs(p);
          expect(got).toBeGreaterThanOrEqual(exact);
          expect(got - exact).toBeLessThanOrEqual(exact / 1024);
          expect(got).toBeGreaterThanOrEqual(sorted[0]!);
          expect(got).toBeLessThanOrEqual(sorted.at(-1)!);
        },
      ),
    );
  });

  it("merges exactly: the merge of parts is the histogram of all samples", () => {
    fc.assert(
      fc.property(fc.array(fc.array(valueUs, { maxLength: 50 }), { maxLength: 6 }), (parts) => {
        const merged = new Histogram();
        for (const part of parts) merged.add(filled(part));
        expect(merged.toData()).toEqual(filled(parts.flat()).toData());
        expect(histogramFrom(merged.toData()).toData()).toEqual(merged.toData());
      }),
    );
  });

  it("is as new after a reset", () => {
    const histogram = filled([1, 5000, 70_000_000]);
    histogram.reset();
    expect(histogram.toData()).toEqual(new Histogram().toData());
    histogram.record(3);
    expect(histogram.percentileUs(99)).toBe(3);
  });

  it("reports 1049.0 ms as 1049 ms", () => {
    const histogram = filled(Array.from({ length: 100 }, () => 1_049_000));
    for (const p of [0, 50, 95, 99, 100]) expect(histogram.percentileUs(p)).toBe(1_049_000);
  });

  it("keeps samples beyond its range at its bound and bad values at 0", () => {
    const histogram = filled([2 ** 40, -5, Number.NaN]);
    expect(histogram.maxUs).toBe(HISTOGRAM_MAX_US);
    expect(histogram.minUs).toBe(0);
    expect(histogram.count).toBe(3);
  });
});
