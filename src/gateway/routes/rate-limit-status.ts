import type { Exchange } from "../exchange.ts";
import { BOUND_KINDS, type BoundKind, ROUTE_CLASSES, type RouteClass } from "../limits/bounds.ts";
import type { Standing, Standings } from "../limits/verdict.ts";
import { answerJson } from "./answer-json.ts";

/** Keys of the answer, by limit. */
const KEYS: Readonly<Record<BoundKind, string>> = {
  requestsPerMinute: "minute",
  requestsPerHour: "hour",
  tokensPerMinute: "tokens",
  concurrency: "concurrency",
};

/**
 * `GET /ratelimit/status`: what is left of the caller's own limits; asking counts nothing of them but the request itself, if
 * control routes are limited. At the top the two windows of the proxy routes, as the second seed's proxy answers them; below
 * every limit of every class of routes.
 */
export async function rateLimitStatus(exchange: Exchange): Promise<void> {
  const { limits } = exchange.context;
  const customer = exchange.caller?.name ?? null;
  const classes: Partial<Record<RouteClass, Record<string, unknown>>> = {};
  let isLimited = false;
  const looks = ROUTE_CLASSES.map(async (routes) => {
    const account = limits?.accountOf(customer, routes) ?? null;
    isLimited ||= account !== null;
    classes[routes] = toJson(limits === null || account === null ? {} : await limits.look(account));
  });
  await Promise.all(looks);
  answerJson(exchange, {
    rate_limiting: isLimited ? "enabled" : "disabled",
    minute: classes.proxy?.["minute"],
    hour: classes.proxy?.["hour"],
    mode: limits?.mode ?? "off",
    customer,
    classes,
  });
}

function toJson(standings: Standings): Record<string, unknown> {
  return Object.fromEntries(BOUND_KINDS.map((kind) => [KEYS[kind], windowOf(standings[kind])]));
}

function windowOf(standing: Standing | undefined): object {
  if (standing === undefined) return { limit: null, used: 0, remaining: null, reset: 0 };
  const { limit, used, waitMs } = standing;
  return {
    limit,
    used,
    remaining: Math.max(0, limit - used),
    reset: Math.ceil(waitMs / 1_000),
  };
}
