import { LRUCache } from "lru-cache";
import type { CacheConfig } from "#contract";
import type { Finding, Guard, InjectionResult } from "#detect";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import { digestOf, TextDigests } from "./text-digests.ts";

/** Estimated memory of an entry without findings: name, list node, object. */
const ENTRY_BYTES = 250;
/** Estimated memory of one finding or one segment of an injection. */
const FINDING_BYTES = 150;
/** Texts with more findings are not remembered. */
const MAX_FINDINGS = 64;
/** Judgements with more segments are not remembered: most texts have none, and those that have many are attacks. */
const MAX_SEGMENTS = 4;

/** What is known about a text. Offsets, types and scores; never the text. Shared by requests: not to be changed. */
export interface InspectedText {
  readonly findings: readonly Finding[];
  /** Null until somebody asks for it. */
  injection: InjectionResult | null;
}

/**
 * Remembers what the guard found in texts, so that a conversation that grows is only inspected where it is new, and a system
 * prompt or a tool definition once. A guard's findings depend on the text alone, so an entry never gets old; it belongs to one
 * tenant and one guard. Bounded in entries and bytes.
 */
export class DetectionCache implements MetricsSource {
  private readonly entries: LRUCache<string, InspectedText>;
  private readonly digests = new TextDigests();
  private readonly config: CacheConfig["detection"];
  private hits = 0;
  private misses = 0;
  private evictions = 0;

  constructor(config: CacheConfig["detection"]) {
    this.config = config;
    this.entries = new LRUCache({
      max: config.entries,
      maxSize: config.bytes,
      disposeAfter: (_entry, _name, reason) => {
        if (reason === "evict") this.evictions += 1;
      },
    });
  }

  /**
   * What the guard finds in each text, parallel to the texts; undefined for those too short to be remembered, which are left
   * to the caller. Throws what the guard throws.
   */
  inspectAll(guard: Guard, tenant: string, texts: readonly string[]): (InspectedText | undefined)[] {
    const { minCharacters } = this.config;
    const state = this.digests.stateOf(guard, tenant);
    const known: (InspectedText | undefined)[] = [];
    for (const text of texts) {
      if (text.length < minCharacters) {
        known.push(undefined);
        continue;
      }
      const name = digestOf(state, text);
      let entry = name === null ? undefined : this.entries.get(name);
      if (entry === undefined) {
        this.misses += 1;
        entry = { findings: guard.inspect(text), injection: null };
        if (name !== null && entry.findings.length <= MAX_FINDINGS)
          this.entries.set(name, entry, { size: ENTRY_BYTES + FINDING_BYTES * (entry.findings.length + 2) });
      } else this.hits += 1;
      known.push(entry);
    }
    return known;
  }

  /** How the guard judges a text for injection, remembered in its entry. Throws what the guard throws. */
  judge(guard: Guard, entry: InspectedText, text: string): InjectionResult {
    if (entry.injection !== null) return entry.injection;
    const result = guard.detectInjection(text);
    if (result.segments.length <= MAX_SEGMENTS) entry.injection = result;
    return result;
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "rampart_detection_cache_lookups_total",
        type: "counter",
        help: "Texts looked up in the detection cache, by result.",
        samples: [
          { value: this.hits, labels: { result: "hit" } },
          { value: this.misses, labels: { result: "miss" } },
        ],
      },
      {
        name: "rampart_detection_cache_entries",
        type: "gauge",
        help: "Texts whose findings are remembered.",
        samples: [{ value: this.entries.size }],
      },
      {
        name: "rampart_detection_cache_bytes",
        type: "gauge",
        help: "Estimated memory of the detection cache.",
        samples: [{ value: this.entries.calculatedSize }],
      },
      {
        name: "rampart_detection_cache_evictions_total",
        type: "counter",
        help: "Texts forgotten because the detection cache was full.",
        samples: [{ value: this.evictions }],
      },
    ];
  }
}
