/** What a worker counts within one second, and how it becomes part of a delta when the second is over. */
import type { ErrorFamily, ErrorStats, HistogramData, MetricData } from "#contract";
import type { MetricDelta, StatsDelta } from "./delta.ts";
import { EMPTY_HISTOGRAM, Histogram } from "./histogram.ts";

/** Statistics of one method and name within the present second. */
export class Entry {
  readonly method: string;
  readonly name: string;
  count = 0;
  failures = 0;
  bodyBytes = 0;
  firstMs = 0;
  lastMs = 0;
  readonly fromDue = new Histogram();
  readonly fromSent = new Histogram();

  constructor(method: string, name: string) {
    this.method = method;
    this.name = name;
  }
}

/** Samples of a custom metric within the present second. */
export interface MetricCounts {
  kind: MetricData["kind"];
  unit: string;
  count: number;
  sum: number;
  last: number;
  lastAtMs: number;
  histogram: Histogram | null;
}

/** One kind of error within the present second; times are monotonic ms. */
export interface ErrorCounts {
  method: string;
  name: string;
  family: ErrorFamily;
  message: string;
  count: number;
  firstSeenMs: number;
  lastSeenMs: number;
}

/**
 * Takes what the entries of a second hold and empties them.
 * @param entries by method, then name
 * @param epochOffsetMs epoch ms minus monotonic ms
 */
export function drainEntries(
  entries: ReadonlyMap<string, ReadonlyMap<string, Entry>>,
  epochOffsetMs: number,
): StatsDelta["requests"] {
  const drained: StatsDelta["requests"][number][] = [];
  for (const byName of entries.values())
    for (const entry of byName.values()) {
      if (entry.count === 0 && entry.failures === 0) continue;
      drained.push({
        method: entry.method,
        name: entry.name,
        count: entry.count,
        failures: entry.failures,
        bodyBytes: entry.bodyBytes,
        firstMs: entry.count === 0 ? 0 : entry.firstMs + epochOffsetMs,
        lastMs: entry.count === 0 ? 0 : entry.lastMs + epochOffsetMs,
        fromDue: drainHistogram(entry.fromDue),
        fromSent: drainHistogram(entry.fromSent),
      });
      entry.count = 0;
      entry.failures = 0;
      entry.bodyBytes = 0;
    }
  return drained;
}

/** A kind of error as result data. @param epochOffsetMs epoch ms minus monotonic ms */
export function errorStats(error: ErrorCounts, epochOffsetMs: number): ErrorStats {
  return {
    ...error,
    firstSeenMs: error.firstSeenMs + epochOffsetMs,
    lastSeenMs: error.lastSeenMs + epochOffsetMs,
  };
}

/** The samples of a metric as part of a delta; the metric keeps them. @param epochOffsetMs epoch ms minus monotonic ms */
export function metricDelta(name: string, metric: MetricCounts, epochOffsetMs: number): MetricDelta {
  const { histogram } = metric;
  return {
    name,
    kind: metric.kind,
    unit: metric.unit,
    count: metric.count,
    sum: metric.sum,
    last: metric.last,
    lastAtMs: metric.lastAtMs + epochOffsetMs,
    histogram: histogram === null ? null : dataOf(histogram),
  };
}

/** Takes what a histogram holds and empties it. */
export function drainHistogram(histogram: Histogram): HistogramData {
  const data = dataOf(histogram);
  histogram.reset();
  return data;
}

function dataOf(histogram: Histogram): HistogramData {
  return histogram.count === 0 ? EMPTY_HISTOGRAM : histogram.toData();
}
