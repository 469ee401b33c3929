/** What was planned: enough to draw the plan, to bound the rate, and to repeat the run. */
export interface RunPlan {
  /** Executor kinds in use, such as `constant-users`. */
  readonly executors: readonly string[];
  /** Peak number of users or connections. */
  readonly users: number;
  readonly spawnRatePerSec: number;
  /** Planned duration, seconds; null = until stopped. */
  readonly runTimeSec: number | null;
  /** Mean wait between tasks, seconds, over the user classes by weight; null when the model is open. */
  readonly meanWaitSec: number | null;
  /** Mean requests per task over the tasks by weight, when the scenario says so; else 1. */
  readonly requestsPerTask: number;
  readonly host: string;
  readonly workers: number;
  /** Relative share of each task, by `Class.task`, summing to 1 per class. */
  readonly tasks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * The user classes of the plan, for the closed-model bound: mean waits differ between classes, and the bound of the
   * mean is not the mean of the bounds. Absent in files of other tools; then {@link meanWaitSec} stands for all users.
   */
  readonly classes?: readonly PlannedClass[];
  /** Most iterations per second that the arrival-rate executors ask for together; absent without any. */
  readonly arrivalsPerSec?: number;
}

/** One user class of a plan. */
export interface PlannedClass {
  readonly name: string;
  /** Its share of the users, 0-1; the shares of a plan sum to 1. */
  readonly share: number;
  /** Mean wait between its tasks, seconds. */
  readonly meanWaitSec: number;
  /**
   * True when the wait starts with the task (constant pacing, constant throughput), so that the bound is one task per
   * wait and not per wait and latency.
   */
  readonly isPaced: boolean;
}
