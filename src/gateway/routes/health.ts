import type { Exchange, GatewayContext } from "../exchange.ts";
import { answerJson, answerText } from "./answer-json.ts";
import { liveFigures } from "./live-figures.ts";

/** A service that the seeds' health answers name and this gateway does not use: nothing to ping, so no latency. */
const NOT_USED = { healthy: null, latency_ms: null, kind: "not used" } as const;

/** `GET /health`: healthy or not, with the fields of both seeds' health answers. No key, path or host is told. */
export function health(exchange: Exchange): void {
  const { context, startedMs } = exchange;
  answerJson(exchange, healthBody(context, startedMs), context.isDraining ? 503 : 200);
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
export function metrics(exchange: Exchange): void {
  const { context, request } = exchange;
  const accept = request.headers.accept ?? "";
  const live = liveFigures(context);
  if (/text\/plain|openmetrics/i.test(accept) && !/^application\/json/i.test(accept))
    answerText(exchange, context.metrics.toPrometheus(live), "text/plain; version=0.0.4; charset=utf-8");
  else answerJson(exchange, context.metrics.toJson(live));
}

function healthBody(context: GatewayContext, startedMs: number): Record<string, unknown> {
  const figures = context.system.figures();
  const { injection } = context.guard.policy;
  const audit = context.audit.figures();
  const isDegraded = audit.state !== "off" && audit.state !== "healthy" && audit.state !== "starting";
  return {
    status: context.isDraining ? "unhealthy" : isDegraded ? "degraded" : "healthy",
    version: context.version,
    timestamp: now(context),
    // no name of a deployment environment is configured
    environment: null,
    uptime_seconds: Math.round(liveFigures(context).uptimeSec * 1000) / 1000,
    response_time_ms: Math.round((context.clock() - startedMs) * 1000) / 1000,
    system: {
      cpu_percent: figures.cpuPercent,
      memory_percent: figures.memoryPercent,
      memory_available_gb: figures.memoryAvailableGb,
      disk_percent: figures.diskPercent,
      disk_free_gb: figures.diskFreeGb,
      rss_bytes: figures.rssBytes,
      event_loop_delay_ms: figures.eventLoopDelayMs,
    },
    services: { database: NOT_USED, redis: NOT_USED },
    stores: { sessions: "memory", limits: "none", audit: audit.state === "off" ? "none" : "disk" },
    components: {
      gateway: "healthy",
      pii_protection: "healthy",
      prompt_injection: injection.action === "off" ? "disabled" : "healthy",
      audit: audit.state === "off" ? "disabled" : audit.state,
    },
    features: {
      pii_protection: true,
      prompt_injection: injection.action !== "off",
      streaming_restore: true,
      rate_limiting: false,
      response_cache: false,
    },
    system_info: {
      model: "rampart-local",
      statistical_model: "rampart-local",
      ensemble_weights: null,
      uncertainty_threshold: injection.threshold,
      realtime_monitoring: { available: true, active: context.monitorFigures().connections > 0 },
      mlflow_available: false,
    },
    policy: context.guard.policy.name,
  };
}

function now(context: GatewayContext): string {
  return new Date(context.epoch()).toISOString();
}
