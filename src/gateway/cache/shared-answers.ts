import type { EpochClock } from "#shared";
import type { RedisLink } from "../stores/redis-link.ts";
import type { AnswerKey } from "./answer-keys.ts";
import { openAnswer, sealAnswer } from "./answer-seal.ts";
import type { CachedAnswer } from "./cached-answer.ts";

/** Namespace of answers below the configured prefix. */
const KEY_PREFIX = "answer:";

/** Figures of the answers in Redis. */
export interface SharedFigures {
  hits: number;
  misses: number;
  /** Reads that Redis did not answer in time or at all: the request went on without it. */
  failedReads: number;
  failedWrites: number;
  /** What was found and could not be opened. */
  unreadable: number;
}

/** The answers that several gateways share through Redis. Neither reading nor writing ever fails a request. */
export class SharedAnswers {
  readonly figures: SharedFigures = { hits: 0, misses: 0, failedReads: 0, failedWrites: 0, unreadable: 0 };
  private readonly redis: RedisLink;
  private readonly ttlSec: number;
  private readonly epoch: EpochClock;

  constructor(redis: RedisLink, ttlSec: number, epoch: EpochClock) {
    this.redis = redis;
    this.ttlSec = ttlSec;
    this.epoch = epoch;
  }

  /** Whether it is worth asking: while Redis is known to be away nothing waits for it. */
  get isUsable(): boolean {
    return this.redis.isUsable;
  }

  /** The answer, or null; within `redis.commandTimeoutMs`. Never rejects. */
  async find(key: AnswerKey): Promise<CachedAnswer | null> {
    let sealed: unknown;
    try {
      sealed = await this.redis.runForBytes("get", KEY_PREFIX + key.name);
    } catch {
      // The link has counted why.
      this.figures.failedReads += 1;
      return null;
    }
    if (!(sealed instanceof Buffer)) {
      this.figures.misses += 1;
      return null;
    }
    const answer = openAnswer(sealed, key);
    if (answer === null) this.figures.unreadable += 1;
    if (answer === null || this.epoch() - answer.storedAtMs >= this.ttlSec * 1000) {
      this.figures.misses += 1;
      return null;
    }
    this.figures.hits += 1;
    return answer;
  }

  /** Writes an answer in the background. */
  store(key: AnswerKey, answer: CachedAnswer): void {
    this.redis.run("set", KEY_PREFIX + key.name, sealAnswer(answer, key), "ex", this.ttlSec).catch(() => {
      this.figures.failedWrites += 1;
    });
  }
}
