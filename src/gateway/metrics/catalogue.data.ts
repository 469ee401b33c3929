/** Data table: every metric family of the gateway. The source of their help texts and of docs/metrics.md. */

/** One family as it is documented. */
export interface CatalogueEntry {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** Names of the labels; label sets are bounded in number. */
  readonly labels?: readonly string[];
  /** How the numbers of several processes become one; default `sum`. */
  readonly merge?: "sum" | "max" | "min";
  /** When the family is absent. */
  readonly only?: string;
}

/** Families that the gateway's core tells. */
export const CORE_CATALOGUE = {
  rampart_build_info: { type: "gauge", help: "Version of the gateway.", labels: ["version"], merge: "max" },
  rampart_uptime_seconds: { type: "gauge", help: "Seconds since the start of the oldest process.", merge: "max" },
  rampart_requests_total: { type: "counter", help: "Requests finished, by route and status.", labels: ["route", "status"] },
  rampart_request_duration_seconds: { type: "histogram", help: "Time from request to complete answer, by route.", labels: ["route"] },
  rampart_guard_duration_seconds: { type: "histogram", help: "Time spent in guards per proxied request." },
  rampart_upstream_duration_seconds: { type: "histogram", help: "Time the provider took, by provider.", labels: ["provider"] },
  rampart_upstream_errors_total: { type: "counter", help: "Provider answers with a server error or none, by provider.", labels: ["provider"] },
  rampart_findings_total: { type: "counter", help: "Personal data found, by entity type.", labels: ["type"] },
  rampart_requests_anonymised_total: { type: "counter", help: "Proxied requests in which something was found." },
  rampart_injections_total: { type: "counter", help: "Requests judged to be prompt injections.", labels: ["action"] },
  rampart_errors_total: { type: "counter", help: "Error answers of the gateway itself, by code.", labels: ["code"] },
  rampart_guard_failures_total: { type: "counter", help: "Crashes of guards, by guard.", labels: ["guard"] },
  rampart_cache_answers_total: { type: "counter", help: "Proxied requests that asked the response cache, by what it did.", labels: ["state"] },
  rampart_active_requests: { type: "gauge", help: "Requests under way." },
  rampart_client_connections: { type: "gauge", help: "Open client connections." },
  rampart_upstream_queued_requests: { type: "gauge", help: "Requests waiting for an upstream connection." },
  rampart_sessions: { type: "gauge", help: "Conversations remembered." },
  rampart_monitor_connections: { type: "gauge", help: "Open connections of the live monitor." },
  rampart_monitor_events_sent_total: { type: "counter", help: "Events written, once for each connection." },
  rampart_monitor_events_skipped_total: { type: "counter", help: "Events left out beyond the rate bound." },
  rampart_monitor_connections_ended_total: { type: "counter", help: "Monitor connections ended, by reason.", labels: ["reason"] },
  rampart_audit_up: { type: "gauge", help: "1 while audit records reach the disk.", merge: "min", only: "with an audit log" },
  rampart_audit_records_total: { type: "counter", help: "Audit records of requests, by what became of them.", labels: ["result"], only: "with an audit log" },
  rampart_audit_queued_records: { type: "gauge", help: "Audit records that wait for the disk.", only: "with an audit log" },
  rampart_audit_write_failures_total: { type: "counter", help: "Writes of the audit log that failed.", only: "with an audit log" },
  rampart_audit_lag_seconds: { type: "gauge", help: "Age of the oldest audit record that waits.", merge: "max", only: "with an audit log" },
  rampart_process_cpu_percent: { type: "gauge", help: "CPU of the gateway's serving processes in percent of one core." },
  rampart_process_resident_memory_bytes: { type: "gauge", help: "Resident memory of the gateway's serving processes." },
  rampart_event_loop_delay_seconds: { type: "gauge", help: "99th percentile of the event-loop delay over the last second, of the slowest process.", merge: "max" },
  rampart_workers: { type: "gauge", help: "Processes that serve." },
  rampart_workers_silent: { type: "gauge", help: "Processes that did not answer in time: their counts are as they were last told." },
  rampart_worker_restarts_total: { type: "counter", help: "Processes that ended without being asked to and were replaced." },
  rampart_worker_cpu_percent: { type: "gauge", help: "CPU of one process in percent of one core, by its place.", labels: ["worker"] },
  rampart_worker_resident_memory_bytes: { type: "gauge", help: "Resident memory of one process, by its place.", labels: ["worker"] },
  rampart_worker_event_loop_delay_seconds: { type: "gauge", help: "99th percentile of the event-loop delay of one process, by its place.", labels: ["worker"] },
  rampart_configuration_version: { type: "gauge", help: "How often the configuration has been replaced since the start, plus one." },
  rampart_configuration_reloads_total: { type: "counter", help: "Asked-for changes of the configuration, by what became of them.", labels: ["result"] },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** Name of a family of the core. */
export type CoreFamilyName = keyof typeof CORE_CATALOGUE;
