import { RampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";

/**
 * Step 2: sheds load that the process cannot carry. Health and metrics are always answered, so that whoever watches sees
 * why. Everything else is admitted while no limits per customer are configured.
 */
export function limit(exchange: Exchange): Outcome {
  const { context, route } = exchange;
  if (route.role === "public" || route.role === "monitor") return "next";
  const { activeRequests, eventLoopDelayMs } = context.config.overload;
  if (context.active.size > activeRequests)
    throw new RampartError("RMP_OVERLOADED", `more than ${activeRequests} requests are under way`);
  if (context.system.figures().eventLoopDelayMs > eventLoopDelayMs)
    throw new RampartError("RMP_OVERLOADED", "the process is too busy to take another request in time");
  return "next";
}
