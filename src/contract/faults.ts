/** Faults of a drill (`faults:` of a scenario or a file) and what was measured of each. */

/** A fault on the run's time axis. */
export interface Fault {
  /** Seconds after the start of the run. */
  readonly atSec: number;
  /** How long it lasts, seconds; 0 for what only happens once (a killed worker). */
  readonly forSec: number;
  readonly action: FaultAction;
}

/** What is done to which part. */
export type FaultAction =
  /** SIGKILL; started again when the fault ends. */
  | { readonly kind: "kill"; readonly service: string }
  /** SIGSTOP, and SIGCONT when the fault ends. */
  | { readonly kind: "freeze"; readonly service: string }
  /** SIGKILL of one child process of the service, which its parent has to replace. */
  | { readonly kind: "kill-child"; readonly service: string }
  /** Settings of the mock LLM, taken back when the fault ends. */
  | { readonly kind: "upstream"; readonly settings: Readonly<Record<string, unknown>> }
  /** What a fault proxy does to the bytes that pass it. */
  | { readonly kind: "proxy"; readonly proxy: string; readonly effect: ProxyEffect };

/** What a fault proxy does; effects add up. */
export interface ProxyEffect {
  /** Milliseconds that every chunk waits, each way. */
  readonly delayMs?: number;
  /** Bytes per second and direction of one connection. */
  readonly bytesPerSec?: number;
  /** Connections are reset, and new ones refused by a reset. */
  readonly cut?: boolean;
  /** Each connection is reset after so many bytes of answer. */
  readonly cutAfterBytes?: number;
  /** Connections stay open and nothing passes; they never come back to life. */
  readonly halfOpen?: boolean;
}

/** What a drill measured of one fault. */
export interface FaultRecord {
  /** Such as `kill redis`. */
  readonly label: string;
  /** Seconds since the start of the run at which it was in place and at which it was taken away. */
  readonly fromSec: number;
  readonly toSec: number;
  /** Seconds after its end until latency and failures were normal again; 0 = never left them; null = not within the run. */
  readonly recoverySec: number | null;
  /** Requests that failed between its begin and the recovery. */
  readonly requestsLost: number;
  /** Why it could not be made or ended; null when it was. */
  readonly problem: string | null;
}
