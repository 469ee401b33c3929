import { LRUCache } from "lru-cache";
import type { CacheConfig } from "#contract";
import type { EpochClock, MonotonicClock } from "#shared";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import type { RedisLink } from "../stores/redis-link.ts";
import { type AnswerKey, AnswerKeys } from "./answer-keys.ts";
import { textsOfAnswer } from "./answer-texts.ts";
import { type CachedAnswer, ENTRY_OVERHEAD_BYTES, keptHeaders } from "./cached-answer.ts";
import type { DetectionCache } from "./detection-cache.ts";
import { Flight, type FlightOrigin, type FlightOwner } from "./flight.ts";
import { noResponseFigures, type Refusal, responseFamilies } from "./response-figures.ts";
import { SharedAnswers } from "./shared-answers.ts";

/** What the response cache is made of. */
export interface ResponseCacheOptions {
  readonly config: CacheConfig;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Null without Redis. */
  readonly redis: RedisLink | null;
  /** Remembers what was found in answers: they come back as turns of their conversations. */
  readonly detection: DetectionCache | null;
}

/**
 * The answers of providers, as they came, for further equal requests of the same tenant: in memory, in Redis where it is
 * configured, and under way. What holds personal data is not kept.
 */
export class ResponseCache implements FlightOwner, MetricsSource {
  readonly keys: AnswerKeys;
  /** Null without Redis. */
  readonly shared: SharedAnswers | null;
  private readonly options: ResponseCacheOptions;
  private readonly memory: LRUCache<string, CachedAnswer> | null;
  private readonly flights = new Map<string, Flight>();
  private readonly figures = noResponseFigures();

  constructor(options: ResponseCacheOptions) {
    const { config, clock, epoch, redis } = options;
    this.options = options;
    this.keys = new AnswerKeys(config.secret ?? "");
    this.shared = redis === null || !config.redis ? null : new SharedAnswers(redis, config.ttlSec, epoch);
    this.memory =
      config.bytes === 0
        ? null
        : new LRUCache({
            maxSize: config.bytes,
            ttl: config.ttlSec * 1000,
            sizeCalculation: ({ body }) => body.length + ENTRY_OVERHEAD_BYTES,
            disposeAfter: (_answer, _name, reason) => {
              if (reason === "evict") this.figures.evictions += 1;
            },
            // The cache treats 0 as "no start time"; the monotonic clock may begin there.
            perf: { now: () => clock() + 1 },
          });
  }

  /** The answer in memory. */
  find({ name }: AnswerKey): CachedAnswer | undefined {
    const answer = this.memory?.get(name);
    if (answer === undefined) this.figures.memoryMisses += 1;
    else this.figures.memoryHits += 1;
    return answer;
  }

  /** The upstream call for an equal request that is under way. */
  flightOf({ name }: AnswerKey): Flight | undefined {
    const flight = this.flights.get(name);
    if (flight !== undefined) this.figures.joined += 1;
    return flight;
  }

  /** Begins an upstream call that others may share; one that is under way for the same key is shared no more. */
  begin(key: AnswerKey, origin: FlightOrigin): Flight {
    const flight = new Flight(key, origin, this, this.options.config.entryBytes);
    this.flights.set(key.name, flight);
    return flight;
  }

  /** Puts an answer from Redis into memory for the rest of its time. */
  remember({ name }: AnswerKey, answer: CachedAnswer): void {
    const { config, epoch } = this.options;
    const ttl = config.ttlSec * 1000 - Math.max(0, epoch() - answer.storedAtMs);
    if (ttl > 0) this.memory?.set(name, answer, { ttl });
  }

  closed(flight: Flight): void {
    if (this.flights.get(flight.key.name) === flight) this.flights.delete(flight.key.name);
  }

  landed(flight: Flight): void {
    if (flight.isOversized) {
      this.figures.refused.too_large += 1;
      return;
    }
    // After the clients have their answer.
    setImmediate(() => this.keep(flight));
  }

  families(): readonly MetricFamily[] {
    const { memory, flights, shared } = this;
    const now = {
      entries: memory?.size ?? 0,
      bytes: memory?.calculatedSize ?? 0,
      flights: flights.size,
    };
    return responseFamilies(this.figures, now, shared?.figures ?? null);
  }

  private keep({ key, origin, head, chunks }: Flight): void {
    if (head === null) return;
    const body = copyOf(chunks);
    const texts = textsOfAnswer(body, head.isEventStream, origin.endpoint);
    const refusal = texts === null ? "incomplete" : this.objection(texts, origin);
    if (texts === null || refusal !== null) {
      this.figures.refused[refusal ?? "incomplete"] += 1;
      return;
    }
    const answer: CachedAnswer = {
      headers: keptHeaders(head.headers),
      body,
      isEventStream: head.isEventStream,
      // Every placeholder begins with a bracket.
      mayHoldPlaceholders: texts.some((text) => text.includes("[")),
      storedAtMs: this.options.epoch(),
    };
    this.figures.stored += 1;
    this.memory?.set(key.name, answer);
    this.shared?.store(key, answer);
  }

  /** What stands against keeping these texts: data that the policy takes out of requests. */
  private objection(texts: readonly string[], { guard, tenant }: FlightOrigin): Refusal | null {
    const { detection } = this.options;
    try {
      const known = detection?.inspectAll(guard, tenant, texts);
      for (let i = 0; i < texts.length; i += 1)
        for (const { type } of known?.[i]?.findings ?? guard.inspect(texts[i]!))
          if (guard.policy.entities[type]?.operator !== "keep") return "personal_data";
      return null;
    } catch {
      // A guard that cannot look has not seen that there is nothing.
      return "guard_failed";
    }
  }
}

/** The bytes in memory of their own: a piece of a network buffer would keep all of it. */
function copyOf(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.allocUnsafeSlow(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(body, at);
  return body;
}
