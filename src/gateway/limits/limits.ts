import type { GatewayConfig } from "#contract";
import { type MonotonicClock, RampartError } from "#shared";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import type { RedisLink } from "../stores/redis-link.ts";
import { boundsOf, ROUTE_CLASSES, type RouteClass, shareOf } from "./bounds.ts";
import type { LimitLedger } from "./ledger.ts";
import { type Account, Permit } from "./permit.ts";
import { SharedCounts } from "./shared-counts.ts";
import type { Standings, Verdict } from "./verdict.ts";

/** Longest time that a refusal is repeated without asking Redis again, ms. */
const REMEMBERED_REFUSAL_MS = 1_000;
/** Who everybody is on a gateway without customers. */
const EVERYBODY = "*";

/** What limits need to know. */
export interface LimitsOptions {
  readonly config: Pick<GatewayConfig, "limits" | "customers" | "redis" | "processes">;
  /** Null without Redis. */
  readonly link: RedisLink | null;
  readonly ledger: LimitLedger;
  readonly clock: MonotonicClock;
}

/** The limits of one configuration. Identity is the customer's key alone; labels in headers decide nothing. */
export class Limits implements MetricsSource {
  private readonly accounts = new Map<string, Account>();
  private readonly failMode: GatewayConfig["limits"]["redisFailMode"];
  private readonly ledger: LimitLedger;
  private readonly clock: MonotonicClock;
  private readonly shared: SharedCounts | null;
  private readonly link: RedisLink | null;
  private readonly leaseMs: number;
  private renewal: NodeJS.Timeout | null = null;

  constructor({ config, link, ledger, clock }: LimitsOptions) {
    const { limits, customers, redis, processes } = config;
    this.failMode = limits.redisFailMode;
    this.leaseMs = limits.leaseMs;
    this.ledger = ledger;
    this.clock = clock;
    this.link = link;
    this.shared =
      link === null
        ? null
        : new SharedCounts(link, ledger.windows, clock, limits.leaseMs, redis.commandTimeoutMs);
    // Without Redis the processes of one gateway cannot ask each other: each grants its part.
    const share = link === null ? 1 / processes.max : limits.localShare;
    const owners = customers.length === 0 ? [{ name: EVERYBODY, limits: undefined }] : customers;
    for (const owner of owners)
      for (const routes of ROUTE_CLASSES) {
        const bounds = boundsOf(routes, limits, owner.limits);
        if (bounds === null) continue;
        const name = `${owner.name}:${routes}`;
        const localBounds = shareOf(bounds, share);
        this.accounts.set(name, {
          name,
          routes,
          bounds,
          localBounds,
          state: ledger.stateOf(name),
          refusal: null,
        });
      }
  }

  /** Whether anything is limited. */
  get isOn(): boolean {
    return this.accounts.size > 0;
  }

  /** Who counts now. */
  get mode(): "memory" | "redis" | "local" | "open" | "closed" {
    if (this.link === null) return "memory";
    if (this.link.isUsable) return "redis";
    return this.failMode === "degrade" ? "local" : this.failMode;
  }

  close(): void {
    if (this.renewal !== null) clearInterval(this.renewal);
    this.renewal = null;
  }

  /** The account of a customer for a class of routes; null when nothing limits it. `customer` null: an open gateway. */
  accountOf(customer: string | null, routes: RouteClass): Account | null {
    return this.accounts.get(`${customer ?? EVERYBODY}:${routes}`) ?? null;
  }

  /**
   * Decides about one request and counts it if it is admitted. At once without Redis; with it after one round trip, and never
   * later than its command time-out.
   * @param tokens reserved, of which `inputTokens` are the request's own
   * @throws RMP_LIMIT_UNAVAILABLE (as a rejection) when Redis cannot be asked and the fail mode is closed
   */
  acquire(account: Account, tokens: number, inputTokens: number): Permit | Promise<Permit> {
    const permit = new Permit(account, this.ledger.nextLease(), tokens, inputTokens);
    const nowMs = this.clock();
    if (this.shared === null) return this.acquireHere(permit, account.localBounds, "memory", nowMs);
    const remembered = this.rememberedRefusal(account, nowMs);
    if (remembered !== null) return this.decided(permit, remembered, "redis");
    return this.acquireThere(this.shared, permit, nowMs);
  }

