import { type HistogramSnapshot, mergeHistograms } from "./latency-histogram.ts";

/** Mean, quantiles and maximum of a distribution, ms to three digits; zeros when it is empty. */
export function quantiles(snapshot: HistogramSnapshot): Record<string, number> {
  const histogram = mergeHistograms([snapshot]);
  return {
    mean: histogram.count === 0 ? 0 : toThreeDigits(histogram.sumMs / histogram.count),
    p50: toThreeDigits(histogram.quantileMs(0.5)),
    p95: toThreeDigits(histogram.quantileMs(0.95)),
    p99: toThreeDigits(histogram.quantileMs(0.99)),
    max: toThreeDigits(histogram.maxMs),
  };
}

/** Rounded to three digits after the point. */
export function toThreeDigits(value: number): number {
  return Math.round(value * 1000) / 1000;
}
