import type { UpstreamConfig } from "#contract";
import { backoffMs, RampartError } from "#shared";
import type { AnswerConsumer, UpstreamCall, UpstreamRequest } from "./answer-consumer.ts";
import { Attempt, type AttemptOwner } from "./attempt.ts";
import type { UpstreamHost } from "./host.ts";
import { forbidsRetry, retryAfterMs } from "./retry-advice.ts";
import type { Upstream, UpstreamClocks } from "./upstream.ts";

/** What is done about an attempt that failed. */
type Remedy = "same" | "next" | "none";

/**
 * A request to a provider until its answer has ended: tries hosts in their order, each again as the retry settings say,
 * and never again once any of the answer has been passed on.
 */
export class ProviderCall implements UpstreamCall, AttemptOwner {
  private readonly hosts: readonly UpstreamHost[];
  private readonly config: UpstreamConfig;
  private readonly clocks: UpstreamClocks;
  private readonly request: UpstreamRequest;
  private readonly consumer: AnswerConsumer;
  private startedMs = 0;
  private attempts = 0;
  /** Host of the latest attempt, and how often it has been asked again. */
  private hostIndex = 0;
  private retries = 0;
  private first: Attempt | null = null;
  private hedge: Attempt | null = null;
  private winner: Attempt | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isOver = false;

  constructor(upstream: Upstream, request: UpstreamRequest, consumer: AnswerConsumer) {
    this.hosts = upstream.hosts;
    this.config = upstream.config;
    this.clocks = upstream.clocks;
    this.request = request;
    this.consumer = consumer;
  }

  /**
   * Sends the request; everything else comes to the consumer.
   * @throws RMP_UPSTREAM_CIRCUIT_OPEN when all hosts are left alone, RMP_UPSTREAM_BUSY when their queues are full
   */
  send(): void {
    this.startedMs = this.clocks.monotonic();
    this.first = this.open(0, this.startedMs);
    if (this.first === null) throw this.refusal(this.startedMs);
    this.attempts = 1;
    this.first.host.budget.deposit();
    const { hedgeAfterMs } = this.config;
    if (hedgeAfterMs > 0 && !this.request.wantsStream)
      this.timer = setTimeout(() => this.startHedge(), hedgeAfterMs);
    this.first.send(this.request, this.startedMs);
  }

  abort(): void {
    if (this.isOver) return;
    this.finish();
    this.first?.cancel();
    this.hedge?.cancel();
  }

  resume(): void {
    this.winner?.resume();
  }

  onAttemptHead(attempt: Attempt, status: number, headers: string[], isEventStream: boolean): boolean {
    if (this.config.retry.statuses.includes(status) && this.tryAgain(attempt, status, headers)) return false;
    this.clearTimer();
    this.winner = attempt;
    const loser = attempt === this.first ? this.hedge : this.first;
    loser?.cancel();
    this.consumer.onHead({
      status,
      headers,
      isEventStream,
      host: attempt.host.name,
      isOtherModel: attempt.host.model !== undefined,
      attempts: this.attempts,
    });
    return true;
  }

  onAttemptBytes(chunk: Buffer): boolean {
    return this.consumer.onBytes(chunk);
  }

  onAttemptEnd(): void {
    if (this.isOver) return;
    this.finish();
    this.consumer.onEnd();
  }

  onAttemptFailure(attempt: Attempt, error: RampartError): void {
    if (this.isOver) return;
    if (this.winner === null && this.tryAgain(attempt, 0, NO_HEADERS, error)) return;
    this.finish();
    this.consumer.onFailure(error);
  }

  /** Whether another attempt is under way or will be made, so that this one's outcome does not count. */
  private tryAgain(failed: Attempt, status: number, headers: string[], error?: RampartError): boolean {
    if (this.hedge !== null) {
      // The other one may still succeed, and what follows if not is decided then.
      if (failed === this.first) this.first = this.hedge;
      this.hedge = null;
      return true;
    }
    const nowMs = this.clocks.monotonic();
    const { backoffMs: baseMs, maxBackoffMs } = this.config.retry;
    const waitMs =
      retryAfterMs(headers, this.clocks.epoch) ??
      backoffMs(this.retries, baseMs, maxBackoffMs, this.clocks.random);
    switch (this.remedy(failed, error, forbidsRetry(headers) || waitMs > maxBackoffMs, nowMs + waitMs)) {
      case "same":
        this.retries += 1;
        this.clearTimer();
        this.first = null;
        this.timer = setTimeout(() => this.retry(failed.host, status, error), waitMs);
        return true;
      case "next":
        return this.startAt(this.hostIndex + 1, nowMs);
      default:
        return false;
    }
  }

