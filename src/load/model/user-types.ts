/** Virtual users, their tasks and what both are declared with. */
import type { Random } from "#shared";
import type { HttpClient, HttpOptions, HttpResponse } from "./http-types.ts";
import type { WebSocketClient } from "./websocket-types.ts";

/** Custom metrics by name; the first use of a name fixes its kind. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, amount?: number): void;
  /** Sets a gauge. */
  gauge(name: string, value: number): void;
  /** Adds one yes or no to a rate. */
  rate(name: string, isTrue: boolean): void;
  /** Adds a sample to a trend; `ms` (the default) makes it a histogram of time, any other unit one of plain numbers. */
  trend(name: string, value: number, unit?: string): void;
}

/** One virtual user as its tasks see it. `S` is the type of its own state. */
export interface User<S = Record<string, unknown>> {
  /** Number from 0, unique in the run over all workers and never given twice. */
  readonly id: number;
  readonly className: string;
  /** Base URL without a final slash. */
  readonly host: string;
  readonly http: HttpClient;
  readonly ws: WebSocketClient;
  readonly metrics: Metrics;
  /** The user's own state: what `defineUser({ state })` made, else an empty object. */
  readonly state: S;
  /** What the scenario's `setup` returned. */
  readonly shared: unknown;
  /** Which worker runs this user, and how many there are. */
  readonly worker: { readonly index: number; readonly count: number };
  /** Seeded random numbers in [0, 1): the same seed and user id give the same numbers. */
  readonly random: Random;
  /** Tasks begun by this user before the present one. */
  readonly iteration: number;
  /** True once the user was asked to stop; long tasks should look at it. */
  readonly isStopping: boolean;
  /** Waits; ends early when the user is stopped hard. */
  sleep(seconds: number): Promise<void>;
  /**
   * Checks an answer; a check that does not hold marks the request failed (family `assertion`) and is counted by name.
   * Checks of an answer that failed already are counted as not held.
   * @returns whether it held
   */
  check<R extends HttpResponse>(response: R, name: string, predicate: (response: R) => boolean): boolean;
  /** Leaves the innermost task set, or ends the present task, at once. Throws internally; do not catch it. */
  interrupt(): never;
  /** Ends this user for good. Throws internally; do not catch it. */
  stop(): never;
}

/** Seconds to wait after a task; built by `between`, `constant`, `constantPacing`, `constantThroughput`. */
export interface WaitTime {
  readonly kind: "between" | "constant" | "constant-pacing" | "constant-throughput" | "custom";
  /** Mean wait in seconds when tasks take no time. */
  readonly meanSec: number;
  /**
   * @param random seeded random numbers
   * @param taskSec how long the task just done took, seconds
   */
  seconds(random: Random, taskSec: number): number;
}

/** Weight and tags of a task. */
export interface TaskOptions {
  /** Relative share within its class or set. Default 1. */
  readonly weight?: number;
  readonly tags?: readonly string[];
  /** Wait after this task instead of the class's. */
  readonly wait?: WaitTime;
}

/** A task function. */
export type TaskFunction<S> = (user: User<S>) => Promise<void> | void;

/** One task. */
export interface Task<S = Record<string, unknown>> {
  readonly kind: "task";
  readonly name: string;
  readonly weight: number;
  readonly tags: readonly string[];
  readonly wait: WaitTime | undefined;
  readonly run: TaskFunction<S>;
}

/** Options of a nested set. */
export interface TaskSetOptions<S> extends TaskOptions {
  /** Rounds: picks (set) or passes (sequence) before it is left. Default: a set until `interrupt()`, a sequence 1. */
  readonly repeat?: number;
  readonly onStart?: TaskFunction<S>;
  readonly onStop?: TaskFunction<S>;
}

/** A nested set (weighted picks) or sequence (in order) of tasks. */
export interface TaskGroup<S = Record<string, unknown>> {
  readonly kind: "set" | "sequence";
  readonly name: string;
  readonly weight: number;
  readonly tags: readonly string[];
  readonly wait: WaitTime | undefined;
  readonly repeat: number;
  readonly children: readonly TaskNode<S>[];
  readonly onStart: TaskFunction<S> | undefined;
  readonly onStop: TaskFunction<S> | undefined;
}

/** A task or a group of tasks. */
export type TaskNode<S = Record<string, unknown>> = Task<S> | TaskGroup<S>;

/** What `defineUser` takes. */
export interface UserOptions<S> {
  readonly name: string;
  /** Relative share of the users. Default 1. */
  readonly weight?: number;
  /** Exactly so many users of this class, taken before weights count. */
  readonly fixedCount?: number;
  /** Base URL of this class; the run's host by default. */
  readonly host?: string;
  /** Default: no wait. */
  readonly wait?: WaitTime;
  readonly http?: HttpOptions;
  /** Makes the user's state before `onStart`. */
  readonly state?: (user: User<S>) => S;
  readonly onStart?: TaskFunction<S>;
  readonly onStop?: TaskFunction<S>;
  readonly tasks: readonly TaskNode<S>[];
}

/** A class of virtual users. */
export interface UserClass {
  readonly name: string;
  readonly weight: number;
  readonly fixedCount: number;
  readonly host: string | undefined;
  readonly wait: WaitTime;
  readonly http: HttpOptions;
  readonly state: ((user: User<unknown>) => unknown) | undefined;
  readonly onStart: TaskFunction<unknown> | undefined;
  readonly onStop: TaskFunction<unknown> | undefined;
  readonly tasks: readonly TaskNode<unknown>[];
}
