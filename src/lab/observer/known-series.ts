import { OBSERVED } from "../verdict/observed.ts";

/**
 * Where the series that targets are judged by come from: names in `/metrics` (JSON of ours and of both documents'
 * systems, or Prometheus) and `/health`, best first, with the factor to the series' unit.
 */
export const KNOWN_SERIES: Readonly<Record<string, readonly (readonly [source: string, factor: number])[]>> =
  {
    [OBSERVED.cpuPercent]: [
      ["metrics.cpu_percent", 1],
      ["metrics.rampart_process_cpu_percent", 1],
      ["health.system.cpu_percent", 1],
      ["process.cpu_percent", 1],
    ],
    [OBSERVED.memoryBytes]: [
      ["metrics.memory_bytes", 1],
      ["metrics.rampart_process_resident_memory_bytes", 1],
      ["metrics.process_resident_memory_bytes", 1],
      ["health.system.rss_bytes", 1],
      ["process.memory_bytes", 1],
    ],
    [OBSERVED.memoryPercent]: [
      ["process.memory_percent", 1],
      ["health.system.memory_percent", 1],
    ],
    [OBSERVED.dbPoolPercent]: [["metrics.database.pool_percent", 1]],
    [OBSERVED.redisConnections]: [
      ["metrics.redis.connections", 1],
      ["metrics.rampart_redis_connections", 1],
    ],
    [OBSERVED.cacheHits]: [
      ["metrics.cache.hits", 1],
      ["metrics.rampart_cache_hits_total", 1],
    ],
    [OBSERVED.cacheLookups]: [
      ["metrics.cache.lookups", 1],
      ["metrics.rampart_cache_lookups_total", 1],
    ],
    [OBSERVED.workers]: [
      ["metrics.workers", 1],
      ["metrics.rampart_workers", 1],
    ],
    [OBSERVED.eventsLost]: [
      ["metrics.audit.lost", 1],
      ["metrics.rampart_audit_events_lost_total", 1],
    ],
    active_connections: [
      ["metrics.active_connections", 1],
      ["metrics.rampart_client_connections", 1],
    ],
    active_requests: [
      ["metrics.active_requests", 1],
      ["metrics.rampart_active_requests", 1],
    ],
    queue_depth: [
      ["metrics.upstream_queued", 1],
      ["metrics.rampart_upstream_queued_requests", 1],
    ],
    event_loop_delay_ms: [
      ["metrics.event_loop_delay_ms", 1],
      ["metrics.rampart_event_loop_delay_seconds", 1000],
    ],
    open_files: [["process.open_files", 1]],
  };
