import type { GatewayConfig } from "#contract";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import { DetectionCache } from "./detection-cache.ts";

/** Everything a gateway process remembers of requests; outlives a change of the configuration. */
export class Caches implements MetricsSource {
  /** What the guards found in texts; null when nothing is remembered. */
  readonly detection: DetectionCache | null;

  constructor(config: GatewayConfig["cache"]) {
    this.detection = config.detection.enabled ? new DetectionCache(config.detection) : null;
  }

  families(): readonly MetricFamily[] {
    return this.detection?.families() ?? [];
  }
}
