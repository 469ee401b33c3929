import type { BoundKind, Bounds } from "./bounds.ts";
import { RequestLog } from "./request-log.ts";
import { TokenWindow } from "./token-window.ts";
import { CONCURRENCY_WAIT_MS, type Demand, type Standing, type Standings, type Verdict } from "./verdict.ts";
import type { Windows } from "./windows.ts";

/**
 * What one account used, counted in this process: the whole truth without Redis, this process's part of it with one.
 * Synchronous; a process that dies takes its counts along.
 */
export class LocalCounts {
  private readonly log: RequestLog;
  private readonly tokens: TokenWindow;
  private held = 0;

  constructor(windows: Windows) {
    this.log = new RequestLog(windows);
    this.tokens = new TokenWindow(windows.minuteMs);
  }

  /** Decides, and counts the request if it is admitted: all limits or none. */
  acquire(bounds: Bounds, demand: Demand, nowMs: number): Verdict {
    const atMs = this.log.notBefore(nowMs);
    const refusedBy = this.obstacle(bounds, demand.tokens, atMs);
    let tokenSlot = -1;
    if (refusedBy === null) tokenSlot = this.count(bounds, demand, atMs);
    return {
      isAdmitted: refusedBy === null,
      refusedBy,
      standings: this.standings(bounds, refusedBy === "tokensPerMinute" ? demand.tokens : 1, atMs),
      tokenSlot,
      atMs,
    };
  }

  /** Counts a request that somebody else admitted. @returns where its tokens were put, -1 without any */
  record(bounds: Bounds, demand: Demand, nowMs: number): number {
    const atMs = this.log.notBefore(nowMs);
    this.log.minuteCount(atMs);
    if (bounds.requestsPerHour > 0) this.log.hourCount(atMs);
    return this.count(bounds, demand, atMs);
  }

  /** Frees the place of a request that has ended. */
  release(): void {
    this.held -= 1;
  }

  /** Settles a reservation of tokens: gives back what was not used, adds what was used beyond it. */
  settle(reserved: number, used: number, slot: number, nowMs: number): void {
    if (used < reserved) this.tokens.giveBack(reserved - used, slot, nowMs);
    else if (used > reserved) this.tokens.add(used - reserved, nowMs);
  }

  /** Time until a request could be admitted by the limits on requests, ms; 0 when that is now. */
  requestWaitMs(bounds: Bounds, nowMs: number): number {
    const atMs = this.log.notBefore(nowMs);
    return Math.max(this.minuteWaitMs(bounds, atMs), this.hourWaitMs(bounds, atMs));
  }

  /** How each limit stands; counts nothing. */
  standings(bounds: Bounds, tokens: number, nowMs: number): Standings {
    const atMs = this.log.notBefore(nowMs);
    const standings: Partial<Record<BoundKind, Standing>> = {};
    const { requestsPerMinute, requestsPerHour, tokensPerMinute, concurrency } = bounds;
    if (requestsPerMinute > 0) {
      const used = this.log.minuteCount(atMs);
      standings.requestsPerMinute = {
        limit: requestsPerMinute,
        used,
        waitMs: this.minuteWaitMs(bounds, atMs),
      };
    }
    if (requestsPerHour > 0) {
      const used = this.log.hourCount(atMs);
      standings.requestsPerHour = { limit: requestsPerHour, used, waitMs: this.hourWaitMs(bounds, atMs) };
    }
    if (tokensPerMinute > 0) {
      const used = this.tokens.used(atMs);
      const waitMs = this.tokens.waitMs(tokens, tokensPerMinute, atMs);
      standings.tokensPerMinute = { limit: tokensPerMinute, used, waitMs };
    }
    if (concurrency > 0) {
      const waitMs = this.held < concurrency ? 0 : CONCURRENCY_WAIT_MS;
      standings.concurrency = { limit: concurrency, used: this.held, waitMs };
    }
    return standings;
  }

  /** The limit that refuses a request; of several the one that takes longest. */
  private obstacle(bounds: Bounds, tokens: number, nowMs: number): BoundKind | null {
    let longestMs = 0;
    let obstacle: BoundKind | null = null;
    const minuteMs = this.minuteWaitMs(bounds, nowMs);
    if (minuteMs > longestMs) {
      longestMs = minuteMs;
      obstacle = "requestsPerMinute";
    }
    const hourMs = this.hourWaitMs(bounds, nowMs);
    if (hourMs > longestMs) {
      longestMs = hourMs;
      obstacle = "requestsPerHour";
    }
    if (tokens > 0 && bounds.tokensPerMinute > 0) {
      const tokensMs = this.tokens.waitMs(tokens, bounds.tokensPerMinute, nowMs);
      if (tokensMs > longestMs) {
        longestMs = tokensMs;
        obstacle = "tokensPerMinute";
      }
    }
    if (bounds.concurrency > 0 && this.held >= bounds.concurrency && longestMs < CONCURRENCY_WAIT_MS)
      obstacle = "concurrency";
    return obstacle;
  }

  private minuteWaitMs({ requestsPerMinute }: Bounds, nowMs: number): number {
    // Always: the oldest entry that is kept depends on it.
    const used = this.log.minuteCount(nowMs);
    return requestsPerMinute === 0 || used < requestsPerMinute
      ? 0
      : this.log.waitMs(requestsPerMinute, false, nowMs);
  }

  private hourWaitMs({ requestsPerHour }: Bounds, nowMs: number): number {
    return requestsPerHour === 0 || this.log.hourCount(nowMs) < requestsPerHour
      ? 0
      : this.log.waitMs(requestsPerHour, true, nowMs);
  }

  private count(bounds: Bounds, { tokens }: Demand, nowMs: number): number {
    if (bounds.requestsPerMinute > 0 || bounds.requestsPerHour > 0)
      this.log.add(nowMs, bounds.requestsPerHour > 0);
    this.held += 1;
    return tokens > 0 && bounds.tokensPerMinute > 0 ? this.tokens.add(tokens, nowMs) : -1;
  }
}
