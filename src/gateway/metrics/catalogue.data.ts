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

/** Families that other parts of the gateway tell. */
const PART_CATALOGUE: Readonly<Record<string, CatalogueEntry>> = {
  rampart_process_cpu_seconds_total: { type: "counter", help: "CPU time of the gateway's serving processes, user and system." },
  rampart_log_lines_total: { type: "counter", help: "Lines of the log, by what became of them.", labels: ["result"] },
  rampart_log_write_failures_total: { type: "counter", help: "Writes of the log that failed." },
  rampart_monitor_shared_events_total: { type: "counter", help: "Monitor events between processes and instances, by what became of them.", labels: ["result"] },
  rampart_upstream_attempts_total: { type: "counter", help: "Requests sent, by host.", labels: ["provider", "host"] },
  rampart_upstream_attempt_seconds_total: { type: "counter", help: "Time until answers had ended or failed, over all attempts.", labels: ["provider", "host"] },
  rampart_upstream_attempt_failures_total: { type: "counter", help: "Requests that a host failed, by reason.", labels: ["provider", "host", "reason"] },
  rampart_upstream_rate_limited_total: { type: "counter", help: "Answers with status 429.", labels: ["provider", "host"] },
  rampart_upstream_retries_total: { type: "counter", help: "Requests sent to the same host again.", labels: ["provider", "host"] },
  rampart_upstream_hedges_total: { type: "counter", help: "Requests sent while another one was under way.", labels: ["provider", "host"] },
  rampart_upstream_retries_refused_total: { type: "counter", help: "Retries and hedges left out because the budget was spent.", labels: ["provider", "host"] },
  rampart_upstream_breaker_opened_total: { type: "counter", help: "How often a host was left alone.", labels: ["provider", "host"] },
  rampart_upstream_breaker_state: { type: "gauge", help: "0 closed, 1 probing, 2 open.", labels: ["provider", "host"] },
  rampart_upstream_connections: { type: "gauge", help: "Open connections.", labels: ["provider", "host"] },
  rampart_upstream_running_requests: { type: "gauge", help: "Requests on a connection.", labels: ["provider", "host"] },
  rampart_upstream_waiting_requests: { type: "gauge", help: "Requests waiting for a connection.", labels: ["provider", "host"] },
  rampart_upstream_quota_remaining: { type: "gauge", help: "What a provider last said is left of the configured key's quota.", labels: ["provider", "host", "quota"] },
  rampart_output_findings_total: { type: "counter", help: "Values in answers that the model wrote of its own accord, by entity type and what became of them.", labels: ["type", "action"] },
  rampart_detection_cache_lookups_total: { type: "counter", help: "Texts looked up in the detection cache, by result.", labels: ["result"] },
  rampart_detection_cache_entries: { type: "gauge", help: "Texts whose findings are remembered." },
  rampart_detection_cache_bytes: { type: "gauge", help: "Estimated memory of the detection cache." },
  rampart_detection_cache_evictions_total: { type: "counter", help: "Texts forgotten because the detection cache was full." },
  rampart_image_cache_lookups_total: { type: "counter", help: "Pictures looked up in the detection cache, by result.", labels: ["result"] },
  rampart_image_cache_entries: { type: "gauge", help: "Pictures whose assessment is remembered." },
  rampart_response_cache_lookups_total: { type: "counter", help: "Answers looked up in the response cache, by level and result.", labels: ["level", "result"] },
  rampart_response_cache_joined_total: { type: "counter", help: "Requests that shared the upstream call of an equal one." },
  rampart_response_cache_stored_total: { type: "counter", help: "Answers kept for further requests." },
  rampart_response_cache_refused_total: { type: "counter", help: "Answers that were not kept, by reason.", labels: ["reason"] },
  rampart_response_cache_evictions_total: { type: "counter", help: "Answers forgotten because the cache in memory was full." },
  rampart_response_cache_write_failures_total: { type: "counter", help: "Answers that Redis did not take." },
  rampart_response_cache_unreadable_total: { type: "counter", help: "Answers in Redis that could not be decrypted." },
  rampart_response_cache_entries: { type: "gauge", help: "Answers kept in memory." },
  rampart_response_cache_bytes: { type: "gauge", help: "Estimated memory of the answers kept." },
  rampart_response_cache_flights: { type: "gauge", help: "Upstream calls that further equal requests can share." },
  rampart_redis_state: { type: "gauge", help: "1 for the state that the connection to Redis is in.", labels: ["state"] },
  rampart_redis_commands_total: { type: "counter", help: "Commands sent to Redis." },
  rampart_redis_failures_total: { type: "counter", help: "Redis commands without a usable answer, by reason.", labels: ["reason"] },
  rampart_redis_command_duration_seconds: { type: "histogram", help: "Time until Redis answered." },
  rampart_redis_pool_connections: { type: "gauge", help: "Open connections to Redis." },
  rampart_redis_pool_max_connections: { type: "gauge", help: "Most connections to Redis." },
  rampart_redis_pool_commands: { type: "gauge", help: "Redis commands without an answer yet." },
  rampart_redis_pool_waits_total: { type: "counter", help: "Commands sent while every connection had its share of unanswered ones." },
  rampart_redis_circuit_opened_total: { type: "counter", help: "How often Redis was given up for a while." },
  rampart_redis_messages_total: { type: "counter", help: "Messages received from channels." },
  rampart_limit_admitted_total: { type: "counter", help: "Limited requests admitted, by class of routes.", labels: ["routes"] },
  rampart_limit_refused_total: { type: "counter", help: "Requests refused by a limit, by class of routes and limit.", labels: ["routes", "bound"] },
  rampart_limit_decisions_total: { type: "counter", help: "Decisions by who took them: memory, redis; local and open while Redis could not be asked.", labels: ["mode"] },
  rampart_limit_unavailable_total: { type: "counter", help: "Requests answered 503 because Redis could not be asked and the fail mode is closed." },
  rampart_limit_leases: { type: "gauge", help: "Requests under way that hold a place under a limit on concurrency." },
  rampart_audit_shipper_state: { type: "gauge", help: "1 for the state that copying the audit log to PostgreSQL is in.", labels: ["state"] },
  rampart_audit_shipped_records_total: { type: "counter", help: "Audit records stored in PostgreSQL." },
  rampart_audit_shipped_batches_total: { type: "counter", help: "Statements that stored audit records." },
  rampart_audit_ship_failures_total: { type: "counter", help: "Attempts to copy the audit log that failed." },
  rampart_audit_ship_missed_records_total: { type: "counter", help: "Audit records removed from disk, or unreadable, before they were copied to PostgreSQL." },
  rampart_audit_pruned_records_total: { type: "counter", help: "Audit records deleted from PostgreSQL by age." },
  rampart_audit_ship_lag_records: { type: "gauge", help: "Audit records on disk that are not in PostgreSQL yet." },
  rampart_audit_ship_lag_seconds: { type: "gauge", help: "Age of the oldest audit record that is not in PostgreSQL yet." },
  rampart_database_up: { type: "gauge", help: "1 while PostgreSQL answers." },
  rampart_database_latency_seconds: { type: "gauge", help: "Time of the last statement that PostgreSQL answered." },
  rampart_database_pool_connections: { type: "gauge", help: "Connections to PostgreSQL by state; waiting: callers without one.", labels: ["state"] },
  rampart_database_pool_exhausted_total: { type: "counter", help: "Callers that got no connection in time because all were in use." },
  rampart_database_failures_total: { type: "counter", help: "Statements that PostgreSQL refused or did not answer." },
  rampart_trace_requests_total: { type: "counter", help: "Traced requests, by what became of their spans.", labels: ["result"], only: "with traces" },
};

/** Every family of `/metrics`. */
export const METRICS_CATALOGUE: Readonly<Record<string, CatalogueEntry>> = { ...CORE_CATALOGUE, ...PART_CATALOGUE };
