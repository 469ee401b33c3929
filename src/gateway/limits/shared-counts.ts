import { type MonotonicClock, RampartError } from "#shared";
import type { RedisLink } from "../stores/redis-link.ts";
import { BOUND_KINDS, type Bounds } from "./bounds.ts";
import { ACQUIRE, RENEW, SETTLE } from "./redis-scripts.ts";
import { CONCURRENCY_WAIT_MS, type Demand, type Verdict } from "./verdict.ts";
import type { Windows } from "./windows.ts";

/** Numbers in a reply of the script. */
const REPLY_LENGTH = 10;
/** Outcome of a command that the server read after its caller had given up. */
const TOO_LATE = 5;
/** Error of the guess what time it is on the server, ms: half of the slowest round trip, and drift between two commands. */
const CLOCK_SLACK_MS = 100;

/** The decision as the script answers it: times in microseconds. */
type Reply = readonly [
  outcome: number,
  nowUs: number,
  minuteUsed: number,
  minuteWaitUs: number,
  hourUsed: number,
  hourWaitUs: number,
  tokensUsed: number,
  tokensWaitUs: number,
  underWay: number,
  tokenSlot: number,
];

/** What all gateways of one Redis used together. Decisions are taken by the server, atomically, on its own clock. */
export class SharedCounts {
  private readonly link: RedisLink;
  private readonly windows: Windows;
  private readonly clock: MonotonicClock;
  private readonly leaseMs: number;
  private readonly timeoutMs: number;
  /** Server time minus local monotonic time, ms; null until the server has told its time. */
  private serverAheadMs: number | null = null;

  /** @param timeoutMs time after which a caller has given up: the link's command time-out */
  constructor(link: RedisLink, windows: Windows, clock: MonotonicClock, leaseMs: number, timeoutMs: number) {
    this.link = link;
    this.windows = windows;
    this.clock = clock;
    this.leaseMs = leaseMs;
    this.timeoutMs = timeoutMs;
  }

  /**
   * Decides, and counts the request if it is admitted: all limits or none. An empty lease id only looks.
   * @param debt requests that were admitted without the server: it counts them as admitted now
   * @param onLate told of a decision that was taken in time but answered after the time-out
   * @throws RMP_STORE_*: nothing is known; a command that the server reads after the time-out does nothing
   */
  async acquire(
    account: string,
    bounds: Bounds,
    demand: Demand,
    debt: number,
    onLate?: (verdict: Verdict) => void,
  ): Promise<Verdict> {
    const sentMs = this.clock();
    const deadlineMs =
      this.serverAheadMs === null ? 0 : sentMs + this.serverAheadMs + this.timeoutMs + CLOCK_SLACK_MS;
    const late = (reply: unknown): void => {
      if (isReply(reply) && reply[0] !== TOO_LATE) onLate?.(toVerdict(reply, bounds));
    };
    const args = [
      bounds.requestsPerMinute,
      bounds.requestsPerHour,
      bounds.tokensPerMinute,
      bounds.concurrency,
      this.windows.minuteMs * 1_000,
      this.windows.hourMs * 1_000,
      demand.tokens,
      demand.leaseId,
      this.leaseMs,
      debt,
      Math.round(deadlineMs * 1_000),
    ];
    const reply = await this.link.runScript(ACQUIRE, keysOf(account), args, late);
    if (!isReply(reply))
      throw new RampartError(
        "RMP_STORE_REFUSED",
        "Redis answered a limit with something else than a decision",
      );
    this.serverAheadMs = reply[1] / 1_000 - (sentMs + this.clock()) / 2;
    if (reply[0] === TOO_LATE)
      throw new RampartError("RMP_STORE_TIMEOUT", "Redis read a request's limits after its time-out");
    return toVerdict(reply, bounds);
  }

  /** Frees the place of a request that has ended and settles its tokens; never rejects: leases end by themselves. */
  settle(account: string, leaseId: string, tokenChange: number, tokenSlot: number): void {
    const keys = keysOf(account);
    const sent =
      tokenChange === 0
        ? this.link.run("zrem", keys[2]!, leaseId)
        : this.link.runScript(SETTLE, keys, [leaseId, tokenChange, tokenSlot, this.windows.minuteMs * 1_000]);
    sent.catch(() => undefined);
  }

  /** Keeps the places of requests under way; never rejects. */
  renew(account: string, leaseIds: readonly string[]): void {
    this.link.runScript(RENEW, [keysOf(account)[2]!], [this.leaseMs, ...leaseIds]).catch(() => undefined);
  }
}

/** The keys of an account; the braces keep them on one node of a cluster. */
function keysOf(account: string): readonly string[] {
  return [`limit:{${account}}:log`, `limit:{${account}}:tokens`, `limit:{${account}}:leases`];
}

/** Whether this is a decision: whatever answers at the address may not be the script. */
function isReply(raw: unknown): raw is Reply {
  return (
    Array.isArray(raw) && raw.length === REPLY_LENGTH && raw.every(Number.isFinite) && raw[0] in OUTCOMES
  );
}

/** What an outcome means, by its number. */
const OUTCOMES = [null, ...BOUND_KINDS, null] as const;

function toVerdict(reply: Reply, bounds: Bounds): Verdict {
  const [
    outcome,
    nowUs,
    minuteUsed,
    minuteWaitUs,
    hourUsed,
    hourWaitUs,
    tokensUsed,
    tokensWaitUs,
    held,
    tokenSlot,
  ] = reply;
  const { requestsPerMinute, requestsPerHour, tokensPerMinute, concurrency } = bounds;
  const standing = (limit: number, used: number, waitUs: number) =>
    limit === 0 ? undefined : { limit, used, waitMs: waitUs / 1_000 };
  return {
    isAdmitted: outcome === 0,
    refusedBy: OUTCOMES[outcome] ?? null,
    standings: {
      requestsPerMinute: standing(requestsPerMinute, minuteUsed, minuteWaitUs),
      requestsPerHour: standing(requestsPerHour, hourUsed, hourWaitUs),
      tokensPerMinute: standing(tokensPerMinute, tokensUsed, tokensWaitUs),
      concurrency: standing(concurrency, held, held < concurrency ? 0 : CONCURRENCY_WAIT_MS * 1_000),
    },
    tokenSlot,
    atMs: nowUs / 1_000,
  };
}
