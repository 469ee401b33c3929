/** Sub-buckets per power of two: percentiles are at most 1/32 = 3.1 % above the true value. */
const SUB_BUCKETS = 32;
const SUB_BITS = 5;
/** Powers of two covered, in microseconds: 2^32 µs is 71 minutes. */
const OCTAVES = 28;

/**
 * Bounds of the exposed buckets in seconds. Source: the latency targets the gateway is judged by (1 ms of added latency
 * up to answers of minutes), in steps of about 2.5.
 */
export const BUCKET_BOUNDS_SEC: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

const BOUNDS_US = BUCKET_BOUNDS_SEC.map((bound) => bound * 1e6);

/** A histogram as plain data, which can be sent between processes and added up without loss. */
export interface HistogramSnapshot {
  readonly count: number;
  readonly sumMs: number;
  readonly maxMs: number;
  /** Fine buckets that are not empty: `[index, count, index, count, …]`. */
  readonly fine: readonly number[];
  /** Counts by {@link BUCKET_BOUNDS_SEC}, not cumulative; the last entry is what lies above all bounds. */
  readonly exposed: readonly number[];
}

/** Durations in constant memory: percentiles to 3 %, exact sum, exact counts per exposed bucket. */
export class LatencyHistogram {
  count = 0;
  sumMs = 0;
  maxMs = 0;
  private readonly fine = new Uint32Array((OCTAVES + 1) * SUB_BUCKETS);
  private readonly exposed = new Uint32Array(BOUNDS_US.length + 1);

  /** Adds one duration in milliseconds. */
  record(ms: number): void {
    const us = ms > 0 ? ms * 1000 : 0;
    this.count += 1;
    this.sumMs += ms;
    if (ms > this.maxMs) this.maxMs = ms;
    const fine = fineIndex(us);
    this.fine[fine] = (this.fine[fine] ?? 0) + 1;
    let bucket = 0;
    while (bucket < BOUNDS_US.length && us > BOUNDS_US[bucket]!) bucket += 1;
    this.exposed[bucket] = (this.exposed[bucket] ?? 0) + 1;
  }

  /** What has been recorded so far, as plain data. */
  snapshot(): HistogramSnapshot {
    const fine: number[] = [];
    for (let i = 0; i < this.fine.length; i += 1) if (this.fine[i] !== 0) fine.push(i, this.fine[i]!);
    const { count, sumMs, maxMs } = this;
    return { count, sumMs, maxMs, fine, exposed: Array.from(this.exposed) };
  }

  /** Adds what another histogram recorded: the result is the same as if all had been recorded here. */
  add(other: HistogramSnapshot): this {
    this.count += other.count;
    this.sumMs += other.sumMs;
    this.maxMs = Math.max(this.maxMs, other.maxMs);
    for (let i = 0; i < other.fine.length; i += 2) {
      const bucket = other.fine[i]!;
      this.fine[bucket] = this.fine[bucket]! + other.fine[i + 1]!;
    }
    for (let i = 0; i < this.exposed.length; i += 1)
      this.exposed[i] = this.exposed[i]! + (other.exposed[i] ?? 0);
    return this;
  }

  /** The value below or at which a share `quantile` in [0, 1] of the durations lies, ms; 0 when empty. */
  quantileMs(quantile: number): number {
    if (this.count === 0) return 0;
    const rank = Math.max(1, Math.ceil(quantile * this.count));
    let seen = 0;
    for (let i = 0; i < this.fine.length; i += 1) {
      seen += this.fine[i]!;
      if (seen >= rank) return Math.min(upperBoundUs(i) / 1000, this.maxMs);
    }
    return this.maxMs;
  }

  /** Durations at or below each bound of {@link BUCKET_BOUNDS_SEC}; the last entry counts all. */
  cumulative(): number[] {
    let total = 0;
    return Array.from(this.exposed, (count) => {
      total += count;
      return total;
    });
  }
}

function fineIndex(us: number): number {
  const whole = Math.min(us, 2 ** (OCTAVES + SUB_BITS) - 1) | 0;
  if (whole < SUB_BUCKETS) return whole;
  const octave = 31 - Math.clz32(whole) - SUB_BITS;
  return Math.min(
    (octave + 1) * SUB_BUCKETS + ((whole >> octave) - SUB_BUCKETS),
    (OCTAVES + 1) * SUB_BUCKETS - 1,
  );
}

function upperBoundUs(index: number): number {
  if (index < SUB_BUCKETS) return index + 1;
  const octave = Math.floor(index / SUB_BUCKETS) - 1;
  return (SUB_BUCKETS + (index % SUB_BUCKETS) + 1) * 2 ** octave;
}

/** Several histograms as one. */
export function mergeHistograms(snapshots: readonly HistogramSnapshot[]): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const snapshot of snapshots) merged.add(snapshot);
  return merged;
}
