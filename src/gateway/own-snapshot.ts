import type { GatewayContext } from "./exchange.ts";
import type { LiveFigures } from "./metrics/live-figures.ts";
import type { MetricsSnapshot } from "./metrics/snapshot.ts";

/** All figures of this process. */
export function ownSnapshot(context: GatewayContext): MetricsSnapshot {
  return {
    core: context.metrics.snapshot(),
    live: liveFigures(context),
    families: context.metricsSources.flatMap((source) => source.families()),
  };
}

function liveFigures(context: GatewayContext): LiveFigures {
  const { cpuPercent, rssBytes, heapUsedBytes, eventLoopDelayMs } = context.system.figures();
  return {
    uptimeSec: (context.clock() - context.startedMs) / 1000,
    requestsPerSec: context.requestRate.perSec(),
    activeRequests: context.active.size,
    activeConnections: context.connections.size + context.monitorFigures().connections,
    upstreamQueued: context.upstreams.openai.queued() + context.upstreams.anthropic.queued(),
    sessions: context.sessions.size,
    cpuPercent,
    rssBytes,
    heapUsedBytes,
    eventLoopDelayMs,
    monitor: context.monitorFigures(),
    audit: context.audit.figures(),
  };
}
