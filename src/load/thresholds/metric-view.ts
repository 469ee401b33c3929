/**
 * The run's statistics as k6's metrics: `http_req_duration` (from due, ms), `http_req_duration_sent` (from sent, ms),
 * `http_reqs`, `http_req_failed`, `checks`, and the scenario's and the transports' own metrics by name.
 */
import { Histogram } from "../stats/histogram.ts";
import { addToMetric, type MetricTotals, newMetric } from "../stats/metric-totals.ts";
import { splitRowKey } from "../stats/row-totals.ts";
import type { RunStats } from "../stats/run-stats.ts";
import type { Aggregation } from "./parse.ts";

/** What part of the run is looked at. */
export interface MetricQuery {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Last so many seconds; null = whole run. */
  readonly windowSec: number | null;
  /** Seconds since the start. */
  readonly elapsedSec: number;
}

/** Metrics made of requests; all others are looked up among checks and custom metrics. */
const REQUEST_METRICS: ReadonlySet<string> = new Set([
  "http_req_duration",
  "http_req_duration_sent",
  "http_reqs",
  "http_req_failed",
]);

interface Totals {
  readonly count: number;
  readonly failures: number;
  readonly histogram: Histogram;
  readonly seconds: number;
}

/** Value of an aggregation in the metric's unit; null when there is no sample (or no such metric yet). */
export function readMetric(stats: RunStats, query: MetricQuery, aggregation: Aggregation): number | null {
  if (REQUEST_METRICS.has(query.metric)) return readRequests(stats, query, aggregation);
  if (query.metric === "checks") return readChecks(stats, query, aggregation);
  return readCustom(stats, query, aggregation);
}

function readRequests(stats: RunStats, query: MetricQuery, aggregation: Aggregation): number | null {
  const totals = query.windowSec === null ? wholeRun(stats, query) : window(stats, query, query.windowSec);
  if (totals.count === 0) return null;
  if (query.metric === "http_reqs")
    return aggregation.kind === "rate" ? totals.count / totals.seconds : totals.count;
  if (query.metric === "http_req_failed")
    return aggregation.kind === "count" ? totals.failures : totals.failures / totals.count;
  return ofHistogram(totals.histogram, aggregation);
}

function wholeRun(stats: RunStats, query: MetricQuery): Totals {
  const histogram = new Histogram();
  let count = 0;
  let failures = 0;
  for (const row of stats.rows.values()) {
    if (!fits(query.tags, row.method, row.name)) continue;
    count += row.count;
    failures += row.failures;
    histogram.add(query.metric === "http_req_duration_sent" ? row.fromSent : row.fromDue);
  }
  return { count, failures, histogram, seconds: Math.max(query.elapsedSec, 0.001) };
}

function window(stats: RunStats, query: MetricQuery, windowSec: number): Totals {
  const recent = stats.recent(windowSec);
  const histogram = new Histogram();
  let count = 0;
  let failures = 0;
  for (const second of recent)
    for (const [key, row] of second.byName) {
      const { method, name } = splitRowKey(key);
      if (!fits(query.tags, method, name)) continue;
      count += row.requests;
      failures += row.failures;
      for (const data of query.metric === "http_req_duration_sent" ? row.fromSent : row.fromDue)
        histogram.addData(data);
    }
  return { count, failures, histogram, seconds: Math.max(1, recent.length) };
}

function readChecks(stats: RunStats, query: MetricQuery, aggregation: Aggregation): number | null {
  const checks =
    query.windowSec === null
      ? stats.checks()
      : stats.recent(query.windowSec).flatMap((second) => second.checks);
  const sums = checks.reduce(
    (sum, check) => ({ passes: sum.passes + check.passes, all: sum.all + check.passes + check.fails }),
    { passes: 0, all: 0 },
  );
  if (sums.all === 0) return null;
  return aggregation.kind === "count" ? sums.passes : sums.passes / sums.all;
}

function readCustom(stats: RunStats, query: MetricQuery, aggregation: Aggregation): number | null {
  const metric =
    query.windowSec === null
      ? stats.metric(query.metric)
      : recentMetric(stats, query.metric, query.windowSec);
  if (metric === null || metric.count === 0) return null;
  const seconds = query.windowSec === null ? query.elapsedSec : stats.recent(query.windowSec).length;
  if (metric.kind === "counter")
    return aggregation.kind === "rate" ? metric.sum / Math.max(seconds, 0.001) : metric.sum;
  if (metric.kind === "gauge") return metric.last;
  if (metric.kind === "rate") return metric.sum / metric.count;
  return metric.histogram === null ? null : ofHistogram(metric.histogram, aggregation);
}

/** What was added to a metric in the last seconds; null when nothing was. */
function recentMetric(stats: RunStats, name: string, windowSec: number): MetricTotals | null {
  let sum: MetricTotals | null = null;
  for (const second of stats.recent(windowSec))
    for (const delta of second.metrics) {
      if (delta.name !== name) continue;
      sum ??= newMetric(delta.kind, delta.unit);
      addToMetric(sum, delta);
    }
  return sum;
}

/** Trends and latencies are kept times 1,000 (ms as µs). */
function ofHistogram(histogram: Histogram, aggregation: Aggregation): number | null {
  if (histogram.count === 0) return null;
  switch (aggregation.kind) {
    case "avg":
      return histogram.meanUs / 1000;
    case "min":
      return histogram.minUs / 1000;
    case "max":
      return histogram.maxUs / 1000;
    case "med":
      return histogram.percentileUs(50) / 1000;
    case "percentile":
      return histogram.percentileUs(aggregation.percent) / 1000;
    case "count":
      return histogram.count;
    default:
      return null;
  }
}

function fits(tags: Readonly<Record<string, string>>, method: string, name: string): boolean {
  return (tags["name"] ?? name) === name && (tags["method"] ?? method) === method;
}
