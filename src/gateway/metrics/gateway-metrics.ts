import type { ErrorCode } from "#shared";
import type { ProviderName } from "../providers/endpoints.ts";
import type { CoreSnapshot, ProviderSnapshot, RouteSnapshot } from "./core-snapshot.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Facts of one finished exchange beside route, status and duration. */
export interface ExchangeFacts {
  readonly guardMs: number;
  readonly upstreamMs: number;
  readonly isProxy: boolean;
  readonly findings: number;
  readonly errorCode: ErrorCode | null;
  readonly provider: ProviderName | null;
  /** What the response cache did: `off`, `miss`, `hit`, … */
  readonly cacheState: string;
}

interface RouteFigures {
  readonly latency: LatencyHistogram;
  /** Requests by status code. */
  readonly statuses: Map<number, number>;
}

interface ProviderFigures {
  readonly latency: LatencyHistogram;
  errors: number;
  rateLimited: number;
}

/** Counts what passes one process; all label sets are bounded (routes, statuses, entity types, codes, providers). */
export class GatewayMetrics {
  private readonly routes = new Map<string, RouteFigures>();
  private readonly providers = new Map<ProviderName, ProviderFigures>();
  private readonly findings = new Map<string, number>();
  private readonly errors = new Map<ErrorCode, number>();
  private readonly guardFailures = new Map<string, number>();
  private readonly cache = new Map<string, number>();
  private readonly guard = new LatencyHistogram();
  private readonly all = new LatencyHistogram();
  private proxied = 0;
  private anonymised = 0;
  private failed = 0;
  private injections = 0;
  private blocked = 0;
  private rateLimited = 0;

  /** Requests finished since the start. */
  get requests(): number {
    return this.all.count;
  }

  countExchange(route: string, status: number, totalMs: number, facts: ExchangeFacts): void {
    const figures = this.routeOf(route);
    figures.latency.record(totalMs);
    figures.statuses.set(status, (figures.statuses.get(status) ?? 0) + 1);
    this.all.record(totalMs);
    if (status === 429) this.rateLimited += 1;
    if (status >= 500) this.failed += 1;
    if (facts.errorCode !== null)
      this.errors.set(facts.errorCode, (this.errors.get(facts.errorCode) ?? 0) + 1);
    if (!facts.isProxy) return;
    this.proxied += 1;
    if (facts.findings > 0) this.anonymised += 1;
    this.guard.record(facts.guardMs);
    if (facts.cacheState !== "off")
      this.cache.set(facts.cacheState, (this.cache.get(facts.cacheState) ?? 0) + 1);
    if (facts.provider !== null && facts.upstreamMs > 0) {
      const provider = this.providerOf(facts.provider);
      provider.latency.record(facts.upstreamMs);
      if (status >= 500) provider.errors += 1;
      if (status === 429) provider.rateLimited += 1;
    }
  }

  /** One finding of an entity type. */
  countFinding(type: string): void {
    this.findings.set(type, (this.findings.get(type) ?? 0) + 1);
  }

  /** One text judged to be an injection. */
  countInjection(isBlocked: boolean): void {
    this.injections += 1;
    if (isBlocked) this.blocked += 1;
  }

  /** One crash of a guard. */
  countGuardFailure(guard: string): void {
    this.guardFailures.set(guard, (this.guardFailures.get(guard) ?? 0) + 1);
  }

  /** Everything counted so far, as plain data. */
  snapshot(): CoreSnapshot {
    const { requests, proxied, anonymised, failed, injections, blocked, rateLimited } = this;
    return {
      totals: { requests, proxied, anonymised, failed, injections, blocked, rateLimited },
      all: this.all.snapshot(),
      guard: this.guard.snapshot(),
      routes: mapped(
        this.routes,
        ({ latency, statuses }): RouteSnapshot => ({
          latency: latency.snapshot(),
          statuses: Object.fromEntries(statuses),
        }),
      ),
      providers: mapped(
        this.providers,
        ({ latency, errors, rateLimited }): ProviderSnapshot => ({
          latency: latency.snapshot(),
          errors,
          rateLimited,
        }),
      ),
      findings: Object.fromEntries(this.findings),
      errors: Object.fromEntries(this.errors),
      guardFailures: Object.fromEntries(this.guardFailures),
      cache: Object.fromEntries(this.cache),
    };
  }

  private routeOf(name: string): RouteFigures {
    let figures = this.routes.get(name);
    if (figures === undefined) {
      figures = { latency: new LatencyHistogram(), statuses: new Map() };
      this.routes.set(name, figures);
    }
    return figures;
  }

  private providerOf(name: ProviderName): ProviderFigures {
    let figures = this.providers.get(name);
    if (figures === undefined) {
      figures = { latency: new LatencyHistogram(), errors: 0, rateLimited: 0 };
      this.providers.set(name, figures);
    }
    return figures;
  }
}

function mapped<K extends string, V, R>(
  figures: ReadonlyMap<K, V>,
  tell: (value: V) => R,
): Record<string, R> {
  return Object.fromEntries([...figures].map(([name, value]) => [name, tell(value)]));
}
