/**
 * A log-linear histogram of whole microseconds with HdrHistogram's buckets for three significant digits: exact below
 * 2,048 µs, above it 1,024 buckets per power of two, so a bucket is at most 1/1,024 (< 0.1 %) of its value wide.
 * Source: HdrHistogram, `subBucketCountMagnitude` = ceil(log2(2 x 10^3)) = 11, unit magnitude 0.
 */
import type { HistogramData } from "#contract";

/** Values below this are counted exactly, µs. */
const SUB_BUCKETS = 2048;
const HALF = SUB_BUCKETS / 2;
const HALF_MAGNITUDE = 10;
/** Largest value kept, µs (2^37 - 1, about 38 hours); larger ones are counted as this. */
export const HISTOGRAM_MAX_US = 2 ** 37 - 1;
const INITIAL_SLOTS = 4 * HALF;

/** Index of the bucket that holds `valueUs` (whole number, 0 to {@link HISTOGRAM_MAX_US}). */
export function bucketIndex(valueUs: number): number {
  if (valueUs < SUB_BUCKETS) return valueUs;
  if (valueUs <= 0x7fffffff) {
    const shift = 31 - HALF_MAGNITUDE - Math.clz32(valueUs);
    return (shift << HALF_MAGNITUDE) + (valueUs >>> shift);
  }
  const shift = Math.floor(Math.log2(valueUs)) - HALF_MAGNITUDE;
  return shift * HALF + Math.floor(valueUs / 2 ** shift);
}

/** Highest value that falls into the bucket, µs (HdrHistogram's `highestEquivalentValue`). */
export function bucketHighestUs(index: number): number {
  if (index < SUB_BUCKETS) return index;
  const shift = (index >>> HALF_MAGNITUDE) - 1;
  const sub = index - shift * HALF;
  return (sub + 1) * 2 ** shift - 1;
}

/** Width of the bucket, µs: 1 below 2,048 µs, at most 1/1,024 of its value above. */
export function bucketWidthUs(index: number): number {
  return index < SUB_BUCKETS ? 1 : 2 ** ((index >>> HALF_MAGNITUDE) - 1);
}

/** A mutable histogram; memory grows with the largest value only (8 B a bucket, at most 229 KB). */
export class Histogram {
  count = 0;
  minUs = 0;
  maxUs = 0;
  sumUs = 0;
  #counts = new Float64Array(INITIAL_SLOTS);

  /** Adds `times` samples of a value in µs; fractions are rounded, negatives and not-a-number count as 0. */
  record(valueUs: number, times = 1): void {
    const value = valueUs > 0 ? Math.min(Math.round(valueUs), HISTOGRAM_MAX_US) : 0;
    const index = bucketIndex(value);
    if (index >= this.#counts.length) this.#grow(index);
    // The index is below the length after growing.
    this.#counts[index]! += times;
    if (this.count === 0 || value < this.minUs) this.minUs = value;
    if (value > this.maxUs) this.maxUs = value;
    this.count += times;
    this.sumUs += value * times;
  }

  /**
   * Smallest recorded value that at least `percent` % of the samples do not exceed, µs; within [min, max] and 0 when
   * empty. Nearest-rank, as HdrHistogram's `getValueAtPercentile`.
   */
  percentileUs(percent: number): number {
    if (this.count === 0) return 0;
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count - 1e-9));
    let seen = 0;
    const last = bucketIndex(this.maxUs);
    for (let index = bucketIndex(this.minUs); index <= last; index += 1) {
      seen += this.#counts[index]!;
      if (seen >= rank) return Math.min(Math.max(bucketHighestUs(index), this.minUs), this.maxUs);
    }
    return this.maxUs;
  }

  /** Mean of the samples, µs (exact: from the sum); 0 when empty. */
  get meanUs(): number {
    return this.count === 0 ? 0 : this.sumUs / this.count;
  }

  /** Samples in the bucket of `valueUs` and below. */
  countUpTo(valueUs: number): number {
    const last = Math.min(bucketIndex(Math.min(valueUs, HISTOGRAM_MAX_US)), this.#counts.length - 1);
    let seen = 0;
    for (let index = 0; index <= last; index += 1) seen += this.#counts[index]!;
    return seen;
  }

  /** Adds all samples of another histogram; exact. */
  add(other: Histogram): void {
    this.addData(other.toData());
  }

  /** Adds all samples of a histogram's data; exact. */
  addData(data: HistogramData): void {
    if (data.count === 0) return;
    const top = bucketIndex(Math.min(data.maxUs, HISTOGRAM_MAX_US));
    if (top >= this.#counts.length) this.#grow(top);
    const { buckets } = data;
    // By index: this runs for every name and second, and iterators would cost more than the sums.
    for (let index = 0; index < buckets.length; index += 1) {
      const bucket = buckets[index]!;
      this.#counts[bucketIndex(bucket[0])]! += bucket[1];
    }
    this.minUs = this.count === 0 ? data.minUs : Math.min(this.minUs, data.minUs);
    this.maxUs = Math.max(this.maxUs, data.maxUs);
    this.count += data.count;
    this.sumUs += data.sumUs;
  }

  /** The histogram as plain data: `[highest value of the bucket in µs, count]`, ascending. */
  toData(): HistogramData {
    const buckets: [number, number][] = [];
    if (this.count > 0) {
      const last = bucketIndex(this.maxUs);
      for (let index = bucketIndex(this.minUs); index <= last; index += 1) {
        const count = this.#counts[index]!;
        if (count > 0) buckets.push([bucketHighestUs(index), count]);
      }
    }
    return { count: this.count, minUs: this.minUs, maxUs: this.maxUs, sumUs: this.sumUs, buckets };
  }

  /** Forgets all samples and keeps the memory. */
  reset(): void {
    if (this.count > 0) this.#counts.fill(0, bucketIndex(this.minUs), bucketIndex(this.maxUs) + 1);
    this.count = 0;
    this.minUs = 0;
    this.maxUs = 0;
    this.sumUs = 0;
  }

  #grow(index: number): void {
    const grown = new Float64Array(Math.max(this.#counts.length * 2, (Math.floor(index / HALF) + 1) * HALF));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

/** A histogram from its data. */
export function histogramFrom(data: HistogramData): Histogram {
  const histogram = new Histogram();
  histogram.addData(data);
  return histogram;
}

/** Histogram data without samples. */
export const EMPTY_HISTOGRAM: HistogramData = { count: 0, minUs: 0, maxUs: 0, sumUs: 0, buckets: [] };
