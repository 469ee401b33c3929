/** What WebSockets need of their worker and user. */
import type { EpochClock, MonotonicClock } from "#shared";
import type { TlsClientOptions } from "../../model/http-types.ts";
import type { Scheduler } from "../../scheduler.ts";
import type { Recorder } from "../../stats/recorder.ts";

/** What the client needs of its worker and user. */
export interface WebSocketEnvironment {
  readonly epochMs: EpochClock;
  readonly monotonicMs: MonotonicClock;
  readonly recorder: Recorder;
  readonly scheduler: Scheduler;
  readonly owner: { readonly host: string; takeDueMs(nowMs: number): number };
  readonly tls: TlsClientOptions;
}
