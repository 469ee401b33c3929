import { LIMIT_ADMITTED } from "../limits/figures.ts";
import { type FleetFigures, fleetFamilies } from "../workers/fleet-figures.ts";
import { familiesToJson } from "./family.ts";
import { quantiles, toThreeDigits } from "./quantiles.ts";
import type { MetricsSnapshot } from "./snapshot.ts";

/** Cache states of requests that needed no upstream call of their own. */
const CACHE_HITS = ["hit", "shared"] as const;

/** `/metrics` as JSON: the keys of both seeds' `/metrics` and the gateway's own. */
export function metricsToJson(
  { core, live, families }: MetricsSnapshot,
  fleet: FleetFigures,
  version: string,
): Record<string, unknown> {
  const { totals } = core;
  const lookups = total(Object.values(core.cache)) - (core.cache["bypass"] ?? 0);
  const hits = total(CACHE_HITS.map((state) => core.cache[state] ?? 0));
  const errorShare = totals.requests === 0 ? 0 : totals.failed / totals.requests;
  const detectionPercent = percent(totals.anonymised, totals.proxied) ?? 0;
  const responseTime = quantiles(core.all);
  return {
    requests_total: totals.requests,
    requests_anonymized: totals.anonymised,
    pii_detected: total(Object.values(core.findings)),
    errors: totals.failed,
    rate_limit_exceeded: totals.rateLimited,
    storage_health: {
      status: "healthy",
      connected_clients: live.activeConnections,
      used_memory_human: `${(live.rssBytes / 1024 ** 2).toFixed(2)}M`,
      uptime_in_seconds: Math.floor(live.uptimeSec),
      kind: "embedded",
    },
    rate_limiting_enabled: families.some(({ name }) => name === LIMIT_ADMITTED),
    experiment_id: "0",
    experiment_name: "rampart",
    artifact_location: "",
    lifecycle_stage: "active",
    message: "Rampart keeps its own metrics; ask with Accept: text/plain for the Prometheus form",
    version,
    uptime_seconds: toThreeDigits(live.uptimeSec),
    continuous: {
      response_time_ms: { p50: responseTime["p50"], p95: responseTime["p95"], p99: responseTime["p99"] },
      throughput_per_second: toThreeDigits(live.requestsPerSec),
      error_rate_percent: toThreeDigits(100 * errorShare),
      cpu_usage_percent: live.cpuPercent,
      memory_usage_mb: toThreeDigits(live.rssBytes / 1024 ** 2),
      cache_hit_rate_percent: percent(hits, lookups),
      active_connections: live.activeConnections,
      pii_detection_rate_percent: detectionPercent,
    },
    request_rate_per_second: toThreeDigits(live.requestsPerSec),
    response_time_ms: responseTime,
    guard_time_ms: quantiles(core.guard),
    error_rate: toThreeDigits(errorShare),
    pii_detection_rate: detectionPercent,
    cache_hit_rate: percent(hits, lookups),
    cache: { lookups, hits, by_state: core.cache },
    active_connections: live.activeConnections,
    active_requests: live.activeRequests,
    upstream_queued: live.upstreamQueued,
    sessions: live.sessions,
    cpu_percent: live.cpuPercent,
    memory_bytes: live.rssBytes,
    heap_used_bytes: live.heapUsedBytes,
    event_loop_delay_ms: live.eventLoopDelayMs,
    audit_state: live.audit.state,
    audit_records_written: live.audit.written,
    audit_records_dropped: live.audit.dropped,
    audit_queue: live.audit.queued,
    audit_write_failures: live.audit.failures,
    audit_lag_ms: live.audit.lagMs,
    monitor_connections: live.monitor.connections,
    monitor_events_sent: live.monitor.eventsSent,
    monitor_events_skipped: live.monitor.eventsSkipped,
    monitor_slow_readers_cut: live.monitor.slowReadersCut,
    monitor_connections_lost: live.monitor.connectionsLost,
    injections_detected: totals.injections,
    injections_blocked: totals.blocked,
    findings_by_type: core.findings,
    errors_by_code: core.errors,
    guard_failures: core.guardFailures,
    routes: mapped(core.routes, ({ latency, statuses }) => ({
      count: latency.count,
      statuses,
      response_time_ms: quantiles(latency),
    })),
    providers: mapped(core.providers, ({ latency, errors, rateLimited }) => ({
      count: latency.count,
      errors,
      rate_limited: rateLimited,
      response_time_ms: quantiles(latency),
    })),
    ...familiesToJson(families),
    ...familiesToJson(fleetFamilies(fleet)),
    worker_details: fleet.workers,
  };
}

/** Share in percent, to three digits; null when there is nothing to divide by. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : toThreeDigits((100 * part) / whole);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function mapped<V>(
  record: Readonly<Record<string, V>>,
  tell: (value: V) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, tell(value)]));
}
