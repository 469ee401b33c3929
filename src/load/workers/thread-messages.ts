/** What coordinator and threads say to each other. All of it is plain data. */
import type { RunOverrides } from "../run-types.ts";
import type { WorkerReport } from "../stats/delta.ts";

/** What a thread is started with. */
export interface ThreadData {
  readonly workerId: string;
  readonly index: number;
  readonly count: number;
  /** Scenario file; each thread loads it itself. */
  readonly path: string;
  readonly overrides: RunOverrides;
  /** What `setup` returned. */
  readonly shared: unknown;
}

/** To a thread. */
export type ToThread =
  | { readonly kind: "start"; readonly startedAtMs: number }
  | { readonly kind: "poll" }
  | { readonly kind: "set-users"; readonly users: number; readonly spawnRatePerSec: number }
  | { readonly kind: "set-current-users"; readonly users: number }
  | { readonly kind: "stop"; readonly timeoutMs: number };

/** From a thread. */
export type FromThread =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  | { readonly kind: "report"; readonly report: WorkerReport }
  | { readonly kind: "target"; readonly users: number }
  | { readonly kind: "done" }
  | { readonly kind: "stopped" };
