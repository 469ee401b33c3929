import type { ErrorCode } from "#shared";
import type { AuditFigures } from "../audit/figures.ts";
import type { MonitorFigures } from "../monitor/figures.ts";
import type { ProviderName } from "../providers/endpoints.ts";
import { Exposition } from "./exposition.ts";
import { exposeFamilies, familiesToJson, type MetricFamily } from "./family.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Facts of one finished exchange beside route, status and duration. */
export interface ExchangeFacts {
  readonly guardMs: number;
  readonly upstreamMs: number;
  readonly isProxy: boolean;
  readonly findings: number;
  readonly errorCode: ErrorCode | null;
  readonly provider: ProviderName | null;
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

/** Figures that live elsewhere and are read when metrics are asked for. */
export interface LiveFigures {
  readonly uptimeSec: number;
  readonly activeRequests: number;
  readonly activeConnections: number;
  readonly upstreamQueued: number;
  readonly sessions: number;
  readonly cpuPercent: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly eventLoopDelayMs: number;
  readonly monitor: MonitorFigures;
  readonly audit: AuditFigures;
  readonly version: string;
  /** What the other parts of the gateway tell. */
  readonly families: readonly MetricFamily[];
}

/** Counts what passes the gateway; all label sets are bounded (routes, statuses, entity types, codes, providers). */
export class GatewayMetrics {
  private readonly routes = new Map<string, RouteFigures>();
  private readonly providers = new Map<ProviderName, ProviderFigures>();
  private readonly findings = new Map<string, number>();
  private readonly errors = new Map<ErrorCode, number>();
  private readonly guardFailures = new Map<string, number>();
  private readonly guard = new LatencyHistogram();
  private readonly all = new LatencyHistogram();
  private requests = 0;
  private proxied = 0;
  private anonymised = 0;
  private failed = 0;
  private injections = 0;
  private blocked = 0;
  private rateLimited = 0;

