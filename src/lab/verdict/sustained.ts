import type { RunResult, SeriesPoint } from "#contract";
import type { TargetRow } from "../targets/types.ts";
import { OBSERVED } from "./observed.ts";

type SustainedMeasurement =
  | { readonly kind: "value"; readonly value: number; readonly detail?: string }
  | { readonly kind: "none"; readonly reason: string };

const SECOND_VALUE: Readonly<Record<string, (point: SeriesPoint) => number | null>> = {
  p50: (point) => point.p50Ms,
  p95: (point) => point.p95Ms,
  p99: (point) => point.p99Ms,
  avg: (point) => point.meanMs,
  max: (point) => point.maxMs,
  rate: (point) => point.requests,
  error_rate: (point) => (point.requests === 0 ? null : (100 * point.failures) / point.requests),
};

const OBSERVED_SERIES: Readonly<Record<string, string>> = {
  cpu: OBSERVED.cpuPercent,
  memory: OBSERVED.memoryPercent,
};

/**
 * The level that a metric held for the row's whole time span without a break: the largest (for upper bounds; smallest
 * for lower ones) over all windows of that length of the window's mildest sample. "CPU > 80 % for 5 minutes" is true
 * exactly when this level exceeds 80. O(samples).
 */
export function sustainedLevel(result: RunResult, row: TargetRow): SustainedMeasurement {
  const windowSec = row.sustainedSec ?? 0;
  const samples = samplesOf(result, row);
  if (samples === null) return { kind: "none", reason: `"${row.metric}" has no series to look at` };
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return { kind: "none", reason: "not observed in this run" };
  if (last[0] - first[0] + 1 < windowSec)
    return { kind: "none", reason: `the run is shorter than the ${windowSec} s that the level has to last` };
  const isUpperBound = row.op === "<" || row.op === "<=";
  const sign = isUpperBound ? 1 : -1;
  return {
    kind: "value",
    value: sign * heldLevel(samples, windowSec, sign),
    detail: `held for ${windowSec} s`,
  };
}

/** Largest over windows of the smallest `sign * value` within; a monotonic queue keeps the window's minimum. */
function heldLevel(samples: readonly (readonly [number, number])[], windowSec: number, sign: number): number {
  const queue: { tSec: number; value: number }[] = [];
  let head = 0;
  let best = Number.NEGATIVE_INFINITY;
  const startSec = samples[0]?.[0] ?? 0;
  for (const [tSec, raw] of samples) {
    const value = sign * raw;
    while (queue.length > head && (queue.at(-1)?.value ?? 0) >= value) queue.pop();
    queue.push({ tSec, value });
    while ((queue[head]?.tSec ?? tSec) <= tSec - windowSec) head += 1;
    if (tSec - startSec + 1 >= windowSec) best = Math.max(best, queue[head]?.value ?? value);
  }
  return best;
}

function samplesOf(result: RunResult, row: TargetRow): (readonly [number, number])[] | null {
  const observed = OBSERVED_SERIES[row.metric];
  if (observed !== undefined) return [...(result.observed[observed] ?? [])];
  const read = row.endpoints.length === 0 ? SECOND_VALUE[row.metric] : undefined;
  if (read === undefined) return null;
  return result.series.flatMap((point) => {
    const value = read(point);
    return value === null ? [] : [[point.tSec, value] as const];
  });
}
