import type { AuditFigures } from "../audit/figures.ts";
import type { MonitorFigures } from "../monitor/figures.ts";

/** Figures of one process that are not counted but looked at when metrics are asked for. */
export interface LiveFigures {
  readonly uptimeSec: number;
  /** Requests finished a second, over the last seconds. */
  readonly requestsPerSec: number;
  readonly activeRequests: number;
  readonly activeConnections: number;
  readonly upstreamQueued: number;
  readonly sessions: number;
  /** In % of one core. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly eventLoopDelayMs: number;
  readonly monitor: MonitorFigures;
  readonly audit: AuditFigures;
}

/** The worst state first. */
const AUDIT_STATES: readonly AuditFigures["state"][] = [
  "failed",
  "stalled",
  "full",
  "starting",
  "healthy",
  "off",
];

/** Several processes as one: sums, but the oldest start, the worst event-loop delay and the worst state of the log. */
export function mergeLive(list: readonly LiveFigures[]): LiveFigures {
  const sum = (pick: (live: LiveFigures) => number): number =>
    list.reduce((total, live) => total + pick(live), 0);
  const most = (pick: (live: LiveFigures) => number): number => Math.max(0, ...list.map(pick));
  return {
    uptimeSec: most((live) => live.uptimeSec),
    requestsPerSec: sum((live) => live.requestsPerSec),
    activeRequests: sum((live) => live.activeRequests),
    activeConnections: sum((live) => live.activeConnections),
    upstreamQueued: sum((live) => live.upstreamQueued),
    sessions: sum((live) => live.sessions),
    cpuPercent: sum((live) => live.cpuPercent),
    rssBytes: sum((live) => live.rssBytes),
    heapUsedBytes: sum((live) => live.heapUsedBytes),
    eventLoopDelayMs: most((live) => live.eventLoopDelayMs),
    monitor: {
      connections: sum(({ monitor }) => monitor.connections),
      eventsSent: sum(({ monitor }) => monitor.eventsSent),
      eventsSkipped: sum(({ monitor }) => monitor.eventsSkipped),
      slowReadersCut: sum(({ monitor }) => monitor.slowReadersCut),
      connectionsLost: sum(({ monitor }) => monitor.connectionsLost),
    },
    audit: {
      state: AUDIT_STATES.find((state) => list.some(({ audit }) => audit.state === state)) ?? "off",
      written: sum(({ audit }) => audit.written),
      dropped: sum(({ audit }) => audit.dropped),
      queued: sum(({ audit }) => audit.queued),
      failures: sum(({ audit }) => audit.failures),
      lagMs: most(({ audit }) => audit.lagMs),
    },
  };
}
