/**
 * Locust's four CSV files out of a results file: the same headers, order of rows, line ends and number formats
 * (captured from Locust 2.46), with our exact percentiles in whole milliseconds in place of its two-digit buckets.
 */
import {
  HISTORY_PERCENTILES,
  type HistoryRow,
  type RequestStats,
  type RunResult,
  type SeriesPoint,
} from "#contract";
import { maxMs, meanMs, minMs, percentileMs } from "../results/histogram.ts";
import { durationSec } from "../results/select.ts";
import { type CsvCell, csvLine, float } from "./csv-text.ts";

const PERCENTILE_COLUMNS = HISTORY_PERCENTILES.map((percentile) => `${percentile}%`);
/** Locust's current rate is the mean of the ten seconds that ended two seconds ago. */
const CURRENT_FROM_SEC = 12;
const CURRENT_TO_SEC = 2;

/** Header of `_stats.csv`. */
export const STATS_COLUMNS = [
  ..."Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time".split(","),
  ..."Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s".split(","),
  ...PERCENTILE_COLUMNS,
];
/** Header of `_stats_history.csv`. */
export const HISTORY_COLUMNS = [
  ..."Timestamp,User Count,Type,Name,Requests/s,Failures/s".split(","),
  ...PERCENTILE_COLUMNS,
  ..."Total Request Count,Total Failure Count,Total Median Response Time".split(","),
  ..."Total Average Response Time,Total Min Response Time,Total Max Response Time".split(","),
  "Total Average Content Size",
];
/** Header of `_failures.csv`. */
export const FAILURES_COLUMNS = "Method,Name,Error,Occurrences,First Seen,Last Seen".split(",");
/** Header of `_exceptions.csv`. */
export const EXCEPTIONS_COLUMNS = "Count,Message,Traceback,Nodes".split(",");

/** The names of the four files after their common prefix, and their text. */
export function locustCsvFiles(result: RunResult): Readonly<Record<string, string>> {
  return {
    "_stats.csv": statsCsv(result),
    "_stats_history.csv": historyCsv(result),
    "_failures.csv": failuresCsv(result),
    "_exceptions.csv": exceptionsCsv(result),
  };
}

/** `_stats.csv`: one row per name and method, sorted by both, and the total last. */
export function statsCsv(result: RunResult): string {
  const seconds = durationSec(result);
  const rows = sortRequests(result.requests).map((stats) =>
    statsRow(stats, stats.method, stats.name, seconds),
  );
  return [STATS_COLUMNS, ...rows, statsRow(result.total, "", "Aggregated", seconds)].map(csvLine).join("");
}

/**
 * `_stats_history.csv`: one row of running totals per second; percentiles unknown at that moment are `N/A`. With the full
 * history one row per name too, and percentiles of the last ten seconds, as Locust has it.
 */
export function historyCsv(result: RunResult): string {
  if (result.history !== undefined) {
    const users = new Map(result.series.map((point) => [point.tSec, point.users]));
    const full = result.history.map((row) => fullHistoryRow(result, row, users.get(row.tSec) ?? 0));
    return [HISTORY_COLUMNS, ...full].map(csvLine).join("");
  }
  const rows = result.series.map((point, index) => historyRow(result, point, index));
  return [HISTORY_COLUMNS, ...rows].map(csvLine).join("");
}

/** `_failures.csv`. */
export function failuresCsv(result: RunResult): string {
  const rows = [...result.errors]
    .sort((a, b) => compare(a.name, b.name) || compare(a.method, b.method) || compare(a.message, b.message))
    .map((error) => [
      error.method,
      error.name,
      errorText(error),
      error.count,
      new Date(error.firstSeenMs).toISOString(),
      new Date(error.lastSeenMs).toISOString(),
    ]);
  return [FAILURES_COLUMNS, ...rows].map(csvLine).join("");
}

/** `_exceptions.csv`. */
export function exceptionsCsv(result: RunResult): string {
  const rows = result.exceptions.map((exception) => [
    exception.count,
    exception.message,
    exception.traceback,
    exception.workers.join(", "),
  ]);
  return [EXCEPTIONS_COLUMNS, ...rows].map(csvLine).join("");
}

