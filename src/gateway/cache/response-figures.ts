import type { MetricFamily } from "../metrics/family.ts";
import type { SharedFigures } from "./shared-answers.ts";

/** Why an answer was not kept. */
export type Refusal = "incomplete" | "personal_data" | "too_large" | "guard_failed";

/** What the response cache counts. */
export interface ResponseFigures {
  memoryHits: number;
  memoryMisses: number;
  /** Requests that waited for the answer to an equal one. */
  joined: number;
  stored: number;
  readonly refused: Record<Refusal, number>;
  evictions: number;
}

/** Nothing counted yet. */
export function noResponseFigures(): ResponseFigures {
  return {
    memoryHits: 0,
    memoryMisses: 0,
    joined: 0,
    stored: 0,
    refused: { incomplete: 0, personal_data: 0, too_large: 0, guard_failed: 0 },
    evictions: 0,
  };
}

/** The figures as metrics. */
export function responseFamilies(
  figures: ResponseFigures,
  now: { readonly entries: number; readonly bytes: number; readonly flights: number },
  shared: SharedFigures | null,
): MetricFamily[] {
  const lookup = (level: string, result: string, value: number) => ({ value, labels: { level, result } });
  const lookups = [
    lookup("memory", "hit", figures.memoryHits),
    lookup("memory", "miss", figures.memoryMisses),
  ];
  if (shared !== null)
    lookups.push(
      lookup("redis", "hit", shared.hits),
      lookup("redis", "miss", shared.misses),
      lookup("redis", "failed", shared.failedReads),
    );
  return [
    {
      name: "rampart_response_cache_lookups_total",
      type: "counter",
      help: "Answers looked up in the response cache, by level and result.",
      samples: lookups,
    },
    counter("joined", "Requests that shared the upstream call of an equal one.", figures.joined),
    counter("stored", "Answers kept for further requests.", figures.stored),
    {
      name: "rampart_response_cache_refused_total",
      type: "counter",
      help: "Answers that were not kept, by reason.",
      samples: Object.entries(figures.refused).map(([reason, value]) => ({ value, labels: { reason } })),
    },
    counter("evictions", "Answers forgotten because the cache in memory was full.", figures.evictions),
    counter("write_failures", "Answers that Redis did not take.", shared?.failedWrites ?? 0),
    counter("unreadable", "Answers in Redis that could not be decrypted.", shared?.unreadable ?? 0),
    gauge("entries", "Answers kept in memory.", now.entries),
    gauge("bytes", "Estimated memory of the answers kept.", now.bytes),
    gauge("flights", "Upstream calls that further equal requests can share.", now.flights),
  ];
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name: `rampart_response_cache_${name}_total`, type: "counter", help, samples: [{ value }] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name: `rampart_response_cache_${name}`, type: "gauge", help, samples: [{ value }] };
}
