/** What executors are made of: a plan that can be validated and drawn, and a runner that follows it. */
import type { ExecutorConfig } from "../model/executor-types.ts";
import type { UserClass } from "../model/user-types.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Pacer } from "../user/virtual-user.ts";

/** Which part of the work a worker does: item n belongs to worker n mod `count`. */
export interface WorkShare {
  readonly index: number;
  readonly count: number;
}

/** What an executor will do, known before it runs. Times are seconds from the start of the run. */
export interface ExecutorPlan {
  readonly kind: ExecutorConfig["kind"];
  readonly name: string;
  readonly startSec: number;
  /** Seconds it lasts; null = until stopped. */
  readonly durationSec: number | null;
  /** Most users at once. */
  readonly peakUsers: number;
  /** Users started per second; infinite = all at once. */
  readonly spawnRatePerSec: number;
  /** True when requests are due by the clock alone, whatever the answers do. */
  readonly isOpenModel: boolean;
  /** Users (or iterations started, in an open model) by `tSec` seconds after the executor's start; null when unknown. */
  amountAt(tSec: number): number | null;
}

/** A user as its executor holds it. */
export interface UserHandle {
  /** Ends after its present task. */
  requestStop(): void;
  /** Resolves when the user's life has ended. */
  readonly ended: Promise<void>;
}

/** What an executor needs of the worker it runs in. */
export interface ExecutorHost {
  readonly scheduler: Scheduler;
  readonly share: WorkShare;
  /** Monotonic ms at which this executor starts. */
  readonly startMs: number;
  /** Class of the n-th user over all workers; `only` restricts the choice by name. */
  classFor(slot: number, only?: readonly string[] | null): UserClass;
  /** Starts a user. */
  spawn(userClass: UserClass, pacer: Pacer): UserHandle;
  /** A seeded random number in [0, 1) for the n-th choice of this executor; the same on every worker. */
  randomFor(n: number): number;
  /** Counts how late the executor itself noticed that something was due, ms. */
  lag(lagMs: number): void;
  /** Counts arrivals that could not be started. */
  undelivered(count: number): void;
  /** Users running now over all workers, as far as this worker knows (shapes ask for it). */
  currentUsers(): number;
}

/** A running executor. */
export interface Executor {
  start(): void;
  /** Starts nothing more; users end after their present task. */
  stop(): void;
  /** Changes the number of users from now on; only where the number of users is what is set. */
  setUsers?(users: number, spawnRatePerSec: number): void;
  /** Users (or sessions) wanted at this moment over all workers. */
  readonly targetUsers: number;
  /** Resolves when the plan is done and every user of it has ended; never for plans without an end until stopped. */
  readonly done: Promise<void>;
}

/** One kind of executor. */
export interface ExecutorKind<Config extends ExecutorConfig> {
  /** @throws RMP_LOAD_SCENARIO_INVALID when the configuration cannot run */
  plan(config: Config): ExecutorPlan;
  create(config: Config, host: ExecutorHost): Executor;
}
