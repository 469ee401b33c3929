/** One WebSocket of a virtual user, over the `ws` library: measures messages and pings, counts drops, reconnects. */
import { WebSocket } from "ws";
import type { RequestError } from "../../model/http-types.ts";
import type { EchoOptions, WebSocketConnection, WebSocketOptions } from "../../model/websocket-types.ts";
import type { ScheduledCall } from "../../scheduler.ts";
import { classifyError, timeoutError } from "../errors.ts";
import type { WebSocketEnvironment } from "./environment.ts";

/** Method under which connects and echoes are counted. */
const WEBSOCKET_METHOD = "WS";
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_RECONNECT_DELAY_MS = 1000;
const RECONNECT_DELAY_LIMIT_MS = 30_000;
/** Messages kept for `next()`; older ones are dropped, since a reader that is this late has lost the thread. */
const BACKLOG_LIMIT = 1000;
const NORMAL_CLOSURE = 1000;

interface Waiter {
  readonly matches: (data: string) => boolean;
  readonly settle: (data: string | null) => void;
}

/** One connection with its reconnects. */
export class Connection implements WebSocketConnection {
  error: RequestError | null = null;
  received = 0;
  drops = 0;
  readonly #environment: WebSocketEnvironment;
  readonly #url: string;
  readonly #name: string;
  readonly #options: WebSocketOptions;
  readonly #waiters: Waiter[] = [];
  readonly #backlog: string[] = [];
  #socket: WebSocket | null = null;
  #isClosing = false;
  #reconnects = 0;
  #calls = new Set<ScheduledCall>();
  #pingSentMs = 0;

  constructor(environment: WebSocketEnvironment, url: string, name: string, options: WebSocketOptions) {
    this.#environment = environment;
    this.#url = url;
    this.#name = name;
    this.#options = options;
  }

  get ok(): boolean {
    return this.error === null;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Connects once and counts it. */
  open(): Promise<void> {
    const { monotonicMs, owner, recorder, tls } = this.#environment;
    const startMs = monotonicMs();
    const dueMs = owner.takeDueMs(startMs);
    const limitMs = this.#options.connectTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise((resolve) => {
      const socket = new WebSocket(this.#url, [...(this.#options.protocols ?? [])], {
        headers: { ...this.#options.headers },
        perMessageDeflate: false,
        followRedirects: false,
        rejectUnauthorized: tls.verify ?? true,
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(tls.cert === undefined ? {} : { cert: tls.cert }),
        ...(tls.key === undefined ? {} : { key: tls.key }),
      });
      this.#socket = socket;
      let isSettled = false;
      const settle = (error: RequestError | null) => {
        if (isSettled) return;
        isSettled = true;
        timeout.cancel();
        this.error = error;
        const endMs = monotonicMs();
        const method = WEBSOCKET_METHOD;
        recorder.request(method, `${this.#name} connect`, dueMs, startMs, endMs, 0);
        recorder.metric("rate", "ws_connected", error === null ? 1 : 0, "", endMs);
        if (error !== null) {
          recorder.failure(method, `${this.#name} connect`, error.family, error.message, endMs);
          socket.terminate();
        } else {
          recorder.connectionOpened();
          recorder.metric("trend", "ws_connecting", endMs - startMs, "ms", endMs);
          this.#schedulePing(socket);
        }
        resolve();
      };
      const timeout = this.#at(limitMs, () => settle(timeoutError("WebSocket connect", limitMs)));
      socket.on("open", () => settle(null));
      socket.on("unexpected-response", (_request, response) => {
        settle({ family: "http", message: `HTTP ${response.statusCode ?? 0} instead of an upgrade` });
      });
      socket.on("error", (error) => settle(classifyUpgrade(error)));
      socket.on("message", (data, isBinary) => this.#onMessage(isBinary ? "" : String(data)));
      socket.on("pong", () => {
        const nowMs = monotonicMs();
        if (this.#pingSentMs > 0) recorder.metric("trend", "ws_ping", nowMs - this.#pingSentMs, "ms", nowMs);
        this.#pingSentMs = 0;
      });
      socket.on("close", () => {
        settle({ family: "reset", message: "closed before the upgrade" });
        if (this.error === null) this.#onClose(socket);
      });
    });
  }

  send(data: string | Uint8Array): void {
    if (!this.isOpen) return;
    this.#socket?.send(data);
    this.#environment.recorder.metric("counter", "ws_msgs_sent", 1, "", this.#environment.monotonicMs());
  }

  async echo(data: string, options: EchoOptions = {}): Promise<string | null> {
    const { monotonicMs, owner, recorder } = this.#environment;
    const sentMs = monotonicMs();
    const dueMs = owner.takeDueMs(sentMs);
    const limitMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const answer = this.isOpen ? this.#wait(options.matches ?? acceptAny, limitMs) : Promise.resolve(null);
    this.send(data);
    const text = await answer;
    const endMs = monotonicMs();
    recorder.request(
      WEBSOCKET_METHOD,
      this.#name,
      dueMs,
      sentMs,
      endMs,
      text === null ? 0 : Buffer.byteLength(text),
    );
    if (text === null) {
      const error: RequestError = this.isOpen
        ? timeoutError("the answer", limitMs)
        : { family: "reset", message: "connection is closed" };
      recorder.failure(WEBSOCKET_METHOD, this.#name, error.family, error.message, endMs);
    }
    return text;
  }

  next(timeoutMs: number): Promise<string | null> {
    const kept = this.#backlog.shift();
    if (kept !== undefined) return Promise.resolve(kept);
    if (!this.isOpen) return Promise.resolve(null);
    return this.#wait(acceptAny, timeoutMs);
  }

  close(code = NORMAL_CLOSURE): Promise<void> {
    this.#isClosing = true;
    const socket = this.#socket;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once("close", () => resolve());
      socket.close(code);
    });
  }

