import type { Exchange } from "../exchange.ts";

/** Weight of a line. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** A server error is an error, a refusal a warning. */
export function levelOf(status: number): LogLevel {
  if (status >= 500) return "error";
  return status >= 400 ? "warn" : "info";
}

/** What is logged about a finished exchange: names and numbers of the gateway's own, never text, values or keys. */
export function requestFields(exchange: Exchange, totalMs: number): Readonly<Record<string, unknown>> {
  const { caller, failure, context, upstreamHost } = exchange;
  return {
    requestId: exchange.requestId,
    route: exchange.route.name,
    status: exchange.status,
    totalMs: toMicroseconds(totalMs),
    guardMs: toMicroseconds(exchange.guardMs),
    upstreamMs: toMicroseconds(exchange.upstreamMs),
    findings: exchange.findingCount,
    answerBytes: exchange.answerBytes,
    ...(exchange.cacheState === "off" ? {} : { cache: exchange.cacheState }),
    ...(upstreamHost === null ? {} : { provider: upstreamHost }),
    ...(failure === null ? {} : { errorCode: failure.code }),
    ...(exchange.failedOpen === null ? {} : { failedGuards: exchange.failedOpen }),
    ...(caller === null
      ? { tenant: context.customers.isOpen ? exchange.tenant : null }
      : { tenant: caller.tenant, customer: caller.name }),
  };
}

/** Milliseconds to three digits. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