  private remedy(
    failed: Attempt,
    error: RampartError | undefined,
    isSameHostUseless: boolean,
    nextMs: number,
  ): Remedy {
    if (nextMs - this.startedMs >= this.config.deadlineMs) return "none";
    const isLast = this.hostIndex === this.hosts.length - 1;
    const next: Remedy = isLast ? "none" : "next";
    if (error !== undefined) {
      // What the host could not send right, or the gateway refused, does not get better.
      if (failed.wasSent && error.code !== "RMP_UPSTREAM_RESET" && error.code !== "RMP_UPSTREAM_UNREACHABLE")
        return error.code === "RMP_UPSTREAM_TIMEOUT" ? next : "none";
      // Nobody listens there: another host is the better try.
      if (!failed.wasSent && !isLast) return "next";
    }
    const mayRetry = !isSameHostUseless && this.retries < this.config.retry.perHost;
    return mayRetry && failed.host.budget.withdraw() ? "same" : next;
  }

  /** After the wait: the same host, unless its breaker has opened meanwhile. */
  private retry(host: UpstreamHost, status: number, error: RampartError | undefined): void {
    this.timer = null;
    const nowMs = this.clocks.monotonic();
    host.figures.retries += 1;
    if (this.startAt(this.hostIndex, nowMs, true)) return;
    this.finish();
    this.consumer.onFailure(
      error ??
        new RampartError("RMP_UPSTREAM_UNAVAILABLE", `the provider answered ${status} and is left alone now`),
    );
  }

  /** Starts an attempt at the first host from `index` on that takes one. */
  private startAt(index: number, nowMs: number, isRetry = false): boolean {
    const attempt = this.open(index, nowMs);
    if (attempt === null) return false;
    if (!isRetry || attempt.host !== this.hosts[index]) this.retries = 0;
    this.clearTimer();
    this.first = attempt;
    this.attempts += 1;
    attempt.send(this.request, nowMs, this.startedMs + this.config.deadlineMs - nowMs);
    return true;
  }

  private startHedge(): void {
    this.timer = null;
    const { first } = this;
    if (first === null || this.winner !== null || !first.host.budget.withdraw()) return;
    const nowMs = this.clocks.monotonic();
    const hedge = this.open(this.hostIndex + 1, nowMs) ?? this.open(this.hostIndex, nowMs);
    if (hedge === null) return;
    hedge.host.figures.hedges += 1;
    this.hedge = hedge;
    this.attempts += 1;
    hedge.send(this.request, nowMs, this.startedMs + this.config.deadlineMs - nowMs);
  }

  /** An attempt at the first host from `index` on that takes one; null when none does. */
  private open(index: number, nowMs: number): Attempt | null {
    for (let i = index; i < this.hosts.length; i += 1) {
      const host = this.hosts[i]!;
      if (host.waiting > this.config.queuedRequests) continue;
      const admission = host.breaker.admit(nowMs);
      if (admission === "refused") continue;
      this.hostIndex = i;
      return new Attempt(host, this, this.clocks.monotonic, admission === "probe");
    }
    return null;
  }

  /** Why no host took the request. */
  private refusal(nowMs: number): RampartError {
    const waitMs = Math.min(...this.hosts.map(({ breaker }) => breaker.waitMs(nowMs)));
    if (this.hosts.every(({ breaker }) => breaker.state !== "closed"))
      return new RampartError("RMP_UPSTREAM_UNAVAILABLE", "the provider has been failing and is left alone", {
        retryAfterSec: Math.max(1, Math.ceil(waitMs / 1000)),
      });
    return new RampartError(
      "RMP_UPSTREAM_BUSY",
      "all connections to the provider are in use and too many requests wait",
    );
  }

  private finish(): void {
    this.isOver = true;
    this.clearTimer();
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

const NO_HEADERS: string[] = [];
