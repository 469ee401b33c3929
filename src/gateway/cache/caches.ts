import type { CacheConfig } from "#contract";
import type { EpochClock, MonotonicClock } from "#shared";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import type { RedisLink } from "../stores/redis-link.ts";
import { DetectionCache } from "./detection-cache.ts";
import { ImageCache } from "./image-cache.ts";
import { ResponseCache } from "./response-cache.ts";

/** Everything a gateway process remembers of requests and answers; outlives a change of the configuration. */
export class Caches implements MetricsSource {
  /** What the guards found in texts; null when nothing is remembered. */
  readonly detection: DetectionCache | null;
  /** What was found in pictures; null when nothing is remembered. */
  readonly images: ImageCache | null;
  readonly responses: ResponseCache;

  constructor(config: CacheConfig, redis: RedisLink | null, clock: MonotonicClock, epoch: EpochClock) {
    const { detection } = config;
    this.detection = detection.enabled ? new DetectionCache(detection) : null;
    this.images = detection.enabled && detection.images > 0 ? new ImageCache(detection.images) : null;
    this.responses = new ResponseCache({ config, clock, epoch, redis, detection: this.detection });
  }

  families(): readonly MetricFamily[] {
    const { detection, images, responses } = this;
    return [...(detection?.families() ?? []), ...(images?.families() ?? []), ...responses.families()];
  }
}
