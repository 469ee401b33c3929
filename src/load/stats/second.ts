/** One second of a run: while it still takes reports, and when it is over. */
import type { CheckStats, HistogramData, RequestStats } from "#contract";
import type { MetricDelta } from "./delta.ts";
import { Histogram } from "./histogram.ts";
import { rowKey } from "./row-totals.ts";

/** Seconds over which "current" rates and percentiles are taken, as in Locust. */
export const CURRENT_WINDOW_SEC = 10;

/** What one name counted within a second. */
export interface NamedSecond {
  readonly requests: number;
  readonly failures: number;
  readonly bodyBytes: number;
  readonly fromDue: readonly HistogramData[];
  readonly fromSent: readonly HistogramData[];
}

/** A second that still takes what workers counted in it. */
export interface OpenSecond {
  readonly tSec: number;
  requests: number;
  failures: number;
  bodyBytes: number;
  readonly fromDue: Histogram;
  /** By `METHOD\nname`. */
  readonly byName: Map<string, NamedSecond>;
  readonly checks: CheckStats[];
  readonly metrics: MetricDelta[];
}

/** A finished second with its details, for windows over the recent past. */
export interface RecentSecond {
  readonly tSec: number;
  readonly requests: number;
  readonly failures: number;
  readonly fromDue: HistogramData;
  readonly byName: ReadonlyMap<string, NamedSecond>;
  readonly checks: readonly CheckStats[];
  readonly metrics: readonly MetricDelta[];
}

/** Adds the requests of one method and name to a second. */
export function addToSecond(second: OpenSecond, request: RequestStats): void {
  second.requests += request.count;
  second.failures += request.failures;
  second.bodyBytes += request.bodyBytes;
  second.fromDue.addData(request.fromDue);
  const key = rowKey(request.method, request.name);
  const known = second.byName.get(key);
  second.byName.set(key, {
    requests: (known?.requests ?? 0) + request.count,
    failures: (known?.failures ?? 0) + request.failures,
    bodyBytes: (known?.bodyBytes ?? 0) + request.bodyBytes,
    fromDue: [...(known?.fromDue ?? []), request.fromDue],
    fromSent: [...(known?.fromSent ?? []), request.fromSent],
  });
}

/** A second before anything was reported of it. */
export function openSecond(tSec: number): OpenSecond {
  return {
    tSec,
    requests: 0,
    failures: 0,
    bodyBytes: 0,
    fromDue: new Histogram(),
    byName: new Map(),
    checks: [],
    metrics: [],
  };
}
