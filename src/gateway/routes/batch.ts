import { RampartError } from "#shared";
import type { Exchange } from "../exchange.ts";

/** Facts every detection answer ends with. */
export interface AnswerFacts {
  readonly processing_time_ms: number;
  readonly timestamp: string;
  readonly request_id: string;
}

/** Time since `startedMs`, wall-clock time and id of an answer. */
export function answerFacts(exchange: Exchange, startedMs: number): AnswerFacts {
  const { clock, epoch } = exchange.context;
  return {
    processing_time_ms: Math.round((clock() - startedMs) * 1000) / 1000,
    timestamp: new Date(epoch()).toISOString(),
    request_id: exchange.requestId,
  };
}

/**
 * Answers one text or a batch with the same function.
 * @param texts the batch, when the body has one
 * @param text the single text
 * @param field its name, for the error when both are missing
 * @throws RMP_REQ_INVALID
 */
export function answerTexts<T extends object>(
  exchange: Exchange,
  texts: readonly string[] | undefined,
  text: string | undefined,
  field: string,
  describe: (text: string) => T,
): (T & AnswerFacts) | ({ readonly results: readonly T[]; readonly total: number } & AnswerFacts) {
  const startedMs = exchange.context.clock();
  if (texts !== undefined) {
    checkBatch(exchange, texts, `${field}s`);
    const results = texts.map(describe);
    return { results, total: results.length, ...answerFacts(exchange, startedMs) };
  }
  if (text === undefined) throw new RampartError("RMP_REQ_INVALID", `${field}: is required`, { field });
  return { ...describe(text), ...answerFacts(exchange, startedMs) };
}

/** @throws RMP_REQ_INVALID when a batch exceeds its bound */
export function checkBatch(exchange: Exchange, items: readonly unknown[], field: string): void {
  const { batchTexts } = exchange.context.config.bounds;
  if (items.length > batchTexts)
    throw new RampartError("RMP_REQ_INVALID", `${field}: at most ${batchTexts} entries`, { field });
}
