import type { RunResult } from "#contract";
import { OBSERVED } from "../verdict/observed.ts";
import { type Growth, judgeGrowth } from "./growth.ts";

const HOUR_SEC = 3600;
/** What can leak: series of the observer, and the latency of the run itself. */
const SUSPECTS = [
  OBSERVED.memoryBytes,
  "open_files",
  "active_connections",
  OBSERVED.redisConnections,
] as const;
/** Name under which the run's own mean latency is judged. */
export const LATENCY_SERIES = "latency_ms";

/** Growth of every series of a run that may leak; those not observed are left out. */
export function growthOf(result: RunResult): Readonly<Record<string, Growth>> {
  const growth: Record<string, Growth> = {};
  for (const name of SUSPECTS) {
    const samples = result.observed[name];
    if (samples !== undefined && samples.length > 0) growth[name] = judgeGrowth(samples);
  }
  const latency = result.series.flatMap((point) =>
    point.meanMs === null ? [] : [[point.tSec, point.meanMs] as const],
  );
  if (latency.length > 0) growth[LATENCY_SERIES] = judgeGrowth(latency);
  return growth;
}

/** Figures of one hour (or of the whole of a shorter run). */
export interface HourFigures {
  readonly hour: number;
  readonly requests: number;
  readonly failures: number;
  readonly meanMs: number | null;
  /** Median of the P95 of the hour's seconds. */
  readonly p95Ms: number | null;
  /** Median of the memory samples of the hour, bytes. */
  readonly memoryBytes: number | null;
}

/** The run hour by hour. */
export function hoursOf(result: RunResult): HourFigures[] {
  const hours = Math.max(1, Math.ceil(result.series.length / HOUR_SEC));
  return Array.from({ length: hours }, (_, hour) => {
    const isWithin = (tSec: number) => Math.floor(tSec / HOUR_SEC) === hour;
    const points = result.series.filter((point) => isWithin(point.tSec));
    const requests = points.reduce((sum, point) => sum + point.requests, 0);
    const latency = points.reduce((sum, point) => sum + (point.meanMs ?? 0) * point.requests, 0);
    return {
      hour: hour + 1,
      requests,
      failures: points.reduce((sum, point) => sum + point.failures, 0),
      meanMs: requests === 0 ? null : latency / requests,
      p95Ms: median(points.flatMap((point) => (point.p95Ms === null ? [] : [point.p95Ms]))),
      memoryBytes: median(
        (result.observed[OBSERVED.memoryBytes] ?? [])
          .filter(([tSec]) => isWithin(tSec))
          .map(([, value]) => value),
      ),
    };
  });
}

/** Growth of the mean latency of the last full hour against the first, %; null in runs below two hours. */
export function latencyGrowthPercent(result: RunResult): number | null {
  const hours = hoursOf(result).slice(0, Math.floor(result.series.length / HOUR_SEC));
  const first = hours[0]?.meanMs ?? null;
  const last = hours.at(-1)?.meanMs ?? null;
  return hours.length < 2 || first === null || last === null ? null : 100 * (last / first - 1);
}

function median(values: number[]): number | null {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? null;
}
