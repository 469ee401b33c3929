/** How load is shaped over time: what is asked for, without running anything. */
import type { LoadShape } from "./shape-types.ts";
import type { WaitTime } from "./user-types.ts";

/** What every executor takes. */
export interface ExecutorCommon {
  /** Shown in plan and errors; the kind by default. */
  readonly name?: string;
  /** Seconds after the start of the run at which this executor starts. Default 0. */
  readonly startSec?: number;
  /** Names of the user classes it runs; all of the scenario's by default. */
  readonly userClasses?: readonly string[];
}

/** A fixed number of users, spawned at a rate; the closed model. */
export interface ConstantUsersConfig extends ExecutorCommon {
  readonly kind: "constant-users";
  readonly users: number;
  /** Users started per second. Default: all at once. */
  readonly spawnRatePerSec?: number;
  /** Seconds from the executor's start; null or absent = until stopped. */
  readonly durationSec?: number | null;
}

/** One stage: linear from the value before to `target` within `durationSec`. */
export interface Stage {
  readonly durationSec: number;
  readonly target: number;
}

/** Users that follow stages; the closed model. */
export interface RampingUsersConfig extends ExecutorCommon {
  readonly kind: "ramping-users";
  /** Default 0. */
  readonly startUsers?: number;
  readonly stages: readonly Stage[];
}

/** Users that follow a shape's `tick()`; the closed model. */
export interface ShapeConfig extends ExecutorCommon {
  readonly kind: "shape";
  readonly shape: () => LoadShape;
}

/** So many task iterations over all users together. */
export interface SharedIterationsConfig extends ExecutorCommon {
  readonly kind: "shared-iterations";
  readonly users: number;
  readonly iterations: number;
  /** Give up after so many seconds. Default 600, as k6. */
  readonly maxDurationSec?: number;
}

/** So many task iterations per user. */
export interface PerUserIterationsConfig extends ExecutorCommon {
  readonly kind: "per-user-iterations";
  readonly users: number;
  readonly iterations: number;
  /** Give up after so many seconds. Default 600, as k6. */
  readonly maxDurationSec?: number;
}

/** Iterations that start at a fixed rate whatever the answers do; the open model. */
export interface ConstantArrivalRateConfig extends ExecutorCommon {
  readonly kind: "constant-arrival-rate";
  readonly ratePerSec: number;
  readonly durationSec: number;
  /** Bound of iterations at once; an arrival that finds none free within `durationSec` is undelivered. Default 10,000. */
  readonly maxUsers?: number;
}

/** Iterations whose rate follows stages; the open model. */
export interface RampingArrivalRateConfig extends ExecutorCommon {
  readonly kind: "ramping-arrival-rate";
  /** Default 0. */
  readonly startRatePerSec?: number;
  /** `target` is a rate per second. */
  readonly stages: readonly Stage[];
  readonly maxUsers?: number;
}

/** Conversations: each session is a fresh user that takes its turns (one task each) with think time, then ends. */
export interface SessionsConfig extends ExecutorCommon {
  readonly kind: "sessions";
  /** Sessions at once (closed); a session that ends is followed by a new one. */
  readonly concurrent?: number;
  /** Or sessions that begin per second (open). */
  readonly ratePerSec?: number;
  readonly durationSec: number;
  /** Turns per session: a number, or smallest and largest. */
  readonly turns: number | readonly [number, number];
  /** Think time between turns; the class's wait time by default. */
  readonly thinkTime?: WaitTime;
  /** Bound of open sessions at once. Default 10,000. */
  readonly maxUsers?: number;
}

/** One executor of a run. */
export type ExecutorConfig =
  | ConstantUsersConfig
  | RampingUsersConfig
  | ShapeConfig
  | SharedIterationsConfig
  | PerUserIterationsConfig
  | ConstantArrivalRateConfig
  | RampingArrivalRateConfig
  | SessionsConfig;
