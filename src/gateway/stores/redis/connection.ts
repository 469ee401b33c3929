import type { Redis, RedisOptions } from "ioredis";
import { RampartError } from "#shared";

/** An argument of a command. Numbers go as decimal text. */
export type RedisArgument = string | number | Buffer;

/** The client library, loaded on first use. */
export type RedisClass = new (url: string, options: RedisOptions) => Redis;

/** What a connection needs to know. */
export interface ConnectionOptions {
  readonly Client: RedisClass;
  readonly url: string;
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly clock: () => number;
  /** Called when it becomes usable. */
  readonly onReady: () => void;
}

/** Longest pause between two attempts to connect, ms. */
const MAX_RECONNECT_MS = 1_000;
/** Settled entries at the head of the queue beyond which it is compacted. */
const COMPACT_AT = 256;

/** A command whose caller waits. */
interface Waiting {
  readonly deadlineMs: number;
  readonly reject: (error: unknown) => void;
  isSettled: boolean;
  /** The caller has been told that it took too long. */
  isExpired: boolean;
}

/**
 * One connection: many commands at a time in the order they were sent, each with a deadline. Commands are never kept for
 * later: without a usable connection they fail at once, and those under way fail when it breaks.
 */
export class RedisConnection {
  /** Commands that the server has not answered, those whose callers gave up included. */
  unanswered = 0;
  /** When it became usable, monotonic ms; 0 while it is not. */
  readyAtMs = 0;
  /** When a command was last sent, monotonic ms. */
  lastUsedMs = 0;
  /** When a server answer was last received or last was none outstanding, monotonic ms. */
  lastHeardMs = 0;
  /** An attempt to connect has failed, or the connection was lost once. */
  hasFailed = false;
  private readonly client: Redis;
  private readonly options: ConnectionOptions;
  private queue: Waiting[] = [];
  private head = 0;
  private isGathering = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(options: ConnectionOptions) {
    this.options = options;
    const { Client, url, keyPrefix, connectTimeoutMs } = options;
    const client = new Client(url, {
      ...clientOptions(connectTimeoutMs),
      keyPrefix,
      enableOfflineQueue: false,
    });
    this.client = client;
    this.lastUsedMs = options.clock();
    client.on("ready", () => this.greet());
    client.on("close", () => this.lose());
    // Without a listener the library prints what went wrong, address included; `close` follows every error.
    client.on("error", () => undefined);
    client.connect().catch(() => undefined);
  }

  get isReady(): boolean {
    return this.readyAtMs > 0;
  }

  /**
   * Sends a command; bulk replies come as text, or as buffers when `asBytes`.
   * @param onLate told of a reply that comes after the time-out
   * @throws RMP_STORE_TIMEOUT; else what the client library rejects with
   */
  send(
    asBytes: boolean,
    command: string,
    args: readonly RedisArgument[],
    onLate?: (reply: unknown) => void,
  ): Promise<unknown> {
    const { clock, commandTimeoutMs } = this.options;
    const nowMs = clock();
    this.lastUsedMs = nowMs;
    if (this.unanswered === 0) this.lastHeardMs = nowMs;
    this.unanswered += 1;
    this.gather();
    const reply = asBytes
      ? this.client.callBuffer(command, ...args)
      : this.client.call(command, args as RedisArgument[]); // the library's type is not readonly; it does not write
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        deadlineMs: nowMs + commandTimeoutMs,
        reject,
        isSettled: false,
        isExpired: false,
      };
      this.queue.push(waiting);
      this.timer ??= this.arm(commandTimeoutMs);
      reply.then(
        (value) => {
          this.answered(waiting);
          if (waiting.isExpired) onLate?.(value);
          else resolve(value);
        },
        (error: unknown) => {
          this.answered(waiting);
          reject(error);
        },
      );
    });
  }

  /** Holds back what is written until this turn of the event loop ends: one system call for all of its commands. */
  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    const { stream } = this.client;
    stream.cork();
    setImmediate(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }

  /** Breaks the connection and connects anew. */
  reconnect(): void {
    this.client.disconnect(true);
  }

  /** Closes for good. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.client.disconnect();
  }

  private answered(waiting: Waiting): void {
    waiting.isSettled = true;
    this.unanswered -= 1;
    this.lastHeardMs = this.options.clock();
  }

  /** A server may accept and not answer, or still load its data: only a PONG makes the connection usable. */
  private greet(): void {
    const refused = (): void => {
      if (this.client.status === "ready") setTimeout(() => this.retry(), MAX_RECONNECT_MS).unref();
    };
    this.send(false, "ping", []).then((reply) => {
      if (reply !== "PONG") return refused();
      this.readyAtMs = this.options.clock();
      this.options.onReady();
    }, refused);
  }

  private retry(): void {
    if (!this.isReady && this.client.status === "ready") this.reconnect();
  }

  private lose(): void {
    this.hasFailed = true;
    this.readyAtMs = 0;
  }

  private arm(delayMs: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      // A busy process reads late: answers that have arrived already are taken before anything is called overdue.
      setImmediate(() => this.expire());
    }, delayMs);
    timer.unref();
    return timer;
  }

  private expire(): void {
    const { queue } = this;
    const nowMs = this.options.clock();
    while (this.head < queue.length) {
      const waiting = queue[this.head]!;
      if (!waiting.isSettled && waiting.deadlineMs > nowMs) break;
      if (!waiting.isSettled) {
        waiting.isExpired = true;
        waiting.reject(new RampartError("RMP_STORE_TIMEOUT", "Redis did not answer in time"));
      }
      this.head += 1;
    }
    if (this.head >= COMPACT_AT || this.head === queue.length) {
      this.queue = queue.slice(this.head);
      this.head = 0;
    }
    const next = this.queue[this.head];
    this.timer = next === undefined ? null : this.arm(Math.max(1, next.deadlineMs - nowMs));
  }
}

/** Options that command connections and the subscriber share. */
export function clientOptions(connectTimeoutMs: number): RedisOptions {
  return {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    connectionName: "rampart",
    disableClientInfo: true,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    keepAlive: 10_000,
    retryStrategy: (attempt: number) => Math.min(25 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_MS),
  };
}