  /** A refusal that certainly holds still, without counting or asking; null when there is none. */
  certainRefusal(account: Account): Permit | null {
    const nowMs = this.clock();
    const permit = new Permit(account, "", 0, 0);
    if (this.shared !== null) {
      const remembered = this.rememberedRefusal(account, nowMs);
      return remembered === null ? null : this.decided(permit, remembered, "redis");
    }
    const { counts } = account.state;
    if (counts.requestWaitMs(account.localBounds, nowMs) <= 0) return null;
    return this.acquireHere(permit, account.localBounds, "memory", nowMs);
  }

  /** How the limits of an account stand now; counts nothing. */
  async look(account: Account): Promise<Standings> {
    const demand = { leaseId: "", tokens: 0 };
    if (this.shared !== null && this.link?.isUsable === true) {
      try {
        return (await this.shared.acquire(account.name, account.bounds, demand, 0)).standings;
      } catch {
        // What this process knows is told instead; the mode says so.
      }
    }
    return account.state.counts.standings(account.localBounds, 1, this.clock());
  }

  /** A request has ended: frees its place and settles its tokens. Harmless when nothing is held. */
  release(permit: Permit, usedTokens: number): void {
    if (!permit.isHeld) return;
    permit.isHeld = false;
    this.ledger.held.remove(permit);
    const { account, tokens } = permit;
    account.state.counts.release();
    const isCounted = account.bounds.tokensPerMinute > 0 && (tokens > 0 || usedTokens > 0);
    if (isCounted) account.state.counts.settle(tokens, usedTokens, permit.localSlot, this.clock());
    const tokenChange = isCounted && permit.isShared ? usedTokens - tokens : 0;
    // A place that Redis did not give may have been renewed there since it came back.
    if (this.shared !== null && (tokenChange !== 0 || account.bounds.concurrency > 0))
      this.shared.settle(account.name, permit.leaseId, tokenChange, permit.sharedSlot);
  }

  families(): readonly MetricFamily[] {
    return this.ledger.counters.families(this.ledger.held.size);
  }

  private acquireHere(
    permit: Permit,
    bounds: Account["bounds"],
    mode: "memory" | "local",
    nowMs: number,
  ): Permit {
    const { state } = permit.account;
    const verdict = state.counts.acquire(bounds, permit, nowMs);
    permit.localSlot = verdict.tokenSlot;
    if (verdict.isAdmitted && mode === "local") state.debt += 1;
    return this.decided(permit, verdict, mode);
  }

  private async acquireThere(shared: SharedCounts, permit: Permit, sentMs: number): Promise<Permit> {
    const { account } = permit;
    const { state, bounds } = account;
    // Below zero when Redis turned out to know of requests that were told to it again: the next ones make up for it.
    const debt = Math.max(0, state.debt);
    state.debt -= debt;
    const onLate = (late: Verdict): void => this.heardLate(shared, permit, debt, late);
    let verdict: Verdict;
    try {
      verdict = await shared.acquire(account.name, bounds, permit, debt, onLate);
    } catch (error) {
      state.debt += debt;
      return this.acquireAlone(permit, error);
    }
    if (verdict.isAdmitted) {
      permit.isShared = true;
      permit.sharedSlot = verdict.tokenSlot;
      permit.localSlot = state.counts.record(bounds, permit, this.clock());
    } else this.remember(account, verdict, sentMs);
    return this.decided(permit, verdict, "redis");
  }

