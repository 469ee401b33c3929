/** A scenario: user classes, defaults of the run, what is set up before and checked after it. */
import type { ExecutorConfig } from "./executor-types.ts";
import type { HttpClient, HttpOptions } from "./http-types.ts";
import type { LoadShape } from "./shape-types.ts";
import type { UserClass } from "./user-types.ts";

/** What `setup` gets. */
export interface SetupContext {
  /** Base URL of the run without a final slash. */
  readonly host: string;
  /** Users asked for (peak). */
  readonly users: number;
  readonly seed: number;
  /** Client whose requests are not counted. */
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  /** Values given by `--set key=value` or the caller. */
  readonly settings: Readonly<Record<string, string>>;
  log(text: string): void;
}

/** What happened, for `teardown`. */
export interface TeardownSummary {
  readonly requests: number;
  readonly failures: number;
  readonly durationSec: number;
  /** Requests and failures by `METHOD name`. */
  readonly byName: Readonly<Record<string, { readonly requests: number; readonly failures: number }>>;
}

/** What `teardown` gets: it may add checks, notes and metrics, and fail the run. */
export interface TeardownContext extends SetupContext {
  /** What `setup` returned. */
  readonly shared: unknown;
  readonly summary: TeardownSummary;
  /** Adds passes and fails to a named check of the run; a fail fails the run. */
  check(name: string, holds: boolean, detail?: string): boolean;
  /** Fails the run with one sentence (no personal data). */
  fail(reason: string): void;
  /** Adds a fact to the report. */
  note(text: string): void;
  /** Adds to a counter of the run. */
  count(name: string, amount?: number): void;
  /** Sets a gauge of the run. */
  gauge(name: string, value: number, unit?: string): void;
}

/** A threshold in k6's syntax, such as `p(95)<200`. */
export type ThresholdSpec =
  | string
  | {
      readonly threshold: string;
      /** Stop the run as soon as it does not hold. */
      readonly abortOnFail?: boolean;
      /** Do not abort within the first seconds. */
      readonly delayAbortEvalSec?: number;
      /** Judge only the last so many seconds (sliding) instead of the whole run. */
      readonly windowSec?: number;
    };

/** A second run of the same scenario, made first, that the run is compared with. */
export interface Beside {
  /** What is different, such as `without cache`. */
  readonly label: string;
  /** Settings of the other run, on top of this run's. */
  readonly settings: Readonly<Record<string, string>>;
  /** Custom metric that says how many times faster this run's requests of a name are on average. */
  readonly speedUp?: { readonly metric: string; readonly name: string };
}

/** What `defineScenario` takes. */
export interface ScenarioOptions {
  readonly name: string;
  readonly description?: string;
  /** Base URL unless the run names one. */
  readonly host?: string;
  /** Default number of users (1), users started per second (all at once), and run time (until stopped). */
  readonly users?: number;
  readonly spawnRate?: number;
  /** `60s`, `5m`, `1h30m`, or seconds. */
  readonly runTime?: string | number;
  readonly seed?: number;
  readonly userClasses: readonly UserClass[];
  /** Executors instead of users and spawn rate; command-line users replace them. */
  readonly executors?: readonly ExecutorConfig[];
  /** A shape that decides the users; `shapes` are those that `--shape NAME` picks from. */
  readonly shape?: () => LoadShape;
  readonly shapes?: Readonly<Record<string, () => LoadShape>>;
  readonly http?: HttpOptions;
  /** Name of the target table that judges the run, such as `prompt-guard`. */
  readonly targets?: string;
  /** Thresholds by metric, such as `{ http_req_duration: ["p(95)<200"] }`. */
  readonly thresholds?: Readonly<Record<string, readonly ThresholdSpec[]>>;
  readonly tags?: readonly string[];
  /** Another run to compare with; `--no-beside` leaves it out. */
  readonly beside?: Beside;
  /**
   * Faults on the run's time axis, with the services and proxies they need: the path of a drill file, relative to the
   * working folder, or the same keys as values. The lab makes them.
   */
  readonly faults?: string | Readonly<Record<string, unknown>>;
  /** Facts for the report. */
  readonly notes?: readonly string[];
  /** Mean requests per task over the tasks by weight, for the closed-model bound. Default 1. */
  readonly requestsPerTask?: number;
  /** Seconds that running tasks get to end after the run time. Default 5. */
  readonly stopTimeoutSec?: number;
  /** Runs once before the first user; what it returns (plain data) is every user's `shared`. */
  readonly setup?: (context: SetupContext) => unknown;
  /** Runs once after the last user. */
  readonly teardown?: (context: TeardownContext) => void | Promise<void>;
}

/** A checked scenario. */
export interface Scenario {
  /** Marks a default export as a scenario. */
  readonly kind: "rampart-scenario";
  readonly name: string;
  readonly description: string;
  readonly host: string | undefined;
  readonly users: number | undefined;
  readonly spawnRatePerSec: number | undefined;
  readonly runTimeSec: number | null;
  readonly seed: number | undefined;
  readonly userClasses: readonly UserClass[];
  readonly executors: readonly ExecutorConfig[];
  readonly shape: (() => LoadShape) | undefined;
  readonly shapes: Readonly<Record<string, () => LoadShape>>;
  readonly http: HttpOptions;
  readonly targets: string | undefined;
  readonly thresholds: Readonly<Record<string, readonly ThresholdSpec[]>>;
  readonly tags: readonly string[];
  readonly beside: Beside | undefined;
  readonly faults: ScenarioOptions["faults"];
  readonly notes: readonly string[];
  readonly requestsPerTask: number;
  readonly stopTimeoutSec: number;
  readonly setup: ScenarioOptions["setup"] | undefined;
  readonly teardown: ScenarioOptions["teardown"] | undefined;
}
