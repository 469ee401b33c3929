/**
 * The results file of one load run (`results/<time>-<scenario>.run.json.gz`): what the engine writes and the lab
 * judges, reports, merges and compares. Fields are only ever added; `schemaVersion` grows when one is.
 */

import type { FaultRecord } from "./faults.ts";
import type { RunPlan } from "./run-plan.ts";
import type { RunVerdict, ThresholdResult } from "./run-verdict.ts";

/** Current version of the results file. */
export const RUN_SCHEMA_VERSION = 1;

/** Error families of a request; `assertion` is a check of the scenario that did not hold. */
export type ErrorFamily = "dns" | "connect" | "tls" | "timeout" | "reset" | "http" | "protocol" | "assertion";

/**
 * A histogram of durations in whole microseconds, three significant digits: sparse pairs of HdrHistogram bucket value
 * (the highest equivalent value, µs) and count, ascending.
 */
export interface HistogramData {
  readonly count: number;
  /** Smallest and largest recorded value, µs; 0 when empty. */
  readonly minUs: number;
  readonly maxUs: number;
  /** Sum of all recorded values, µs (exact: not from buckets). */
  readonly sumUs: number;
  /** `[valueUs, count]`, ascending in valueUs. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** Statistics of one method and name over the whole run. */
export interface RequestStats {
  /** HTTP method, or a kind such as `WS`, `SSE`. */
  readonly method: string;
  /** Name under which requests are grouped; the path unless the scenario names it. */
  readonly name: string;
  /** Requests finished, failed ones included. */
  readonly count: number;
  readonly failures: number;
  /** Bytes of answer bodies. */
  readonly bodyBytes: number;
  /** Epoch ms of the first request sent and the last one finished. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Latency from when the request was due, µs. */
  readonly fromDue: HistogramData;
  /** Latency from when the request was sent, µs. */
  readonly fromSent: HistogramData;
}

/** Percentiles of {@link RunningTotals} and of Locust's CSV files, in this order. */
export const HISTORY_PERCENTILES = [50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100] as const;

/** Everything from the start of the run to the end of a second, from due. */
export interface RunningTotals {
  readonly requests: number;
  readonly failures: number;
  readonly bodyBytes: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** One value, ms, per entry of {@link HISTORY_PERCENTILES}. */
  readonly percentilesMs: readonly number[];
}

/** One second of the run. Index 0 starts at `startedAtMs`. */
export interface SeriesPoint {
  /** Seconds since the start of the run. */
  readonly tSec: number;
  /** Users (or connections) running at the end of the second. */
  readonly users: number;
  readonly requests: number;
  readonly failures: number;
  /** Percentiles from due of the requests finished in this second, ms; null without requests. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
  /** Totals up to the end of this second, for Locust's history file; absent before the first request. */
  readonly totals?: RunningTotals;
}

/** One method and name (or all of them) at the end of one second, for Locust's full history file. */
export interface HistoryRow {
  readonly tSec: number;
  /** Empty for all requests together. */
  readonly method: string;
  readonly name: string;
  /** Means of the seconds that Locust takes for its current rates. */
  readonly requestsPerSec: number;
  readonly failuresPerSec: number;
  /** Of the last ten seconds, ms, per entry of {@link HISTORY_PERCENTILES}; null without requests in them. */
  readonly recentPercentilesMs: readonly number[] | null;
  /** From the start of the run; the percentiles of it are not kept but for the median. */
  readonly requests: number;
  readonly failures: number;
  readonly bodyBytes: number;
  readonly medianMs: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** One method and name within a window. */
export interface WindowRow {
  readonly method: string;
  readonly name: string;
  readonly count: number;
  readonly failures: number;
  /** Latency from due. */
  readonly fromDue: HistogramData;
}

/** Statistics per name over one stretch of the run; all stretches of a run but the last are equally long. */
export interface WindowStats {
  /** Seconds since the start of the run; `toSec` is exclusive. */
  readonly fromSec: number;
  readonly toSec: number;
  readonly rows: readonly WindowRow[];
}

/** Failures grouped by method, name, family and message; the message holds no personal data. */
export interface ErrorStats {
  readonly method: string;
  readonly name: string;
  readonly family: ErrorFamily;
  readonly message: string;
  readonly count: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

/** Exceptions thrown by user code, grouped by message. */
export interface ExceptionStats {
  readonly message: string;
  readonly traceback: string;
  readonly count: number;
  /** Worker ids on which it happened. */
  readonly workers: readonly string[];
}

/** Whether the generator delivered the load that was asked for. */
export interface GeneratorHealth {
  readonly verdict: "valid" | "invalid";
  /** One sentence per limit that was hit: which, its figure and bound, what to do. Empty when valid. */
  readonly reasons: readonly string[];
  readonly eventLoopDelayP99Ms: number;
  /** CPU of the generator over the run in % of one core. */
  readonly cpuPercent: number;
  /** How late requests were sent after they were due, 99th percentile, ms. */
  readonly scheduleLagP99Ms: number;
  /** Arrivals that were due and never sent (open models). */
  readonly undelivered: number;
  readonly connectionsOpened: number;
}

/** A custom metric of the scenario. */
export interface MetricData {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "rate" | "trend";
  /** Counter: total. Gauge: last value. Rate: share of true in [0, 1]. Trend: mean. */
  readonly value: number;
  readonly count: number;
  /** Only for trends whose unit is time; µs. */
  readonly histogram?: HistogramData;
  /** Unit of the value, such as `ms`, `tokens/s`, or empty. */
  readonly unit: string;
}

/** Machine and software that produced the run. */
export interface EnvironmentFingerprint {
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly nodeVersion: string;
  readonly rampartVersion: string;
  readonly gitCommit: string | null;
  /** True when the target's host is on this machine. */
  readonly sameMachine: boolean;
  /** Facts the target told of itself (stores, cache, version), as flat key and value; empty when it told none. */
  readonly target: Readonly<Record<string, string>>;
}

/** A check on the answers, such as `own values restored`. */
export interface CheckStats {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** The whole file. */
export interface RunResult {
  readonly schemaVersion: number;
  /** `<ISO time, colons dropped>-<scenario>`, the file's stem. */
  readonly id: string;
  readonly scenario: {
    readonly name: string;
    readonly description: string;
    /** SHA-256 of the scenario source, hex. */
    readonly hash: string;
    readonly seed: number;
    /** Facts the scenario wants in the report, such as `wait: 0.5-1 s`. */
    readonly notes: readonly string[];
  };
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** True when stopped before the plan's end (Ctrl-C, stop button, abort). */
  readonly stoppedEarly: boolean;
  readonly plan: RunPlan;
  readonly requests: readonly RequestStats[];
  readonly total: RequestStats;
  readonly series: readonly SeriesPoint[];
  readonly errors: readonly ErrorStats[];
  readonly exceptions: readonly ExceptionStats[];
  readonly checks: readonly CheckStats[];
  readonly metrics: readonly MetricData[];
  readonly health: GeneratorHealth;
  readonly environment: EnvironmentFingerprint;
  /** Samples of the observer: name → `[tSec, value]`; empty when nothing was observed. */
  readonly observed: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** Every name second by second, when the run was asked for it (`--csv-full-history`). */
  readonly history?: readonly HistoryRow[];
  /** At most 120 windows over the run, for comparisons; absent in files of other tools. */
  readonly windows?: readonly WindowStats[];
  /**
   * Rate that the file itself claims, requests per second; only in results read from another tool's files, where it is
   * checked against requests / duration.
   */
  readonly claimedRatePerSec?: number;
  /** Filled by the lab when the run was judged. */
  readonly verdict?: RunVerdict;
  /** Reasons, one sentence each, why the scenario itself failed the run (teardown checks, set-up errors); a FAIL. */
  readonly scenarioFailures?: readonly string[];
  /** Delivered load by second, when workers on other machines made it. */
  readonly coverage?: readonly CoveragePoint[];
  /** The same scenario run before with other settings, to compare with. */
  readonly beside?: BesideFigures;
  /** Faults of the drill that went with the run, in the order of the drill. */
  readonly faults?: readonly FaultRecord[];
  /** Thresholds in k6's syntax and what they came to, when the run had some; one that does not hold is a FAIL. */
  readonly thresholds?: readonly ThresholdResult[];
}

/** Load asked for and delivered in one second of a run over several machines. */
export interface CoveragePoint {
  readonly tSec: number;
  /** Users asked for at the end of the second. */
  readonly askedUsers: number;
  /** Users that workers reported for it; those of a worker whose report was lost are missing here. */
  readonly users: number;
  /** Workers that reported the second. */
  readonly workers: number;
}

/** Figures of the run that this one is compared with. */
export interface BesideFigures {
  /** What was different, such as `without cache`. */
  readonly label: string;
  /** Id of its results file. */
  readonly runId: string;
  /** Whether its generator delivered the load. */
  readonly isValid: boolean;
  /** Per compared name: figures of this run and of the other one. */
  readonly rows: readonly {
    readonly name: string;
    readonly here: PlainFigures;
    readonly there: PlainFigures;
  }[];
}

/** The figures of a summary; latencies from due, ms. */
export interface PlainFigures {
  readonly requests: number;
  readonly failurePercent: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  readonly requestsPerSec: number;
}
