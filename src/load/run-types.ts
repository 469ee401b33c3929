/** How a run is asked for, watched and steered. */
import type { RunResult } from "#contract";
import type { EpochClock, MonotonicClock } from "#shared";
import type { ExecutorConfig } from "./model/executor-types.ts";
import type { Scenario, ThresholdSpec } from "./model/scenario-types.ts";

/** What a caller changes of a scenario's own settings. */
export interface RunOverrides {
  readonly host?: string;
  readonly users?: number;
  readonly spawnRatePerSec?: number;
  /** null = until stopped. */
  readonly runTimeSec?: number | null;
  readonly seed?: number;
  /** Only tasks with one of these tags; not those with one of `excludeTags`. */
  readonly tags?: readonly string[];
  readonly excludeTags?: readonly string[];
  /** Only these user classes. */
  readonly userClasses?: readonly string[];
  /** Name of a shape of the scenario or of the engine (`StepLoadShape`, `SpikeLoadShape`). */
  readonly shape?: string;
  /** Executors instead of the scenario's. */
  readonly executors?: readonly ExecutorConfig[];
  readonly thresholds?: Readonly<Record<string, readonly ThresholdSpec[]>>;
  /** Every user class gets the same weight. */
  readonly equalWeights?: boolean;
  readonly stopTimeoutSec?: number;
  /** Threads; 1 runs in this thread. Default 1. */
  readonly processes?: number;
  /** Forget the statistics when all users are running. */
  readonly resetStats?: boolean;
  /** Keep every name of every second for Locust's full history file; memory then grows with the run. */
  readonly fullHistory?: boolean;
  /** Values for `setup` and `teardown`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** PEM text of certificate authorities to trust. */
  readonly ca?: string;
  /** Speak HTTP/2, whatever the scenario says. */
  readonly http2?: boolean;
  /** Weight, fixed number and host of user classes, by name (Locust's `--config-users`). */
  readonly classSettings?: Readonly<Record<string, ClassSettings>>;
  /** Facts for the report beside the scenario's own. */
  readonly notes?: readonly string[];
}

/** What a caller changes of a user class. */
export interface ClassSettings {
  readonly weight?: number;
  readonly fixedCount?: number;
  readonly host?: string;
}

/** Locust's names of what a run is doing. */
export type RunState = "ready" | "spawning" | "running" | "stopping" | "stopped";

/** One row of the live table. Times in ms, latency from due. */
export interface LiveRow {
  readonly method: string;
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly averageMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Mean of the last full seconds (up to ten). */
  readonly currentRps: number;
  readonly currentFailuresPerSec: number;
  /** Over the whole run. */
  readonly totalRps: number;
  readonly totalFailuresPerSec: number;
  readonly averageBodyBytes: number;
}

/** The state of a run at one moment. */
export interface LiveSnapshot {
  readonly state: RunState;
  readonly startedAtMs: number;
  readonly elapsedSec: number;
  /** Planned duration; null = until stopped. */
  readonly runTimeSec: number | null;
  readonly users: number;
  /** Users asked for at this moment. */
  readonly targetUsers: number;
  readonly usersByClass: Readonly<Record<string, number>>;
  /** By name, then method. */
  readonly rows: readonly LiveRow[];
  readonly total: LiveRow;
  /** Percentiles of the last ten seconds from due, ms; null without requests. */
  readonly current: {
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly p99Ms: number | null;
  };
  readonly errors: RunResult["errors"];
  readonly exceptions: RunResult["exceptions"];
  readonly checks: RunResult["checks"];
  readonly metrics: RunResult["metrics"];
  /** Seconds finished since the last snapshot was taken by the ticker, oldest first. */
  readonly series: RunResult["series"];
  readonly scheduleLagP99Ms: number;
  readonly workers: readonly WorkerSnapshot[];
}

/** One worker (this thread, a thread, or a machine) as seen by the coordinator. */
export interface WorkerSnapshot {
  readonly id: string;
  readonly state: RunState | "missing";
  readonly users: number;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

/** What can be changed while a run goes on. */
export interface RunControl {
  /** Sets the number of users (executors with users only); spawn rate of the run unless given. */
  setUsers(users: number, spawnRatePerSec?: number): void;
  /** Ends the run early, running tasks get the stop time-out. */
  stop(): void;
  /** Forgets all statistics so far. */
  resetStats(): void;
  snapshot(): LiveSnapshot;
}

/** What a run needs. */
export interface RunOptions {
  /** A scenario or the path of its file; threads need a path. */
  readonly scenario: Scenario | string;
  readonly overrides?: RunOverrides;
  /** Called once a second, and once more at the end. */
  readonly onTick?: (snapshot: LiveSnapshot) => void;
  /** Called for `log` lines of setup and teardown and for the engine's warnings. */
  readonly onLog?: (line: string) => void;
  /** Aborting stops the run early. */
  readonly signal?: AbortSignal;
  /** Clocks; the system's by default. */
  readonly clock?: { readonly epochMs: EpochClock; readonly monotonicMs: MonotonicClock };
}

/** A run under way. */
export interface RunHandle {
  readonly control: RunControl;
  readonly result: Promise<RunResult>;
}
