import type { HistogramData } from "#contract";
import { percentileMs } from "./histogram.ts";

/** Normal quantile of a two-sided 99 % interval. */
const Z_99 = 2.576;

/** A percentile with its interval, ms. */
export interface QuantileInterval {
  readonly valueMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/**
 * A percentile with a distribution-free 99 % confidence interval: the order statistics at the binomial's ranks
 * (normal approximation; Conover, Practical Nonparametric Statistics, section 3.2). Independent samples are assumed.
 * @returns null without samples, or with too few for the interval's ranks to exist
 */
export function quantileInterval(histogram: HistogramData, percentile: number): QuantileInterval | null {
  const { count } = histogram;
  const p = percentile / 100;
  const spread = Z_99 * Math.sqrt(count * p * (1 - p));
  const [low, high] = [count * p - spread, count * p + spread];
  if (count === 0 || low < 1 || high > count) return null;
  const at = (rank: number) => percentileMs(histogram, (100 * rank) / count) ?? 0;
  return { valueMs: percentileMs(histogram, percentile) ?? 0, lowMs: at(low), highMs: at(high) };
}
