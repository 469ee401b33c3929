import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";

/** `GET /status` and `/status/health`: one word for the whole, one for each part and each process. */
export async function status(exchange: Exchange): Promise<void> {
  const { context } = exchange;
  const { fleet } = await context.fleet.collect();
  const overall = context.isDraining ? "draining" : "operational";
  answerJson(exchange, {
    overall_status: overall,
    status: context.isDraining ? "unhealthy" : "healthy",
    components: {
      gateway: { status: overall },
      pii_protection: { status: "operational" },
      prompt_injection: {
        status: context.guard.policy.injection.action === "off" ? "disabled" : "operational",
      },
      stores: { status: "operational", kind: "embedded" },
    },
    workers: fleet.workers,
    worker_restarts: fleet.restarts,
    configuration: {
      version: fleet.configurationVersion,
      reloads: { ok: fleet.reloadsAccepted, refused: fleet.reloadsRefused },
      last_reload: fleet.lastReload,
    },
    version: context.version,
    timestamp: new Date(context.epoch()).toISOString(),
  });
}