  /** Ends the connection without a goodbye and forgets all that waits on it. */
  terminate(): void {
    this.#isClosing = true;
    this.#socket?.terminate();
    for (const call of this.#calls) call.cancel();
    this.#settleAll();
  }

  #onMessage(data: string): void {
    const { epochMs, monotonicMs, recorder } = this.#environment;
    const nowMs = monotonicMs();
    this.received += 1;
    recorder.metric("counter", "ws_msgs_received", 1, "", nowMs);
    const sentAtMs = (this.#options.sentAt ?? timestampOf)(data);
    if (sentAtMs !== null)
      recorder.metric("trend", "ws_message_latency", Math.max(0, epochMs() - sentAtMs), "ms", nowMs);
    this.#options.onMessage?.(data);
    const index = this.#waiters.findIndex((waiter) => waiter.matches(data));
    if (index >= 0) this.#waiters.splice(index, 1)[0]!.settle(data);
    else {
      this.#backlog.push(data);
      if (this.#backlog.length > BACKLOG_LIMIT) this.#backlog.shift();
    }
  }

  #onClose(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#settleAll();
    if (this.#isClosing) return;
    const { recorder, monotonicMs } = this.#environment;
    this.drops += 1;
    const nowMs = monotonicMs();
    recorder.metric("counter", "ws_drops", 1, "", nowMs);
    if (this.#reconnects >= (this.#options.maxReconnects ?? 0)) {
      this.error = { family: "reset", message: "connection dropped" };
      return;
    }
    const first = this.#options.reconnectDelayMs ?? DEFAULT_RECONNECT_DELAY_MS;
    const delayMs = Math.min(first * 2 ** this.#reconnects, RECONNECT_DELAY_LIMIT_MS);
    this.#reconnects += 1;
    this.#at(delayMs, () => {
      recorder.metric("counter", "ws_reconnects", 1, "", monotonicMs());
      void this.open();
    });
  }

  #schedulePing(socket: WebSocket): void {
    const everyMs = this.#options.pingIntervalMs ?? 0;
    if (everyMs <= 0) return;
    this.#at(everyMs, () => {
      if (this.#socket !== socket || socket.readyState !== WebSocket.OPEN) return;
      if (this.#pingSentMs === 0) {
        this.#pingSentMs = this.#environment.monotonicMs();
        socket.ping();
      }
      this.#schedulePing(socket);
    });
  }

  #wait(matches: (data: string) => boolean, timeoutMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        matches,
        settle: (data) => {
          timeout.cancel();
          resolve(data);
        },
      };
      const timeout = this.#at(timeoutMs, () => {
        const index = this.#waiters.indexOf(waiter);
        if (index >= 0) this.#waiters.splice(index, 1);
        resolve(null);
      });
      this.#waiters.push(waiter);
    });
  }

  #settleAll(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.settle(null);
  }

  #at(delayMs: number, run: () => void): ScheduledCall {
    const { scheduler } = this.#environment;
    const call = scheduler.at(scheduler.nowMs() + delayMs, () => {
      this.#calls.delete(call);
      run();
    });
    this.#calls.add(call);
    return {
      dueMs: call.dueMs,
      cancel: () => {
        this.#calls.delete(call);
        call.cancel();
      },
    };
  }
}

function classifyUpgrade(error: Error): RequestError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "" || code.startsWith("WS_ERR"))
    return { family: "protocol", message: "WebSocket protocol violated" };
  return classifyError(error, "connect");
}

/** Field `ts` of a JSON message, epoch ms; null without one. */
function timestampOf(data: string): number | null {
  if (!data.startsWith("{")) return null;
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== "object" || message === null || !("ts" in message)) return null;
    return typeof message.ts === "number" ? message.ts : null;
  } catch {
    return null;
  }
}

function acceptAny(): boolean {
  return true;
}
