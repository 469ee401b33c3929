/**
 * Whether a series grows without end: robust against saw-teeth (garbage collection), warm-up and steps.
 *
 * The first quarter is left out (warm-up). The rest is cut into buckets of equal length, of which only the lowest value
 * counts: what is left after the collector ran. Single jumps between neighbours are taken out. Growth is accused when Mann
 * and Kendall's test (Econometrica 13, 1945) says so, when each half grows on its own (a slowing warm-up does not), and
 * when the growth is large enough to matter. The slope is Theil and Sen's median of slopes (JASA 63, 1968) with Sen's
 * interval.
 */
import type { Samples } from "../verdict/observed.ts";

/** Share of the run left out at its start. */
const WARM_UP_SHARE = 0.25;
/** Buckets at least as long as a collector's usual period, and as many as fit. */
const MIN_BUCKET_SEC = 45;
const MIN_BUCKETS = 8;
const MAX_BUCKETS = 48;
/** Normal quantile of the test: 0.1 % one-sided. */
const CRITICAL_Z = 3.1;
/** A jump between neighbours is a step when it exceeds so many times the median deviation of the other jumps. */
const STEP_DEVIATIONS = 8;
/** Steps taken out at most, as a share of the buckets. */
const MAX_STEP_SHARE = 0.2;
/** Each half must show at least this share of the whole slope. */
const HALF_SHARE = 0.4;
/** Growth over the judged part below this share of the level is not accused. */
const MIN_GROWTH_SHARE = 0.015;
/** Samples a verdict needs. */
const MIN_SAMPLES = 90;
const MIN_SPAN_SEC = (MIN_BUCKET_SEC * MIN_BUCKETS) / (1 - WARM_UP_SHARE);

/** What a series does over a run. */
export interface Growth {
  readonly verdict: "grows" | "steady" | "too-short";
  /** Units per hour, with the interval of Sen (99 %); 0 when too short. */
  readonly slopePerHour: number;
  readonly lowPerHour: number;
  readonly highPerHour: number;
  /** Level at the start and at the end of the judged part (lowest values). */
  readonly from: number;
  readonly to: number;
}

/** Judges a series of `[seconds, value]`. O(buckets^2), at most a few hundred slopes. */
export function judgeGrowth(samples: Samples): Growth {
  const first = samples[0]?.[0] ?? 0;
  const last = samples.at(-1)?.[0] ?? 0;
  const none = { slopePerHour: 0, lowPerHour: 0, highPerHour: 0, from: 0, to: 0 };
  if (samples.length < MIN_SAMPLES || last - first < MIN_SPAN_SEC) return { verdict: "too-short", ...none };
  const judged = samples.filter(([tSec]) => tSec >= first + WARM_UP_SHARE * (last - first));
  const spanOfJudged = (1 - WARM_UP_SHARE) * (last - first);
  const buckets = Math.min(MAX_BUCKETS, Math.floor(spanOfJudged / MIN_BUCKET_SEC));
  const lowest = withoutSteps(lowestOfBuckets(judged, buckets));
  const slopes = slopesOf(lowest);
  const slope = median(slopes);
  const [low, high] = senInterval(slopes, lowest.length);
  const middle = Math.floor(lowest.length / 2);
  const halves = [lowest.slice(0, middle), lowest.slice(middle)].map((half) => median(slopesOf(half)));
  const from = lowest[0]?.[1] ?? 0;
  const spanSec = (lowest.at(-1)?.[0] ?? 0) - (lowest[0]?.[0] ?? 0);
  const level = Math.max(Math.abs(from), Number.MIN_VALUE);
  const grows =
    slope > 0 &&
    mannKendallZ(lowest) > CRITICAL_Z &&
    halves.every((half) => half > HALF_SHARE * slope) &&
    slope * spanSec > MIN_GROWTH_SHARE * level;
  return {
    verdict: grows ? "grows" : "steady",
    slopePerHour: slope * 3600,
    lowPerHour: low * 3600,
    highPerHour: high * 3600,
    from,
    to: from + slope * spanSec,
  };
}

function lowestOfBuckets(samples: Samples, buckets: number): (readonly [number, number])[] {
  const first = samples[0]?.[0] ?? 0;
  const width = ((samples.at(-1)?.[0] ?? 0) - first) / buckets || 1;
  const lowest = new Map<number, number>();
  for (const [tSec, value] of samples) {
    const bucket = Math.min(buckets - 1, Math.floor((tSec - first) / width));
    lowest.set(bucket, Math.min(lowest.get(bucket) ?? Number.POSITIVE_INFINITY, value));
  }
  return [...lowest]
    .sort((a, b) => a[0] - b[0])
    .map(([bucket, value]) => [first + (bucket + 0.5) * width, value]);
}

/** The points with jumps between neighbours taken out: a step of the level is no growth, nor does it hide one. */
function withoutSteps(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const jumps = points.slice(1).map(([, value], index) => value - (points[index]?.[1] ?? value));
  const usual = median([...jumps].sort((a, b) => a - b));
  const deviation = median(jumps.map((jump) => Math.abs(jump - usual)).sort((a, b) => a - b));
  const suspects = jumps
    .map((jump, index) => ({ index, excess: Math.abs(jump - usual) }))
    .filter(({ excess }) => excess > STEP_DEVIATIONS * deviation)
    .sort((a, b) => b.excess - a.excess)
    .slice(0, Math.floor(MAX_STEP_SHARE * points.length));
  const steps = new Set(suspects.map(({ index }) => index));
  let taken = 0;
  return points.map(([tSec, value], index) => {
    if (steps.has(index - 1)) taken += (jumps[index - 1] ?? 0) - usual;
    return [tSec, value - taken] as const;
  });
}

function slopesOf(points: readonly (readonly [number, number])[]): number[] {
  const slopes: number[] = [];
  for (const [index, [tSec, value]] of points.entries())
    for (const [laterSec, laterValue] of points.slice(index + 1))
      slopes.push((laterValue - value) / (laterSec - tSec));
  return slopes.sort((a, b) => a - b);
}

/** Z of Mann and Kendall's test with continuity correction; ties lower the score, not the variance (conservative). */
function mannKendallZ(points: readonly (readonly [number, number])[]): number {
  const n = points.length;
  let score = 0;
  for (const [index, [, value]] of points.entries())
    for (const [, later] of points.slice(index + 1)) score += Math.sign(later - value);
  const variance = (n * (n - 1) * (2 * n + 5)) / 18;
  return score === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance);
}

/** Sen's 99 % interval of the slope: ranks around the median by the score's standard deviation. */
function senInterval(slopes: readonly number[], n: number): [number, number] {
  const spread = 2.576 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number) => slopes[Math.max(0, Math.min(slopes.length - 1, Math.round(rank)))] ?? 0;
  return [at((slopes.length - spread) / 2 - 1), at((slopes.length + spread) / 2)];
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
