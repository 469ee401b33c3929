import { type DetectionResultEvent, MONITOR_LEVELS, type MonitorFilter } from "#contract";
import type { Exchange } from "../exchange.ts";

/** What is told about a finished exchange, before it has its place in a stream of events. */
export type DetectionFacts = Omit<DetectionResultEvent, "type" | "timestamp" | "ts" | "seq" | "skipped"> & {
  readonly endedAtMs: number;
};

/** Whether a request's end is worth an event: proxy and detection routes, not health, metrics or pages. */
export function isWatched(exchange: Exchange): boolean {
  return exchange.route.endpoint !== undefined || exchange.route.schema !== undefined;
}

/** Whether something was found, judged an injection or failed. */
export function isFlagged(exchange: Exchange): boolean {
  const { findingCount, injection, failedOpen, failure, guard } = exchange;
  return (
    findingCount > 0 ||
    (injection !== null && injection.score >= guard.policy.injection.threshold) ||
    failedOpen !== null ||
    exchange.degraded !== null ||
    failure?.code === "RMP_GUARD_FAILED"
  );
}

/** The facts of a finished exchange; no text, value, prompt or key is among them. */
export function detectionFacts(exchange: Exchange, tenant: string | null, nowMs: number): DetectionFacts {
  const { caller, injection, failedOpen, failure, context } = exchange;
  return {
    agent_id: caller?.name ?? "anonymous",
    tenant,
    request_id: exchange.requestId,
    route: exchange.route.name,
    status: exchange.status,
    flagged: isFlagged(exchange),
    findings: Object.fromEntries(exchange.findingTypes ?? []),
    injection_score: injection === null ? null : Math.round(injection.score * 1000) / 1000,
    injection_level: injection?.level ?? null,
    fail_mode: failModeOf(exchange),
    failed_guards: [...(failedOpen ?? []), ...(exchange.degraded ?? [])],
    error_code: failure?.code ?? null,
    processing_time_ms: Math.round((nowMs - exchange.startedMs) * 1000) / 1000,
    endedAtMs: context.epoch(),
  };
}

/** Whether a connection with this filter wants the event. */
export function isWanted(facts: DetectionFacts, filter: MonitorFilter): boolean {
  if (filter.flagged_only === true && !facts.flagged) return false;
  if (filter.tenant !== undefined && facts.tenant !== filter.tenant) return false;
  if (
    filter.min_level !== undefined &&
    MONITOR_LEVELS.indexOf(facts.injection_level ?? "safe") < MONITOR_LEVELS.indexOf(filter.min_level)
  )
    return false;
  return filter.routes === undefined || filter.routes.some((route) => covers(route, facts.route));
}

function covers(pattern: string, route: string): boolean {
  return pattern.endsWith("*") ? route.startsWith(pattern.slice(0, -1)) : route === pattern;
}

function failModeOf({ failure, failedOpen, degraded }: Exchange): "closed" | "open" | "degrade" | "none" {
  if (failure?.code === "RMP_GUARD_FAILED") return "closed";
  if (failedOpen !== null) return "open";
  return degraded === null ? "none" : "degrade";
}
