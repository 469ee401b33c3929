import type { HistogramData } from "#contract";

const US_PER_MS = 1000;

/** A histogram without samples. */
export const EMPTY_HISTOGRAM: HistogramData = { count: 0, minUs: 0, maxUs: 0, sumUs: 0, buckets: [] };

/**
 * A percentile by nearest rank: the smallest recorded value that at least `percentile` % of the samples do not exceed,
 * never outside [min, max].
 * @param percentile 0-100
 * @returns ms, or null without samples
 */
export function percentileMs(histogram: HistogramData, percentile: number): number | null {
  if (histogram.count === 0) return null;
  // 0.95 * 100 is 95.00000000000001 in floating point for some products; without the slack one rank too many is taken.
  const rank = Math.max(1, Math.ceil((percentile / 100) * histogram.count - 1e-9));
  let seen = 0;
  for (const [valueUs, count] of histogram.buckets) {
    seen += count;
    if (seen >= rank) return Math.min(Math.max(valueUs, histogram.minUs), histogram.maxUs) / US_PER_MS;
  }
  return histogram.maxUs / US_PER_MS;
}

/** Mean of the exact samples, ms; null without samples. */
export function meanMs(histogram: HistogramData): number | null {
  return histogram.count === 0 ? null : histogram.sumUs / histogram.count / US_PER_MS;
}

/** Largest sample, ms; null without samples. */
export function maxMs(histogram: HistogramData): number | null {
  return histogram.count === 0 ? null : histogram.maxUs / US_PER_MS;
}

/** Smallest sample, ms; null without samples. */
export function minMs(histogram: HistogramData): number | null {
  return histogram.count === 0 ? null : histogram.minUs / US_PER_MS;
}

/** The histogram of all samples of several: exact, since all use the same buckets. O(buckets). */
export function mergeHistograms(parts: readonly HistogramData[]): HistogramData {
  const filled = parts.filter((part) => part.count > 0);
  if (filled.length === 0) return EMPTY_HISTOGRAM;
  const only = filled.length === 1 ? filled[0] : undefined;
  if (only !== undefined) return only;
  const buckets = new Map<number, number>();
  for (const part of filled)
    for (const [valueUs, count] of part.buckets) buckets.set(valueUs, (buckets.get(valueUs) ?? 0) + count);
  return {
    count: filled.reduce((sum, part) => sum + part.count, 0),
    minUs: Math.min(...filled.map((part) => part.minUs)),
    maxUs: Math.max(...filled.map((part) => part.maxUs)),
    sumUs: filled.reduce((sum, part) => sum + part.sumUs, 0),
    buckets: [...buckets].sort((a, b) => a[0] - b[0]),
  };
}
