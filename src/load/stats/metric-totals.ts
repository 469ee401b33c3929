/** Running totals of a scenario's own metrics over all workers. */
import type { MetricData } from "#contract";
import type { MetricDelta } from "./delta.ts";
import { Histogram } from "./histogram.ts";

/** Running totals of a custom metric; trends are kept times 1,000. */
export interface MetricTotals {
  kind: MetricData["kind"];
  unit: string;
  count: number;
  sum: number;
  last: number;
  lastAtMs: number;
  histogram: Histogram | null;
}

/** A metric without samples. */
export function newMetric(kind: MetricData["kind"], unit: string): MetricTotals {
  return {
    kind,
    unit,
    count: 0,
    sum: 0,
    last: 0,
    lastAtMs: Number.NEGATIVE_INFINITY,
    histogram: null,
  };
}

/** Adds samples to a metric. */
export function addToMetric(metric: MetricTotals, delta: MetricDelta): void {
  metric.count += delta.count;
  metric.sum += delta.sum;
  if (delta.lastAtMs >= metric.lastAtMs) {
    metric.last = delta.last;
    metric.lastAtMs = delta.lastAtMs;
  }
  if (delta.histogram !== null) {
    metric.histogram ??= new Histogram();
    metric.histogram.addData(delta.histogram);
  }
}

/** A metric as result data. */
export function toMetricData(name: string, metric: MetricTotals): MetricData {
  return {
    name,
    kind: metric.kind,
    value: metricValue(metric),
    count: metric.count,
    unit: metric.unit,
    // Other units are kept times 1,000, which only means something where 1,000 is µs per ms.
    ...(metric.histogram === null || metric.unit !== "ms" ? {} : { histogram: metric.histogram.toData() }),
  };
}

function metricValue(metric: MetricTotals): number {
  if (metric.kind === "counter") return metric.sum;
  if (metric.kind === "gauge") return metric.last;
  return metric.count === 0 ? 0 : metric.sum / metric.count;
}