  /** Redis did count a request whose caller could not wait for the answer: no debt is left, and what it holds is known. */
  private heardLate(shared: SharedCounts, permit: Permit, debt: number, verdict: Verdict): void {
    const { account } = permit;
    account.state.debt -= debt;
    if (!verdict.isAdmitted) return;
    if (permit.verdict.isAdmitted) account.state.debt -= 1;
    permit.isShared = true;
    permit.sharedSlot = verdict.tokenSlot;
    // Nobody will release it any more.
    if (!permit.isHeld) shared.settle(account.name, permit.leaseId, -permit.tokens, verdict.tokenSlot);
  }

  private acquireAlone(permit: Permit, cause: unknown): Permit {
    const { account } = permit;
    if (this.failMode === "degrade")
      return this.acquireHere(permit, account.localBounds, "local", this.clock());
    if (this.failMode === "closed") {
      this.ledger.counters.unavailable += 1;
      throw new RampartError("RMP_LIMIT_UNAVAILABLE", "the limits cannot be checked: Redis does not answer", {
        cause,
      });
    }
    account.state.debt += 1;
    permit.localSlot = account.state.counts.record(account.bounds, permit, this.clock());
    return this.decided(permit, ADMITTED, "open");
  }

  private decided(permit: Permit, verdict: Verdict, mode: Permit["mode"]): Permit {
    const { account } = permit;
    permit.verdict = verdict;
    permit.mode = mode;
    if (verdict.refusedBy !== null) {
      this.ledger.counters.countRefused(account.routes, verdict.refusedBy, mode);
      return permit;
    }
    this.ledger.counters.countAdmitted(account.routes, mode);
    permit.isHeld = true;
    if (account.bounds.concurrency > 0) {
      permit.renewedMs = this.clock();
      this.ledger.held.add(permit);
      if (this.shared !== null) this.renewal ??= setInterval(() => this.renew(), this.leaseMs / 3).unref();
    }
    return permit;
  }

  /** Only time lifts a refusal by a limit on requests: until then there is no need to ask. */
  private remember(account: Account, verdict: Verdict, sentMs: number): void {
    const { refusedBy, standings } = verdict;
    if (refusedBy !== "requestsPerMinute" && refusedBy !== "requestsPerHour") return;
    // Counted from before the question was sent: never longer than the server meant.
    const waitMs = Math.min(standings[refusedBy]?.waitMs ?? 0, REMEMBERED_REFUSAL_MS);
    account.refusal = { verdict, atMs: sentMs, untilMs: sentMs + waitMs };
  }

  private rememberedRefusal(account: Account, nowMs: number): Verdict | null {
    const { refusal } = account;
    if (refusal === null) return null;
    if (nowMs >= refusal.untilMs) {
      account.refusal = null;
      return null;
    }
    const { verdict, atMs } = refusal;
    const kind = verdict.refusedBy!; // only refusals are remembered
    const standing = verdict.standings[kind]!;
    const waitMs = Math.max(0, standing.waitMs - (nowMs - atMs));
    return { ...verdict, standings: { ...verdict.standings, [kind]: { ...standing, waitMs } } };
  }

  private renew(): void {
    const { shared, leaseMs } = this;
    if (this.ledger.held.size === 0) this.close();
    if (shared === null || this.link?.isUsable !== true) return;
    const nowMs = this.clock();
    const due = new Map<string, string[]>();
    for (const permit of this.ledger.held) {
      if (nowMs - permit.renewedMs < leaseMs / 4) continue;
      permit.renewedMs = nowMs;
      const ids = due.get(permit.account.name) ?? [];
      ids.push(permit.leaseId);
      due.set(permit.account.name, ids);
    }
    for (const [account, ids] of due) shared.renew(account, ids);
  }
}

/** The limits of a configuration; null when it sets none, so that nothing is asked on the way of a request. */
export function createLimits(options: LimitsOptions): Limits | null {
  const limits = new Limits(options);
  return limits.isOn ? limits : null;
}

const ADMITTED: Verdict = { isAdmitted: true, refusedBy: null, standings: {}, tokenSlot: -1, atMs: 0 };
