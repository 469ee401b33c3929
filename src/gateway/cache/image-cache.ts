import { createHmac } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Guard, ImageAssessment, ImageDetector } from "#detect";
import { randomHex } from "#shared";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";

/** What a reader of pictures that failed leaves behind: the next time it may succeed. */
const FAILED = "the reader failed";

/**
 * Remembers what was found in pictures, by their bytes and description: text recognition takes a second, a digest a millisecond.
 * Entries are scores, types and offsets; a picture whose own field names hold personal data is not remembered.
 */
export class ImageCache implements MetricsSource {
  private readonly entries: LRUCache<string, ImageAssessment>;
  /** Pictures that are being looked at. */
  private readonly underWay = new Map<string, Promise<ImageAssessment>>();
  private readonly key = Buffer.from(randomHex(32), "hex");
  private hits = 0;
  private misses = 0;

  /** @param max most pictures remembered, at least 1 */
  constructor(max: number) {
    this.entries = new LRUCache({ max });
  }

  /** The same detector, with a memory. `guard`: what its findings depend on. */
  remembering(detector: ImageDetector, guard: Guard): ImageDetector {
    // A guard of another configuration finds other things.
    const generation = randomHex(8);
    return {
      assess: (image, description) => {
        const name = createHmac("sha256", this.key)
          .update(
            `${generation}${description === undefined ? "-" : `${description.length}:${description}`}\0`,
          )
          .update(image)
          .digest("base64");
        const known = this.entries.get(name);
        const current = known === undefined ? this.underWay.get(name) : Promise.resolve(known);
        if (current !== undefined) {
          this.hits += 1;
          return current;
        }
        this.misses += 1;
        const assessment = this.assess(detector, guard, name, image, description);
        this.underWay.set(name, assessment);
        return assessment;
      },
    };
  }

  private async assess(
    detector: ImageDetector,
    guard: Guard,
    name: string,
    image: Uint8Array,
    description: string | undefined,
  ): Promise<ImageAssessment> {
    try {
      const result = await detector.assess(image, description);
      if (mayBeKept(result, guard)) this.entries.set(name, result);
      return result;
    } finally {
      this.underWay.delete(name);
    }
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "rampart_image_cache_lookups_total",
        type: "counter",
        help: "Pictures looked up in the detection cache, by result.",
        samples: [
          { value: this.hits, labels: { result: "hit" } },
          { value: this.misses, labels: { result: "miss" } },
        ],
      },
      {
        name: "rampart_image_cache_entries",
        type: "gauge",
        help: "Pictures whose assessment is remembered.",
        samples: [{ value: this.entries.size }],
      },
    ];
  }
}

/** Names of metadata fields are the only words of a picture in its assessment. */
function mayBeKept({ texts, notAssessed }: ImageAssessment, guard: Guard): boolean {
  if (notAssessed.some(({ reason }) => reason === FAILED)) return false;
  return texts.every(({ origin }) => guard.inspect(origin.replace("metadata:", "")).length === 0);
}
