/** Snapshots of a running test for terminal, web page and JSON routes. */
import type { SeriesPoint } from "#contract";
import type { LiveRow, LiveSnapshot, RunState, WorkerSnapshot } from "./run-types.ts";
import { Histogram } from "./stats/histogram.ts";
import { type RowTotals, rowKey } from "./stats/row-totals.ts";
import type { RunStats } from "./stats/run-stats.ts";
import { CURRENT_WINDOW_SEC, type RecentSecond } from "./stats/second.ts";

/** What a snapshot needs beside the statistics. */
export interface LiveContext {
  readonly state: RunState;
  readonly startedAtMs: number;
  readonly elapsedSec: number;
  readonly runTimeSec: number | null;
  readonly targetUsers: number;
  readonly series: readonly SeriesPoint[];
  readonly workers: readonly WorkerSnapshot[];
}

/** One snapshot. Cost: one pass over each row's histogram. */
export function takeSnapshot(stats: RunStats, context: LiveContext): LiveSnapshot {
  const recent = stats.recent(CURRENT_WINDOW_SEC);
  const elapsedSec = Math.max(context.elapsedSec, 0.001);
  const rows = [...stats.rows.values()]
    .map((row) =>
      liveRow(row, recent, elapsedSec, (second) => second.byName.get(rowKey(row.method, row.name))),
    )
    .sort((a, b) => (a.name === b.name ? (a.method < b.method ? -1 : 1) : a.name < b.name ? -1 : 1));
  const window = new Histogram();
  for (const second of recent) window.addData(second.fromDue);
  const ms = (percent: number) => (window.count === 0 ? null : window.percentileUs(percent) / 1000);
  return {
    state: context.state,
    startedAtMs: context.startedAtMs,
    elapsedSec: context.elapsedSec,
    runTimeSec: context.runTimeSec,
    users: stats.users,
    targetUsers: context.targetUsers,
    usersByClass: stats.usersByClass,
    rows,
    total: liveRow(stats.total(), recent, elapsedSec, (second) => second),
    current: { p50Ms: ms(50), p95Ms: ms(95), p99Ms: ms(99) },
    errors: stats.errors(),
    exceptions: stats.exceptions(),
    checks: stats.checks(),
    metrics: stats.metrics(),
    series: context.series,
    scheduleLagP99Ms: stats.lag.percentileUs(99) / 1000,
    workers: context.workers,
  };
}

function liveRow(
  row: RowTotals,
  recent: readonly RecentSecond[],
  elapsedSec: number,
  countsOf: (second: RecentSecond) => { readonly requests: number; readonly failures: number } | undefined,
): LiveRow {
  const { fromDue } = row;
  let requests = 0;
  let failures = 0;
  for (const second of recent) {
    const counts = countsOf(second);
    requests += counts?.requests ?? 0;
    failures += counts?.failures ?? 0;
  }
  const seconds = Math.max(1, recent.length);
  return {
    method: row.method,
    name: row.name,
    requests: row.count,
    failures: row.failures,
    medianMs: fromDue.percentileUs(50) / 1000,
    p95Ms: fromDue.percentileUs(95) / 1000,
    p99Ms: fromDue.percentileUs(99) / 1000,
    averageMs: fromDue.meanUs / 1000,
    minMs: fromDue.minUs / 1000,
    maxMs: fromDue.maxUs / 1000,
    currentRps: requests / seconds,
    currentFailuresPerSec: failures / seconds,
    totalRps: row.count / elapsedSec,
    totalFailuresPerSec: row.failures / elapsedSec,
    averageBodyBytes: row.count === 0 ? 0 : row.bodyBytes / row.count,
  };
}
