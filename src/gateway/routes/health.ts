import type { AuditCopyState } from "../audit/figures.ts";
import type { Exchange, GatewayContext } from "../exchange.ts";
import { metricsToJson } from "../metrics/json-form.ts";
import { toThreeDigits } from "../metrics/quantiles.ts";
import { metricsToText } from "../metrics/text-form.ts";
import type { RedisLink } from "../stores/redis-link.ts";
import type { Collected } from "../workers/fleet.ts";
import { answerJson, answerText } from "./answer-json.ts";

/** A service that the seeds' health answers name and this gateway does not use: nothing to ping, so no latency. */
const NOT_USED = { healthy: null, latency_ms: null, kind: "not used" } as const;

/**
 * `GET /health`: healthy or not, of all processes together, with the fields of both seeds' health answers. No key, path or
 * host is told.
 */
export async function health(exchange: Exchange): Promise<void> {
  const { context } = exchange;
  const collected = await context.fleet.collect();
  answerJson(exchange, healthBody(exchange, collected), context.isDraining ? 503 : 200);
}

/** `GET /live`: the process answers. */
export function live(exchange: Exchange): void {
  answerJson(exchange, { status: "alive", timestamp: now(exchange.context) });
}

/** `GET /ready`: 200 while requests are taken, 503 from the start of shutdown. */
export function ready(exchange: Exchange): void {
  const isReady = !exchange.context.isDraining;
  answerJson(
    exchange,
    { status: isReady ? "ready" : "draining", timestamp: now(exchange.context) },
    isReady ? 200 : 503,
  );
}

/** `GET /metrics`: JSON, or Prometheus' text when the Accept header asks for plain text or OpenMetrics. */
export async function metrics(exchange: Exchange): Promise<void> {
  const { context, request } = exchange;
  const accept = request.headers.accept ?? "";
  const { snapshot, fleet } = await context.fleet.collect();
  if (/text\/plain|openmetrics/i.test(accept) && !/^application\/json/i.test(accept))
    answerText(
      exchange,
      metricsToText(snapshot, fleet, context.version),
      "text/plain; version=0.0.4; charset=utf-8",
    );
  else answerJson(exchange, metricsToJson(snapshot, fleet, context.version));
}

function healthBody(exchange: Exchange, { snapshot, fleet }: Collected): Record<string, unknown> {
  const { context, startedMs } = exchange;
  const { live } = snapshot;
  const figures = context.system.figures();
  const { injection } = context.guard.policy;
  const { audit } = live;
  const silent = fleet.workers.filter(({ state }) => state === "silent").length;
  const copy = context.audit.copy();
  const isDegraded =
    (audit.state !== "off" && audit.state !== "healthy" && audit.state !== "starting") ||
    copy?.state === "failing" ||
    context.redis?.state === "degraded" ||
    context.redis?.state === "down" ||
    silent > 0;
  return {
    status: context.isDraining ? "unhealthy" : isDegraded ? "degraded" : "healthy",
    version: context.version,
    timestamp: now(context),
    // no name of a deployment environment is configured
    environment: null,
    uptime_seconds: toThreeDigits(live.uptimeSec),
    response_time_ms: toThreeDigits(context.clock() - startedMs),
    system: {
      cpu_percent: live.cpuPercent,
      memory_percent: figures.memoryPercent,
      memory_available_gb: figures.memoryAvailableGb,
      disk_percent: figures.diskPercent,
      disk_free_gb: figures.diskFreeGb,
      rss_bytes: live.rssBytes,
      event_loop_delay_ms: live.eventLoopDelayMs,
    },
    workers: { running: fleet.workers.length - silent, silent },
    configuration: { version: fleet.configurationVersion, last_reload: fleet.lastReload },
    services: { database: databaseService(copy), redis: redisService(context.redis) },
    stores: {
      sessions: "memory",
      limits: context.limits === null ? "none" : context.limits.mode,
      audit: audit.state === "off" ? "none" : copy === null ? "disk" : "disk, copied to PostgreSQL",
    },
    components: {
      gateway: "healthy",
      pii_protection: "healthy",
      prompt_injection: injection.action === "off" ? "disabled" : "healthy",
      audit: audit.state === "off" ? "disabled" : audit.state,
      audit_copy: copy === null ? "disabled" : copy.state,
    },
    features: {
      pii_protection: true,
      prompt_injection: injection.action !== "off",
      streaming_restore: true,
      rate_limiting: context.limits !== null,
      response_cache: context.config.cache.responses !== "off",
    },
    system_info: {
      model: "rampart-local",
      statistical_model: "rampart-local",
      ensemble_weights: null,
      uncertainty_threshold: injection.threshold,
      realtime_monitoring: {
        available: true,
        active: live.monitor.connections > 0,
        // what a monitor sees: this gateway's own requests, or those of every instance on the same Redis
        scope: context.redis?.state === "healthy" ? "instances" : "gateway",
      },
      mlflow_available: false,
    },
    policy: context.guard.policy.name,
  };
}

/** As of the last statement: a probe does not wait for PostgreSQL. */
function databaseService(copy: AuditCopyState | null): object {
  if (copy === null) return NOT_USED;
  const { isHealthy, latencyMs, connections, idle, waiting, maxConnections } = copy.database;
  return {
    healthy: isHealthy,
    latency_ms: latencyMs === null ? null : toThreeDigits(latencyMs),
    kind: "postgresql",
    pool: { total: connections, idle, waiting, max: maxConnections },
  };
}

/** As of the last command: a probe does not wait for Redis. */
function redisService(link: RedisLink | null): object {
  if (link === null) return NOT_USED;
  const { state, latencyMs } = link;
  return {
    healthy: state === "healthy",
    latency_ms: latencyMs === null ? null : toThreeDigits(latencyMs),
    kind: "redis",
    state,
  };
}

function now(context: GatewayContext): string {
  return new Date(context.epoch()).toISOString();
}
