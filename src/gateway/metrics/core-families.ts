import { type CatalogueEntry, CORE_CATALOGUE, type CoreFamilyName } from "./catalogue.data.ts";
import type { CoreSnapshot, Counts } from "./core-snapshot.ts";
import type { HistogramSample, MetricFamily, MetricSample } from "./family.ts";
import type { LiveFigures } from "./live-figures.ts";

/** A family of the core with its type, help and rule from the catalogue. */
export function coreFamily(
  name: CoreFamilyName,
  samples: readonly MetricSample[],
  histograms?: readonly HistogramSample[],
): MetricFamily {
  const { type, help, merge }: CatalogueEntry = CORE_CATALOGUE[name];
  return {
    name,
    type,
    help,
    samples,
    ...(merge === undefined ? {} : { merge }),
    ...(histograms === undefined ? {} : { histograms }),
  };
}

/** What was counted, as families. */
export function countedFamilies(core: CoreSnapshot): MetricFamily[] {
  const { totals } = core;
  const routes = Object.entries(core.routes);
  const providers = Object.entries(core.providers);
  return [
    coreFamily(
      "rampart_requests_total",
      routes.flatMap(([route, { statuses }]) =>
        Object.entries(statuses).map(([status, value]) => ({ value, labels: { route, status } })),
      ),
    ),
    coreFamily(
      "rampart_request_duration_seconds",
      [],
      routes.map(([route, { latency }]) => ({ histogram: latency, labels: { route } })),
    ),
    coreFamily("rampart_guard_duration_seconds", [], [{ histogram: core.guard }]),
    coreFamily(
      "rampart_upstream_duration_seconds",
      [],
      providers.map(([provider, { latency }]) => ({ histogram: latency, labels: { provider } })),
    ),
    coreFamily(
      "rampart_upstream_errors_total",
      providers.map(([provider, { errors }]) => ({ value: errors, labels: { provider } })),
    ),
    coreFamily("rampart_findings_total", byLabel("type", core.findings)),
    coreFamily("rampart_requests_anonymised_total", [{ value: totals.anonymised }]),
    coreFamily("rampart_injections_total", [
      { value: totals.injections - totals.blocked, labels: { action: "flag" } },
      { value: totals.blocked, labels: { action: "block" } },
    ]),
    coreFamily("rampart_errors_total", byLabel("code", core.errors)),
    coreFamily("rampart_guard_failures_total", byLabel("guard", core.guardFailures)),
    coreFamily("rampart_cache_answers_total", byLabel("state", core.cache)),
  ];
}

/** What was looked at, as families. */
export function liveFamilies(live: LiveFigures, version: string): MetricFamily[] {
  const { monitor } = live;
  return [
    coreFamily("rampart_build_info", [{ value: 1, labels: { version } }]),
    coreFamily("rampart_uptime_seconds", [{ value: live.uptimeSec }]),
    coreFamily("rampart_active_requests", [{ value: live.activeRequests }]),
    coreFamily("rampart_client_connections", [{ value: live.activeConnections }]),
    coreFamily("rampart_upstream_queued_requests", [{ value: live.upstreamQueued }]),
    coreFamily("rampart_sessions", [{ value: live.sessions }]),
    coreFamily("rampart_monitor_connections", [{ value: monitor.connections }]),
    coreFamily("rampart_monitor_events_sent_total", [{ value: monitor.eventsSent }]),
    coreFamily("rampart_monitor_events_skipped_total", [{ value: monitor.eventsSkipped }]),
    coreFamily("rampart_monitor_connections_ended_total", [
      { value: monitor.slowReadersCut, labels: { reason: "slow" } },
      { value: monitor.connectionsLost, labels: { reason: "silent" } },
    ]),
    ...auditFamilies(live.audit),
    coreFamily("rampart_process_cpu_percent", [{ value: live.cpuPercent }]),
    coreFamily("rampart_process_resident_memory_bytes", [{ value: live.rssBytes }]),
    coreFamily("rampart_event_loop_delay_seconds", [{ value: live.eventLoopDelayMs / 1000 }]),
  ];
}

function auditFamilies(audit: LiveFigures["audit"]): MetricFamily[] {
  if (audit.state === "off") return [];
  return [
    coreFamily("rampart_audit_up", [{ value: audit.state === "healthy" ? 1 : 0 }]),
    coreFamily("rampart_audit_records_total", [
      { value: audit.written, labels: { result: "written" } },
      { value: audit.dropped, labels: { result: "dropped" } },
    ]),
    coreFamily("rampart_audit_queued_records", [{ value: audit.queued }]),
    coreFamily("rampart_audit_write_failures_total", [{ value: audit.failures }]),
    coreFamily("rampart_audit_lag_seconds", [{ value: audit.lagMs / 1000 }]),
  ];
}

function byLabel(label: string, counts: Counts): MetricSample[] {
  return Object.entries(counts).map(([name, value]) => ({ value, labels: { [label]: name } }));
}
