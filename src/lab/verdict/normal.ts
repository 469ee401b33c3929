import type { SeriesPoint } from "#contract";

/** Recovered: so many seconds in a row at normal latency. */
const SECONDS_IN_A_ROW = 3;
/** Normal latency: the median second before the burst, with half of it and 5 ms on top as noise. */
const NORMAL_FACTOR = 1.5;
const NORMAL_SLACK_MS = 5;
/** Failures of a normal second, share of its requests. */
const NORMAL_FAILURES = 0.01;

/** Limits of a normal second. */
export interface NormalLimits {
  readonly p95Ms: number;
}

/** What normal is, by the seconds before something happened; null when none of them has requests. */
export function normalLimits(before: readonly SeriesPoint[]): NormalLimits | null {
  const values = before.flatMap((point) => (point.p95Ms === null ? [] : [point.p95Ms])).sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)];
  return median === undefined ? null : { p95Ms: median * NORMAL_FACTOR + NORMAL_SLACK_MS };
}

/** Index of the first second from which {@link SECONDS_IN_A_ROW} seconds with requests are normal; null = never. */
export function firstNormalSecond(points: readonly SeriesPoint[], limits: NormalLimits): number | null {
  let start: number | null = null;
  let normal = 0;
  for (const [index, point] of points.entries()) {
    if (point.requests === 0) continue;
    const isNormal =
      (point.p95Ms ?? 0) <= limits.p95Ms && point.failures <= Math.ceil(point.requests * NORMAL_FAILURES);
    if (!isNormal) {
      start = null;
      normal = 0;
      continue;
    }
    start ??= index;
    normal += 1;
    if (normal >= SECONDS_IN_A_ROW) return start;
  }
  return null;
}
