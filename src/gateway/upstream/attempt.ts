import type { Dispatcher } from "undici";
import { type MonotonicClock, RampartError } from "#shared";
import type { UpstreamRequest } from "./answer-consumer.ts";
import { ANSWER_HEADERS } from "./headers.data.ts";
import type { FailureReason, UpstreamHost } from "./host.ts";
import { toUpstreamError } from "./upstream-error.ts";

/** Largest refused answer that is read to its end so that its connection can be used again. */
const MAX_DRAINED_BYTES = 64 * 1024;

/** Whom an attempt tells what becomes of it. */
export interface AttemptOwner {
  /** @returns false when the answer is not wanted: another attempt will be made */
  onAttemptHead(attempt: Attempt, status: number, headers: string[], isEventStream: boolean): boolean;
  onAttemptBytes(chunk: Buffer): boolean;
  onAttemptEnd(): void;
  onAttemptFailure(attempt: Attempt, error: RampartError): void;
}

/**
 * One request to one host: the handler of the HTTP client. Written against the client's raw handler methods (`onConnect`,
 * `onHeaders`, …): the newer ones build a header object and a controller per request.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly host: UpstreamHost;
  /** The request has been written to a connection: the host may have seen it. */
  wasSent = false;
  private readonly owner: AttemptOwner;
  private readonly clock: MonotonicClock;
  private readonly isProbe: boolean;
  private abortRequest: ((error?: Error) => void) | null = null;
  private resumeRequest: (() => void) | null = null;
  private sentMs = 0;
  private drainedBytes = 0;
  /** The owner hears no more of it. */
  private isDetached = false;
  private isSettled = false;
  private wantsStream = false;
  private hasLeft = false;

  constructor(host: UpstreamHost, owner: AttemptOwner, clock: MonotonicClock, isProbe: boolean) {
    this.host = host;
    this.owner = owner;
    this.clock = clock;
    this.isProbe = isProbe;
  }

  /**
   * Sends the request.
   * @param timeLeftMs when given, the answer has to begin within it
   */
  send(request: UpstreamRequest, nowMs: number, timeLeftMs?: number): void {
    const { host } = this;
    this.sentMs = nowMs;
    this.wantsStream = request.wantsStream;
    host.figures.attempts += 1;
    const options: Dispatcher.DispatchOptions = {
      path: host.pathOf(request.path),
      method: request.method,
      headers: host.headersOf(request.headers, request.passesProviderKey),
      body: host.bodyOf(request.body),
    };
    if (typeof request.traceparent === "string" && Array.isArray(options.headers))
      options.headers.push("traceparent", request.traceparent);
    if (timeLeftMs !== undefined)
      options.headersTimeout = Math.max(1, Math.min(host.headersTimeoutMs, Math.ceil(timeLeftMs)));
    host.underWay += 1;
    host.pool.dispatch(options, this);
  }

  /** Gives the request up; its owner hears no more of it. */
  cancel(): void {
    if (this.isDetached) return;
    this.isDetached = true;
    this.settle(null);
    this.abortRequest?.(GONE);
  }

  /** Has bytes come again. */
  resume(): void {
    this.resumeRequest?.();
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.isDetached) {
      abort(GONE);
      return;
    }
    this.wasSent = true;
    this.abortRequest = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    // Interim answers (100, 103) come before the real one.
    if (status < 200 || this.isDetached) return true;
    this.resumeRequest = resume;
    const { quota } = this.host;
    const headers: string[] = [];
    let isEventStream = false;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!.toString("latin1").toLowerCase();
      if (name === "content-encoding") refuseEncoding(rawHeaders[i + 1]!.toString("latin1"));
      if (!ANSWER_HEADERS.has(name)) continue;
      const value = rawHeaders[i + 1]!.toString("latin1");
      if (quota !== null) quota.observe(name, value);
      if (name === "content-type" && status < 300)
        isEventStream = this.wantsStream && value.toLowerCase().startsWith("text/event-stream");
      headers.push(name, value);
    }
    if (status >= 300 && status < 400)
      throw new RampartError(
        "RMP_UPSTREAM_PROTOCOL",
        "the provider answered with a redirect, which is not followed",
      );
    if (status === 429) this.host.figures.rateLimited += 1;
    if (status >= 500) this.settle("server_error");
    // A host that is probed has answered; waiting for the end of a stream would keep others away for nothing.
    else if (this.isProbe) this.settle("answered");
    if (!this.owner.onAttemptHead(this, status, headers, isEventStream)) this.isDetached = true;
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (!this.isDetached) return this.owner.onAttemptBytes(chunk);
    this.drainedBytes += chunk.length;
    if (this.drainedBytes > MAX_DRAINED_BYTES) this.abortRequest?.(GONE);
    return true;
  }

  onComplete(): void {
    this.leave();
    this.settle("answered");
    if (!this.isDetached) this.owner.onAttemptEnd();
  }

  onError(error: Error): void {
    this.abortRequest = null;
    this.leave();
    if (this.isDetached) return;
    this.isDetached = true;
    const failure = toUpstreamError(error);
    this.settle(reasonOf(failure));
    this.owner.onAttemptFailure(this, failure);
  }

  /** The client of the pool is done with the request; it says so once, but an error may follow an end. */
  private leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.host.underWay -= 1;
  }

  /** Tells the host's books how it went, once; null when that says nothing about the host. */
  private settle(outcome: FailureReason | "answered" | null): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const { breaker, figures } = this.host;
    if (outcome === null) {
      if (this.isProbe) breaker.release();
      return;
    }
    const nowMs = this.clock();
    figures.totalMs += nowMs - this.sentMs;
    if (outcome === "answered") {
      breaker.succeed(nowMs, this.isProbe);
      return;
    }
    figures.failures[outcome] += 1;
    breaker.fail(nowMs, this.isProbe);
  }
}

/** Reason of an abort that the gateway or its client caused. */
const GONE = new RampartError("RMP_CLIENT_GONE", "the client closed the connection");

/** @throws RMP_UPSTREAM_PROTOCOL: bytes that cannot be read cannot be restored */
function refuseEncoding(encoding: string): void {
  if (encoding !== "identity")
    throw new RampartError(
      "RMP_UPSTREAM_PROTOCOL",
      "the provider compressed its answer although asked not to",
    );
}

/** Whose fault a failure is: null for one that the gateway itself caused. */
function reasonOf(failure: RampartError): FailureReason | null {
  switch (failure.code) {
    case "RMP_UPSTREAM_UNREACHABLE":
      return "unreachable";
    case "RMP_UPSTREAM_RESET":
      return "reset";
    case "RMP_UPSTREAM_TIMEOUT":
      return "timeout";
    case "RMP_UPSTREAM_PROTOCOL":
    case "RMP_UPSTREAM_TOO_LARGE":
      return "protocol";
    default:
      return null;
  }
}
