import type { Exchange, Outcome } from "../exchange.ts";
import { settleExchange } from "../limits/settle.ts";

/** Step 12: counts the finished exchange and tells the sinks (monitor, audit). Runs once per request. */
export function record(exchange: Exchange): Outcome {
  const { context } = exchange;
  exchange.isOver = true;
  context.active.remove(exchange);
  if (exchange.permit !== null) settleExchange(exchange);
  const totalMs = context.clock() - exchange.startedMs;
  context.metrics.countExchange(exchange.route.name, exchange.status, totalMs, {
    guardMs: exchange.guardMs,
    // A shared call is one call, of the request that was sent.
    upstreamMs: exchange.cacheState === "shared" ? 0 : exchange.upstreamMs,
    isProxy: exchange.route.endpoint !== undefined,
    findings: exchange.findingCount,
    errorCode: exchange.failure?.code ?? null,
    cacheState: exchange.cacheState,
    provider: exchange.route.endpoint?.provider ?? null,
  });
  for (const sink of context.sinks) sink(exchange);
  return "next";
}
