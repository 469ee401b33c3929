import type { RequestStats, RunResult } from "#contract";
import { mergeHistograms } from "./histogram.ts";

/** Length of a run, seconds; never 0, so that rates are finite. */
export function durationSec(result: RunResult): number {
  return Math.max(0.001, (result.endedAtMs - result.startedAtMs) / 1000);
}

/** Largest number of users at one time; the planned one when no second was recorded. */
export function peakUsers(result: RunResult): number {
  return result.series.reduce((most, point) => Math.max(most, point.users), 0) || result.plan.users;
}

/** True when a row's endpoint (`/health` or `GET /health`) names these statistics. */
export function isEndpoint(stats: RequestStats, endpoint: string): boolean {
  return stats.name === endpoint || `${stats.method} ${stats.name}` === endpoint;
}

/** The statistics of all requests whose name is in the list, merged; null when none of them was sent. */
export function selectRequests(result: RunResult, endpoints: readonly string[]): RequestStats | null {
  if (endpoints.length === 0) return result.total.count === 0 ? null : result.total;
  const found = result.requests.filter((stats) => endpoints.some((endpoint) => isEndpoint(stats, endpoint)));
  return mergeStats(found.filter((stats) => stats.count > 0));
}

/** Statistics of several names together; null when there is none. */
export function mergeStats(parts: readonly RequestStats[]): RequestStats | null {
  const first = parts[0];
  if (first === undefined) return null;
  const sum = (pick: (stats: RequestStats) => number) =>
    parts.reduce((total, stats) => total + pick(stats), 0);
  return {
    method: first.method,
    name: first.name,
    count: sum((stats) => stats.count),
    failures: sum((stats) => stats.failures),
    bodyBytes: sum((stats) => stats.bodyBytes),
    firstMs: Math.min(...parts.map((stats) => stats.firstMs)),
    lastMs: Math.max(...parts.map((stats) => stats.lastMs)),
    fromDue: mergeHistograms(parts.map((stats) => stats.fromDue)),
    fromSent: mergeHistograms(parts.map((stats) => stats.fromSent)),
  };
}
