/** What a scenario sees of the WebSocket client. */
import type { RequestError } from "./http-types.ts";

/** Options of one WebSocket connection. */
export interface WebSocketOptions {
  /** Name under which connect, messages and drops are counted; the path by default. */
  readonly name?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** Time-out of connect and upgrade, ms. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Ping every so many ms and measure the pong; 0 = never. Default 0. */
  readonly pingIntervalMs?: number;
  /** Connect again after a drop, at most so often. Default 0. */
  readonly maxReconnects?: number;
  /** Pause before a reconnect, ms; doubled each time up to 30 s. Default 1,000. */
  readonly reconnectDelayMs?: number;
  /**
   * Epoch ms at which the server made the message, for the latency of pushed messages; null = no latency.
   * Default: the field `ts` of a JSON message.
   */
  readonly sentAt?: (data: string) => number | null;
  readonly onMessage?: (data: string) => void;
}

/** An open (or failed) WebSocket connection. */
export interface WebSocketConnection {
  readonly ok: boolean;
  readonly error: RequestError | null;
  readonly isOpen: boolean;
  /** Messages received so far. */
  readonly received: number;
  /** Connections lost so far that nobody asked to close. */
  readonly drops: number;
  send(data: string | Uint8Array): void;
  /**
   * Sends and waits for the next message for which `matches` holds (any by default); counted as one sample `WS`.
   * @returns the message, or null when none came in time
   */
  echo(data: string, options?: EchoOptions): Promise<string | null>;
  /** Waits for the next message; null when none comes within `timeoutMs` or the connection ends. */
  next(timeoutMs: number): Promise<string | null>;
  close(code?: number): Promise<void>;
}

/** Options of an echo. */
export interface EchoOptions {
  readonly matches?: (data: string) => boolean;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

/** WebSocket client of a virtual user. */
export interface WebSocketClient {
  /** Opens `path` (or a whole ws:// or wss:// URL). Never throws: the connection says whether it is open. */
  connect(path: string, options?: WebSocketOptions): Promise<WebSocketConnection>;
}
