/** What a worker reports of one second: only what is new since its last report. Plain data, ready to be sent. */
import type {
  CheckStats,
  ErrorStats,
  ExceptionStats,
  HistogramData,
  MetricData,
  RequestStats,
} from "#contract";

/** New samples of a custom metric. */
export interface MetricDelta {
  readonly name: string;
  readonly kind: MetricData["kind"];
  readonly unit: string;
  /** Samples added. */
  readonly count: number;
  /** Sum of the samples (counter: amount added; rate: number of true). */
  readonly sum: number;
  /** Latest sample and its time, epoch ms (gauges). */
  readonly last: number;
  readonly lastAtMs: number;
  /** Trends: the samples times 1,000 (so that ms become µs and plain numbers keep three decimals). */
  readonly histogram: HistogramData | null;
}

/** Everything new of one second of one worker. Times are epoch ms, histograms µs. */
export interface StatsDelta {
  /** Whole seconds since the start of the run. */
  readonly tSec: number;
  readonly requests: readonly RequestStats[];
  readonly errors: readonly ErrorStats[];
  readonly exceptions: readonly ExceptionStats[];
  readonly checks: readonly CheckStats[];
  readonly metrics: readonly MetricDelta[];
  /** How late requests and iterations began after they were due. */
  readonly lag: HistogramData;
  readonly undelivered: number;
  readonly connectionsOpened: number;
}

/** A delta as a worker sends it: numbered from 1 without gaps, so that loss and doubles show. */
export interface WorkerReport {
  readonly workerId: string;
  readonly seq: number;
  readonly delta: StatsDelta;
  readonly users: number;
  readonly usersByClass: Readonly<Record<string, number>>;
  /** CPU of the worker over the second, % of one core, and resident memory. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  /** 99th percentile of the event loop's delay since the start of the run, ms. */
  readonly eventLoopDelayP99Ms: number;
}
