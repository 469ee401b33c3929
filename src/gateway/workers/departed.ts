import type { MetricsSnapshot } from "../metrics/snapshot.ts";

/** What stays of a process that has ended: its counts, so that no counter of the gateway falls, but nothing it held. */
export function departed({ core, live, families }: MetricsSnapshot): MetricsSnapshot {
  return {
    core,
    live: {
      ...live,
      uptimeSec: 0,
      requestsPerSec: 0,
      activeRequests: 0,
      activeConnections: 0,
      upstreamQueued: 0,
      sessions: 0,
      cpuPercent: 0,
      rssBytes: 0,
      heapUsedBytes: 0,
      eventLoopDelayMs: 0,
      monitor: { ...live.monitor, connections: 0 },
      audit: { ...live.audit, state: "off", queued: 0, lagMs: 0 },
    },
    families: families.filter(({ type }) => type !== "gauge"),
  };
}
