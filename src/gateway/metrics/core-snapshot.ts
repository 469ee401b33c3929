import { type HistogramSnapshot, mergeHistograms } from "./latency-histogram.ts";

/** Counts by name. */
export type Counts = Readonly<Record<string, number>>;

/** What was counted over one route. */
export interface RouteSnapshot {
  readonly latency: HistogramSnapshot;
  /** Requests by status code. */
  readonly statuses: Counts;
}

/** What was counted over one provider. */
export interface ProviderSnapshot {
  readonly latency: HistogramSnapshot;
  readonly errors: number;
  readonly rateLimited: number;
}

/** Everything that one process has counted since its start, as plain data. */
export interface CoreSnapshot {
  readonly totals: Totals;
  readonly all: HistogramSnapshot;
  readonly guard: HistogramSnapshot;
  readonly routes: Readonly<Record<string, RouteSnapshot>>;
  readonly providers: Readonly<Record<string, ProviderSnapshot>>;
  /** Findings by entity type. */
  readonly findings: Counts;
  /** Error answers by code. */
  readonly errors: Counts;
  /** Crashes by guard. */
  readonly guardFailures: Counts;
  /** Answers by what the response cache did; proxied requests that asked it. */
  readonly cache: Counts;
}

/** Plain counters. */
export interface Totals {
  readonly requests: number;
  readonly proxied: number;
  /** Proxied requests with a finding. */
  readonly anonymised: number;
  /** Answers with a server error. */
  readonly failed: number;
  readonly injections: number;
  readonly blocked: number;
  readonly rateLimited: number;
}

/** Several processes as one: every count is the sum of theirs, every distribution the distribution of all values. */
export function mergeCore(snapshots: readonly CoreSnapshot[]): CoreSnapshot {
  const routes = merged(snapshots, ({ routes }) => routes, mergeRoutes);
  const providers = merged(snapshots, ({ providers }) => providers, mergeProviders);
  return {
    totals: mergeTotals(snapshots.map(({ totals }) => totals)),
    all: mergeHistograms(snapshots.map(({ all }) => all)).snapshot(),
    guard: mergeHistograms(snapshots.map(({ guard }) => guard)).snapshot(),
    routes,
    providers,
    findings: mergeCounts(snapshots.map(({ findings }) => findings)),
    errors: mergeCounts(snapshots.map(({ errors }) => errors)),
    guardFailures: mergeCounts(snapshots.map(({ guardFailures }) => guardFailures)),
    cache: mergeCounts(snapshots.map(({ cache }) => cache)),
  };
}

/** Sum of counts by name. */
export function mergeCounts(list: readonly Counts[]): Counts {
  const sums: Record<string, number> = {};
  for (const counts of list)
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function mergeTotals(list: readonly Totals[]): Totals {
  const sum = (key: keyof Totals): number => list.reduce((total, totals) => total + totals[key], 0);
  return {
    requests: sum("requests"),
    proxied: sum("proxied"),
    anonymised: sum("anonymised"),
    failed: sum("failed"),
    injections: sum("injections"),
    blocked: sum("blocked"),
    rateLimited: sum("rateLimited"),
  };
}

function mergeRoutes(routes: readonly RouteSnapshot[]): RouteSnapshot {
  return {
    latency: mergeHistograms(routes.map(({ latency }) => latency)).snapshot(),
    statuses: mergeCounts(routes.map(({ statuses }) => statuses)),
  };
}

function mergeProviders(providers: readonly ProviderSnapshot[]): ProviderSnapshot {
  const sum = (key: "errors" | "rateLimited"): number =>
    providers.reduce((total, provider) => total + provider[key], 0);
  return {
    latency: mergeHistograms(providers.map(({ latency }) => latency)).snapshot(),
    errors: sum("errors"),
    rateLimited: sum("rateLimited"),
  };
}

function merged<T>(
  snapshots: readonly CoreSnapshot[],
  pick: (snapshot: CoreSnapshot) => Readonly<Record<string, T>>,
  combine: (same: readonly T[]) => T,
): Record<string, T> {
  const groups = new Map<string, T[]>();
  for (const snapshot of snapshots)
    for (const [name, value] of Object.entries(pick(snapshot))) {
      const same = groups.get(name);
      if (same === undefined) groups.set(name, [value]);
      else same.push(value);
    }
  return Object.fromEntries([...groups].map(([name, same]) => [name, combine(same)]));
}
