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
    [OBSERVED.dbPoolPercent]: [["derived.db_pool_percent", 1]],
    [OBSERVED.redisConnections]: [
      ["metrics.redis_pool_connections", 1],
      ["metrics.rampart_redis_pool_connections", 1],
    ],
    [OBSERVED.cacheHits]: [["metrics.cache.hits", 1]],
    [OBSERVED.cacheLookups]: [["metrics.cache.lookups", 1]],
    [OBSERVED.workers]: [
      ["metrics.workers", 1],
      ["metrics.rampart_workers", 1],
    ],
    [OBSERVED.eventsLost]: [["metrics.audit_records_dropped", 1]],
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

/** Figures that have to be computed from others before they are looked for in {@link KNOWN_SERIES}. */
export function derivedFigures(figures: ReadonlyMap<string, number>): Map<string, number> {
  const derived = new Map<string, number>();
  const pool = (state: string) => figures.get(`metrics.database_pool_connections.${state}`);
  const [total, idle, max] = [pool("total"), pool("idle"), pool("max")];
  if (total !== undefined && idle !== undefined && max !== undefined && max > 0)
    derived.set("derived.db_pool_percent", (100 * (total - idle)) / max);
  return derived;
}
