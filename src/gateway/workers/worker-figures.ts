import type { LiveFigures } from "../metrics/live-figures.ts";
import type { WorkerFigures } from "./fleet-figures.ts";

/** What is told about one process by itself. */
export function workerFigures(
  worker: number,
  pid: number,
  state: WorkerFigures["state"],
  live: LiveFigures,
): WorkerFigures {
  return {
    worker,
    pid,
    state,
    uptime_seconds: Math.round(live.uptimeSec),
    cpu_percent: live.cpuPercent,
    memory_bytes: live.rssBytes,
    event_loop_delay_ms: live.eventLoopDelayMs,
    active_requests: live.activeRequests,
    active_connections: live.activeConnections,
  };
}