/** The statistics in Locust's order: by name, then method, by code unit. */
export function sortRequests<T extends Pick<RequestStats, "name" | "method">>(requests: readonly T[]): T[] {
  return [...requests].sort((a, b) => compare(a.name, b.name) || compare(a.method, b.method));
}

/** An error as one text, with its family unless the message says it. */
export function errorText(error: { readonly family: string; readonly message: string }): string {
  return error.message.startsWith(error.family) ? error.message : `${error.family}: ${error.message}`;
}

function statsRow(stats: RequestStats, method: string, name: string, seconds: number): CsvCell[] {
  const histogram = stats.fromDue;
  const percentiles = HISTORY_PERCENTILES.map((percentile) => {
    const value = percentileMs(histogram, percentile);
    return value === null ? "N/A" : Math.round(value);
  });
  return [
    method,
    name,
    stats.count,
    stats.failures,
    ...latencyCells(percentileMs(histogram, 50), meanMs(histogram), minMs(histogram), maxMs(histogram)),
    stats.count === 0 ? 0 : float(stats.bodyBytes / stats.count),
    float(stats.count / seconds),
    float(stats.failures / seconds),
    ...percentiles,
  ];
}

function historyRow(result: RunResult, point: SeriesPoint, index: number): CsvCell[] {
  const window = result.series.slice(
    Math.max(0, index - CURRENT_FROM_SEC),
    Math.max(0, index - CURRENT_TO_SEC),
  );
  const perSecond = (pick: (entry: SeriesPoint) => number) =>
    (window.length === 0 ? 0 : window.reduce((sum, entry) => sum + pick(entry), 0) / window.length).toFixed(
      6,
    );
  const { totals } = point;
  return [
    Math.floor(result.startedAtMs / 1000) + point.tSec,
    point.users,
    "",
    "Aggregated",
    perSecond((entry) => entry.requests),
    perSecond((entry) => entry.failures),
    ...(totals === undefined
      ? PERCENTILE_COLUMNS.map(() => "N/A")
      : totals.percentilesMs.map((value) => Math.round(value))),
    ...totalCells(result, point, index),
  ];
}

function fullHistoryRow(result: RunResult, row: HistoryRow, users: number): CsvCell[] {
  return [
    Math.floor(result.startedAtMs / 1000) + row.tSec,
    users,
    row.method,
    row.name,
    row.requestsPerSec.toFixed(6),
    row.failuresPerSec.toFixed(6),
    ...(row.recentPercentilesMs?.map((value) => Math.round(value)) ?? PERCENTILE_COLUMNS.map(() => "N/A")),
    row.requests,
    row.failures,
    ...latencyCells(row.requests === 0 ? null : row.medianMs, row.meanMs, row.minMs, row.maxMs),
    float(row.bodyBytes / Math.max(1, row.requests)),
  ];
}

function totalCells(result: RunResult, point: SeriesPoint, index: number): CsvCell[] {
  const { totals } = point;
  if (totals !== undefined)
    return [
      totals.requests,
      totals.failures,
      ...latencyCells(totals.percentilesMs[0] ?? null, totals.meanMs, totals.minMs, totals.maxMs),
      float(totals.bodyBytes / Math.max(1, totals.requests)),
    ];
  // Without running totals the counts are still known from the seconds; latencies are 0, as before a first request.
  const until = result.series.slice(0, index + 1);
  const sum = (pick: (entry: SeriesPoint) => number) =>
    until.reduce((total, entry) => total + pick(entry), 0);
  return [
    sum((entry) => entry.requests),
    sum((entry) => entry.failures),
    ...latencyCells(null, null, null, null),
    0,
  ];
}

function latencyCells(
  median: number | null,
  mean: number | null,
  min: number | null,
  max: number | null,
): CsvCell[] {
  if (median === null) return [0, float(0), 0, 0];
  return [float(median), float(mean ?? 0), float(min ?? 0), float(max ?? 0)];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
