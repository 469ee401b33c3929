import { RampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";
import { admit, apply } from "../limits/admit.ts";
import { classOf } from "../limits/route-class.ts";
import { countsTokens } from "./reserve.ts";

/**
 * Step 2: sheds load that the process cannot carry, then holds the customer's limits. Health and metrics are never shed, so
 * that whoever watches sees why. A request whose tokens count is admitted once its body is read (step 4), by one decision
 * over all its limits; here it is only refused when that is certain already.
 */
export function limit(exchange: Exchange): Outcome {
  const { context, route } = exchange;
  if (route.role === "public") return "next";
  if (route.role !== "monitor") shed(exchange);
  const { limits } = context;
  if (limits === null) return "next";
  const routes = classOf(route);
  const account = routes === null ? null : limits.accountOf(exchange.caller?.name ?? null, routes);
  if (account === null) return "next";
  if (!countsTokens(account, exchange)) return admit(exchange, limits, account, 0, 0);
  const refused = limits.certainRefusal(account);
  return refused === null ? "next" : apply(exchange, refused);
}

function shed({ context }: Exchange): void {
  const { activeRequests, eventLoopDelayMs } = context.config.overload;
  if (context.active.size > activeRequests)
    throw new RampartError("RMP_OVERLOADED", `more than ${activeRequests} requests are under way`);
  if (context.system.figures().eventLoopDelayMs > eventLoopDelayMs)
    throw new RampartError("RMP_OVERLOADED", "the process is too busy to take another request in time");
}
