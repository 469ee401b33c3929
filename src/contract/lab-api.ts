/** JSON of the lab's own routes (`/api/...` on port 8089), which the console draws. */
import type { CheckStats, ErrorStats, ExceptionStats, MetricData, SeriesPoint } from "./run-result.ts";
import type { RunVerdict } from "./run-verdict.ts";

/** One scenario that can be started (`GET /api/scenarios`). */
export interface LabScenario {
  readonly name: string;
  readonly description: string;
  /** Defaults of a run; null = the scenario says nothing (users) or runs until stopped (time). */
  readonly users: number | null;
  readonly spawnRatePerSec: number | null;
  readonly runTimeSec: number | null;
  readonly host: string | null;
  /** Names of the user classes, and of the shapes that may be chosen. */
  readonly userClasses: readonly string[];
  /** True when the page offers a choice among the user classes. */
  readonly picksClasses: boolean;
  readonly shapes: readonly string[];
  readonly tags: readonly string[];
  /** Target table that judges it; null = every shipped table that names it. */
  readonly targets: string | null;
  /** Why the file cannot be run; null when it can. */
  readonly error: string | null;
}

/** Body of `POST /api/run`; absent fields are the scenario's own. */
export interface LabStartRequest {
  readonly scenario: string;
  readonly host?: string;
  readonly users?: number;
  readonly spawnRatePerSec?: number;
  /** Seconds; null = until stopped. */
  readonly runTimeSec?: number | null;
  readonly userClasses?: readonly string[];
  readonly shape?: string;
  readonly tags?: readonly string[];
  readonly seed?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** What the lab is doing; `ready` = nothing was run yet. */
export type LabRunState = "ready" | "spawning" | "running" | "stopping" | "stopped";

/** One row of the live table. Times in ms, latency from due. */
export interface LabLiveRow {
  readonly method: string;
  /** `Aggregated` for the total. */
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly averageMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Over the last ten seconds. */
  readonly currentRps: number;
  readonly currentFailuresPerSec: number;
  /** Over the whole run. */
  readonly totalRps: number;
  readonly totalFailuresPerSec: number;
  readonly averageBodyBytes: number;
}

/** A worker of the running test. */
export interface LabWorker {
  readonly id: string;
  readonly state: string;
  readonly users: number;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

/** The running test at one moment. */
export interface LabLive {
  readonly elapsedSec: number;
  /** Planned duration; null = until stopped. */
  readonly runTimeSec: number | null;
  readonly users: number;
  readonly targetUsers: number;
  readonly usersByClass: Readonly<Record<string, number>>;
  readonly rows: readonly LabLiveRow[];
  readonly total: LabLiveRow;
  /** Percentiles of the last ten seconds, ms; null without requests. */
  readonly current: {
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly p99Ms: number | null;
  };
  readonly errors: readonly ErrorStats[];
  readonly exceptions: readonly ExceptionStats[];
  readonly checks: readonly CheckStats[];
  readonly metrics: readonly MetricData[];
  readonly scheduleLagP99Ms: number;
  readonly workers: readonly LabWorker[];
}

/** State of the lab (`GET /api/run`, and event `state` of `GET /api/run/events` when a reader connects). */
export interface LabRun {
  readonly state: LabRunState;
  /** Scenario of the present or last run; null before the first. */
  readonly scenario: string | null;
  readonly host: string | null;
  readonly startedAtMs: number | null;
  readonly live: LabLive | null;
  /** Every second so far (thinned to at most 1,200 for long runs). */
  readonly series: readonly SeriesPoint[];
  /** Shares of the tasks by class, once the run has ended. */
  readonly tasks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Id of the last finished run, its outcome, and what failed. */
  readonly lastRunId: string | null;
  readonly lastOutcome: RunVerdict["outcome"] | null;
  /** Why the last run could not be started or finished, one sentence; null when it could. */
  readonly error: string | null;
}

/** Event `tick` of `GET /api/run/events`, once a second: the moment and the seconds that have passed since the last. */
export interface LabTick {
  readonly state: LabRunState;
  readonly live: LabLive;
  readonly series: readonly SeriesPoint[];
}

/** Event `end` of `GET /api/run/events`. */
export interface LabEnd {
  readonly runId: string | null;
  readonly outcome: RunVerdict["outcome"] | null;
  readonly reasons: readonly string[];
  readonly error: string | null;
}

/** Event `log` of `GET /api/run/events`. */
export interface LabLog {
  readonly line: string;
}

/** One finished run in the archive (`GET /api/runs`, newest first; `GET /api/runs/ID` is its ReportModel). */
export interface LabRunSummary {
  readonly id: string;
  readonly scenario: string;
  readonly startedAtMs: number;
  readonly durationSec: number;
  readonly users: number;
  readonly requests: number;
  readonly requestsPerSec: number;
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  readonly failurePercent: number;
  /** Null when the run was not judged. */
  readonly outcome: RunVerdict["outcome"] | null;
  readonly reasons: readonly string[];
}

/** A file below `reports/` (`GET /api/reports`); it is served at `/reports/NAME`. */
export interface LabReportFile {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** Body of every error of the lab's routes. */
export interface LabErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}