  countExchange(route: string, status: number, totalMs: number, facts: ExchangeFacts): void {
    const figures = this.routeOf(route);
    figures.latency.record(totalMs);
    figures.statuses.set(status, (figures.statuses.get(status) ?? 0) + 1);
    this.all.record(totalMs);
    this.requests += 1;
    if (status === 429) this.rateLimited += 1;
    if (status >= 500) this.failed += 1;
    if (facts.errorCode !== null)
      this.errors.set(facts.errorCode, (this.errors.get(facts.errorCode) ?? 0) + 1);
    if (!facts.isProxy) return;
    this.proxied += 1;
    if (facts.findings > 0) this.anonymised += 1;
    this.guard.record(facts.guardMs);
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

  /** The JSON form: the keys of both seeds' `/metrics` and the gateway's own. */
  toJson(live: LiveFigures): Record<string, unknown> {
    const found = sum(this.findings);
    return {
      requests_total: this.requests,
      requests_anonymized: this.anonymised,
      pii_detected: found,
      errors: this.failed,
      rate_limit_exceeded: this.rateLimited,
      storage_health: {
        status: "healthy",
        connected_clients: live.activeConnections,
        used_memory_human: `${(live.rssBytes / 1024 ** 2).toFixed(2)}M`,
        uptime_in_seconds: Math.floor(live.uptimeSec),
        kind: "embedded",
      },
      rate_limiting_enabled: false,
      experiment_id: "0",
      experiment_name: "rampart",
      artifact_location: "",
      lifecycle_stage: "active",
      message: "Rampart keeps its own metrics; ask with Accept: text/plain for the Prometheus form",
      version: live.version,
      uptime_seconds: round(live.uptimeSec),
      request_rate_per_second: live.uptimeSec > 0 ? round(this.requests / live.uptimeSec) : 0,
      response_time_ms: quantiles(this.all),
      guard_time_ms: quantiles(this.guard),
      error_rate: this.requests === 0 ? 0 : round(this.failed / this.requests),
      pii_detection_rate: this.proxied === 0 ? 0 : round((100 * this.anonymised) / this.proxied),
      // there is no cache whose hits could be counted
      cache_hit_rate: null,
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
      injections_detected: this.injections,
      injections_blocked: this.blocked,
      findings_by_type: Object.fromEntries(this.findings),
      errors_by_code: Object.fromEntries(this.errors),
      guard_failures: Object.fromEntries(this.guardFailures),
      routes: Object.fromEntries(
        [...this.routes].map(([name, { latency, statuses }]) => [
          name,
          {
            count: latency.count,
            statuses: Object.fromEntries(statuses),
            response_time_ms: quantiles(latency),
          },
        ]),
      ),
      providers: Object.fromEntries(
        [...this.providers].map(([name, { latency, errors, rateLimited }]) => [
          name,
          { count: latency.count, errors, rate_limited: rateLimited, response_time_ms: quantiles(latency) },
        ]),
      ),
      ...familiesToJson(live.families),
    };
  }

  /** The Prometheus text form. */
  toPrometheus(live: LiveFigures): string {
    const out = new Exposition();
    out.family("rampart_build_info", "gauge", "Version of the gateway.");
    out.sample("rampart_build_info", 1, { version: live.version });
    out.family("rampart_uptime_seconds", "gauge", "Seconds since start.");
    out.sample("rampart_uptime_seconds", live.uptimeSec);
    out.family("rampart_requests_total", "counter", "Requests finished, by route and status.");
    for (const [route, { statuses }] of this.routes)
      for (const [status, count] of statuses)
        out.sample("rampart_requests_total", count, { route, status: String(status) });
    out.family(
      "rampart_request_duration_seconds",
      "histogram",
      "Time from request to complete answer, by route.",
    );
    for (const [route, { latency }] of this.routes)
      out.histogram("rampart_request_duration_seconds", latency, { route });
    out.family("rampart_guard_duration_seconds", "histogram", "Time spent in guards per proxied request.");
    out.histogram("rampart_guard_duration_seconds", this.guard);
    out.family("rampart_upstream_duration_seconds", "histogram", "Time the provider took, by provider.");
    for (const [provider, { latency }] of this.providers)
      out.histogram("rampart_upstream_duration_seconds", latency, { provider });
    out.family(
      "rampart_upstream_errors_total",
      "counter",
      "Provider answers with a server error or none, by provider.",
    );
    for (const [provider, { errors }] of this.providers)
      out.sample("rampart_upstream_errors_total", errors, { provider });
    out.family("rampart_findings_total", "counter", "Personal data found, by entity type.");
    for (const [type, count] of this.findings) out.sample("rampart_findings_total", count, { type });
    out.family(
      "rampart_requests_anonymised_total",
      "counter",
      "Proxied requests in which something was found.",
    );
    out.sample("rampart_requests_anonymised_total", this.anonymised);
    out.family("rampart_injections_total", "counter", "Requests judged to be prompt injections.");
    out.sample("rampart_injections_total", this.injections - this.blocked, { action: "flag" });
    out.sample("rampart_injections_total", this.blocked, { action: "block" });
    out.family("rampart_errors_total", "counter", "Error answers of the gateway itself, by code.");
    for (const [code, count] of this.errors) out.sample("rampart_errors_total", count, { code });
    out.family("rampart_guard_failures_total", "counter", "Crashes of guards, by guard.");
    for (const [guard, count] of this.guardFailures)
      out.sample("rampart_guard_failures_total", count, { guard });
    out.family("rampart_active_requests", "gauge", "Requests under way.");
    out.sample("rampart_active_requests", live.activeRequests);
    out.family("rampart_client_connections", "gauge", "Open client connections.");
    out.sample("rampart_client_connections", live.activeConnections);
    out.family("rampart_upstream_queued_requests", "gauge", "Requests waiting for an upstream connection.");
    out.sample("rampart_upstream_queued_requests", live.upstreamQueued);
    out.family("rampart_sessions", "gauge", "Conversations remembered.");
    out.sample("rampart_sessions", live.sessions);
    addMonitorFigures(out, live.monitor);
    addAuditFigures(out, live.audit);
    out.family("rampart_process_cpu_percent", "gauge", "CPU of this process in percent of one core.");
    out.sample("rampart_process_cpu_percent", live.cpuPercent);
    out.family("rampart_process_resident_memory_bytes", "gauge", "Resident memory of this process.");
    out.sample("rampart_process_resident_memory_bytes", live.rssBytes);
    out.family("rampart_event_loop_delay_seconds", "gauge", "99th percentile of the event-loop delay.");
    out.sample("rampart_event_loop_delay_seconds", live.eventLoopDelayMs / 1000);
    exposeFamilies(out, live.families);
    return out.toString();
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

function addMonitorFigures(out: Exposition, figures: MonitorFigures): void {
  out.family("rampart_monitor_connections", "gauge", "Open connections of the live monitor.");
  out.sample("rampart_monitor_connections", figures.connections);
  out.family("rampart_monitor_events_sent_total", "counter", "Events written, once for each connection.");
  out.sample("rampart_monitor_events_sent_total", figures.eventsSent);
  out.family("rampart_monitor_events_skipped_total", "counter", "Events left out beyond the rate bound.");
  out.sample("rampart_monitor_events_skipped_total", figures.eventsSkipped);
  out.family("rampart_monitor_connections_ended_total", "counter", "Monitor connections ended, by reason.");
  out.sample("rampart_monitor_connections_ended_total", figures.slowReadersCut, { reason: "slow" });
  out.sample("rampart_monitor_connections_ended_total", figures.connectionsLost, { reason: "silent" });
}

function addAuditFigures(out: Exposition, figures: AuditFigures): void {
  if (figures.state === "off") return;
  out.family("rampart_audit_up", "gauge", "1 while audit records reach the disk.");
  out.sample("rampart_audit_up", figures.state === "healthy" ? 1 : 0);
  out.family("rampart_audit_records_total", "counter", "Audit records of requests, by what became of them.");
  out.sample("rampart_audit_records_total", figures.written, { result: "written" });
  out.sample("rampart_audit_records_total", figures.dropped, { result: "dropped" });
  out.family("rampart_audit_queued_records", "gauge", "Audit records that wait for the disk.");
  out.sample("rampart_audit_queued_records", figures.queued);
  out.family("rampart_audit_write_failures_total", "counter", "Writes of the audit log that failed.");
  out.sample("rampart_audit_write_failures_total", figures.failures);
  out.family("rampart_audit_lag_seconds", "gauge", "Age of the oldest audit record that waits.");
  out.sample("rampart_audit_lag_seconds", figures.lagMs / 1000);
}

function quantiles(histogram: LatencyHistogram): Record<string, number> {
  return {
    mean: histogram.count === 0 ? 0 : round(histogram.sumMs / histogram.count),
    p50: round(histogram.quantileMs(0.5)),
    p95: round(histogram.quantileMs(0.95)),
    p99: round(histogram.quantileMs(0.99)),
    max: round(histogram.maxMs),
  };
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
