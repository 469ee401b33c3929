import type { Listed } from "../slot-list.ts";
import type { BoundKind, Bounds, RouteClass } from "./bounds.ts";
import type { LocalCounts } from "./local-counts.ts";
import type { Demand, Standing, Verdict } from "./verdict.ts";

/**
 * Who counted a request: `memory` this process, no Redis is configured; `redis` all gateways together; `local` this process,
 * because Redis could not be asked; `open` nobody, because Redis could not be asked.
 */
export type LimitMode = "memory" | "redis" | "local" | "open";

/** What an account used; outlives a change of the configuration. */
export interface AccountState {
  readonly counts: LocalCounts;
  /** Requests admitted without Redis that it has not been told of. */
  debt: number;
}

/** Whose requests of which class are counted together, and up to what. */
export interface Account {
  /** Customer and class: part of the keys in Redis. */
  readonly name: string;
  readonly routes: RouteClass;
  readonly bounds: Bounds;
  /** What this process grants when it is on its own. */
  readonly localBounds: Bounds;
  readonly state: AccountState;
  /** The last refusal by a limit on requests, and until when it certainly holds, monotonic ms. */
  refusal: { readonly verdict: Verdict; readonly atMs: number; readonly untilMs: number } | null;
}

/** An admitted or refused request as its exchange knows it. */
export class Permit implements Listed, Demand {
  readonly account: Account;
  readonly leaseId: string;
  /** Tokens reserved. */
  readonly tokens: number;
  /** The part of the reservation that is the request's own text. */
  readonly inputTokens: number;
  mode: LimitMode;
  verdict: Verdict;
  /** Where this process put the tokens. */
  localSlot = -1;
  /** Whether Redis counted the request, and where it put the tokens. */
  isShared = false;
  sharedSlot = -1;
  /** Whether a place is held. */
  isHeld = false;
  /** When its lease was last renewed, monotonic ms. */
  renewedMs = 0;
  slot = -1;

  constructor(account: Account, leaseId: string, tokens: number, inputTokens: number) {
    this.account = account;
    this.leaseId = leaseId;
    this.tokens = tokens;
    this.inputTokens = inputTokens;
    this.mode = "memory";
    this.verdict = UNDECIDED;
  }
}

/** The limit that a client should know of: the one that refused, else the request window with the least left. */
export function leadingStanding({
  refusedBy,
  standings,
}: Verdict): (Standing & { readonly kind: BoundKind }) | null {
  const of = (kind: BoundKind): (Standing & { readonly kind: BoundKind }) | null => {
    const standing = standings[kind];
    return standing === undefined ? null : { ...standing, kind };
  };
  if (refusedBy !== null) return of(refusedBy);
  const minute = of("requestsPerMinute");
  const hour = of("requestsPerHour");
  if (minute !== null && hour !== null)
    return hour.limit - hour.used < minute.limit - minute.used ? hour : minute;
  return minute ?? hour ?? of("tokensPerMinute") ?? of("concurrency");
}

const UNDECIDED: Verdict = { isAdmitted: false, refusedBy: null, standings: {}, tokenSlot: -1, atMs: 0 };
