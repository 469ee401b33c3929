import type { ClassLimits, LimitsConfig } from "#contract";

/** Kinds of routes that are limited apart. */
export type RouteClass = "proxy" | "detection" | "control";

/** The limits of one account; 0 stands for none. */
export interface Bounds {
  readonly requestsPerMinute: number;
  readonly requestsPerHour: number;
  readonly tokensPerMinute: number;
  readonly concurrency: number;
}

/** What a limit counts, in the order in which stores report them. */
export const BOUND_KINDS = [
  "requestsPerMinute",
  "requestsPerHour",
  "tokensPerMinute",
  "concurrency",
] as const;
/** What a limit counts. */
export type BoundKind = (typeof BOUND_KINDS)[number];

/** Classes of routes. */
export const ROUTE_CLASSES = ["proxy", "detection", "control"] as const satisfies readonly RouteClass[];

/**
 * Limits of a class of routes: the customer's own before the gateway's, key by key; null lifts one.
 * @returns null when nothing is limited
 */
export function boundsOf(
  routes: RouteClass,
  gateway: LimitsConfig,
  customer: ClassLimits | undefined,
): Bounds | null {
  const merged: Partial<Record<BoundKind, number | null>> = { ...gateway[routes], ...customer?.[routes] };
  const bounds = {
    requestsPerMinute: merged.requestsPerMinute ?? 0,
    requestsPerHour: merged.requestsPerHour ?? 0,
    tokensPerMinute: merged.tokensPerMinute ?? 0,
    concurrency: merged.concurrency ?? 0,
  };
  return BOUND_KINDS.some((kind) => bounds[kind] > 0) ? bounds : null;
}

/** The part of the limits that one process grants by itself; at least one of each. */
export function shareOf(bounds: Bounds, share: number): Bounds {
  const part = (limit: number): number => (limit === 0 ? 0 : Math.max(1, Math.floor(limit * share)));
  return {
    requestsPerMinute: part(bounds.requestsPerMinute),
    requestsPerHour: part(bounds.requestsPerHour),
    tokensPerMinute: part(bounds.tokensPerMinute),
    concurrency: part(bounds.concurrency),
  };
}
