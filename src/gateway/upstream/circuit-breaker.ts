import type { UpstreamConfig } from "#contract";

/** Length of the window in which the share of failures is counted, ms. */
const WINDOW_MS = 10_000;

/** What a breaker does: lets everything through, one request to see, or nothing. */
export type BreakerState = "closed" | "half_open" | "open";

/** What becomes of a request that asks to be let through. */
export type Admission = "pass" | "probe" | "refused";

/**
 * Leaves a failing host alone: opens after failures in a row or a share of failures in a window, lets one request probe
 * after a while, and closes when that one succeeds. Source of the pattern: M. Nygard, "Release It!", chapter 5. Takes the
 * time from its caller: a request that succeeds costs no call of a clock.
 */
export class CircuitBreaker {
  state: BreakerState = "closed";
  /** How often it has opened. */
  openedCount = 0;
  private readonly config: UpstreamConfig["breaker"];
  private failuresInRow = 0;
  private windowStartMs = 0;
  private windowRequests = 0;
  private windowFailures = 0;
  private probeAtMs = 0;
  private openMs: number;
  private isProbing = false;

  constructor(config: UpstreamConfig["breaker"]) {
    this.config = config;
    this.openMs = config.openMs;
  }

  /** Asks to send a request; each `probe` must be followed by one of the three methods below. */
  admit(nowMs: number): Admission {
    if (this.state === "closed") return "pass";
    if (this.isProbing || nowMs < this.probeAtMs) return "refused";
    this.state = "half_open";
    this.isProbing = true;
    return "probe";
  }

  /** The host answered. */
  succeed(nowMs: number, isProbe: boolean): void {
    if (isProbe) {
      this.state = "closed";
      this.isProbing = false;
      this.openMs = this.config.openMs;
      this.windowStartMs = nowMs;
      this.windowRequests = 0;
      this.windowFailures = 0;
    }
    this.failuresInRow = 0;
    this.count(nowMs);
  }

  /** The host failed. Failures of requests that were sent before it opened change nothing. */
  fail(nowMs: number, isProbe: boolean): void {
    if (isProbe) {
      this.isProbing = false;
      this.openMs = Math.min(this.openMs * 2, this.config.maxOpenMs);
      this.open(nowMs);
      return;
    }
    if (this.state !== "closed" || !this.config.enabled) return;
    this.count(nowMs);
    this.failuresInRow += 1;
    this.windowFailures += 1;
    const { consecutiveFailures, minRequests, failureShare } = this.config;
    if (
      this.failuresInRow >= consecutiveFailures ||
      (this.windowRequests >= minRequests && this.windowFailures >= this.windowRequests * failureShare)
    )
      this.open(nowMs);
  }

  /** A probe ended without telling anything about the host: its client went away. */
  release(): void {
    this.isProbing = false;
  }

  /** Milliseconds until a request is let through again; 0 when one is. */
  waitMs(nowMs: number): number {
    return this.state === "closed" ? 0 : Math.max(0, this.probeAtMs - nowMs);
  }

  private open(nowMs: number): void {
    this.state = "open";
    this.openedCount += 1;
    this.probeAtMs = nowMs + this.openMs;
    this.failuresInRow = 0;
  }

  private count(nowMs: number): void {
    if (nowMs - this.windowStartMs >= WINDOW_MS) {
      this.windowStartMs = nowMs;
      this.windowRequests = 0;
      this.windowFailures = 0;
    }
    this.windowRequests += 1;
  }
}
