import type { GatewayContext } from "../exchange.ts";
import type { LiveFigures } from "../metrics/gateway-metrics.ts";

/** Reads the figures that are not counted but looked at. */
export function liveFigures(context: GatewayContext): LiveFigures {
  const { cpuPercent, rssBytes, heapUsedBytes, eventLoopDelayMs } = context.system.figures();
  return {
    uptimeSec: (context.clock() - context.startedMs) / 1000,
    activeRequests: context.active.size,
    activeConnections: context.connections.size,
    upstreamQueued: context.upstreams.openai.queued() + context.upstreams.anthropic.queued(),
    sessions: context.sessions.size,
    cpuPercent,
    rssBytes,
    heapUsedBytes,
    eventLoopDelayMs,
    monitor: context.monitorFigures(),
    audit: context.audit.figures(),
    version: context.version,
    families: context.metricsSources.flatMap((source) => source.families()),
  };
}
