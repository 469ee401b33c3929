/** What all virtual users of one worker share. */
import type { Metrics, User, UserClass } from "../model/user-types.ts";
import type { WebSocketClient } from "../model/websocket-types.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Recorder } from "../stats/recorder.ts";
import type { Http1Client } from "../transport/http1/client.ts";

/** A user as its clients see it. */
export interface ClientOwner {
  readonly host: string;
  takeDueMs(nowMs: number): number;
}

/** The users' surroundings. */
export interface UserWorld {
  readonly host: string;
  readonly seed: number;
  readonly worker: { readonly index: number; readonly count: number };
  readonly shared: unknown;
  readonly scheduler: Scheduler;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
  createHttpClient(owner: ClientOwner, userClass: UserClass): Http1Client;
  createWebSocketClient(owner: ClientOwner & Pick<User, "id">): WebSocketClient & { close(): void };
}
