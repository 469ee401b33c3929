import type { RestoreChannel } from "#detect";
import type { Endpoint } from "../providers/endpoints.ts";
import { FREE, type Shape } from "../providers/shape.ts";
import { asObject, type EventBody, type PieceKind, type PieceSink } from "../stream/adapter.ts";
import { parseEvent, SseFramer } from "../stream/sse-framer.ts";

/** Deepest nesting of an answer that is read; deeper ones are not kept. */
const MAX_DEPTH = 128;

/**
 * Every text of a complete answer, by the tables by which answers are restored: what streams in pieces is put together.
 * Linear in the answer.
 * @returns null when the answer is not complete, holds an error, or cannot be read as the provider's tables say
 */
export function textsOfAnswer(body: Buffer, isEventStream: boolean, endpoint: Endpoint): string[] | null {
  const texts = new AnswerTexts();
  try {
    const isComplete = isEventStream
      ? texts.readStream(body, endpoint)
      : texts.readPlain(JSON.parse(body.toString("utf8")), endpoint.answer);
    return isComplete ? texts.all() : null;
  } catch {
    // Not JSON, or nested too deep: there is no telling what it holds.
    return null;
  }
}

class AnswerTexts implements PieceSink {
  private readonly whole_: string[] = [];
  private readonly pieces = new Map<string, string>();

  all(): string[] {
    return [...this.whole_, ...this.pieces.values()];
  }

  readPlain(answer: unknown, shape: Shape): boolean {
    if (!isFinished(asObject(answer))) return false;
    this.value(answer, shape, 0);
    return true;
  }

  readStream(body: Buffer, { stream, cache }: Endpoint): boolean {
    if (stream === undefined || cache?.lastEvent === undefined) return false;
    const framer = new SseFramer(body.length + 1);
    let last = "";
    for (const raw of framer.push(body)) {
      const { data } = parseEvent(raw);
      if (data === null || data === "") continue;
      last = data;
      const event = data.charCodeAt(0) === 123 ? asObject(JSON.parse(data)) : undefined;
      if (event === undefined) {
        this.whole(data);
        continue;
      }
      if (!isErrorFree(event)) return false;
      if (typeof event["type"] === "string") last = event["type"];
      stream.visit(event, this);
    }
    return last === cache.lastEvent && framer.rest().length === 0;
  }

  piece(key: string, text: string, _kind: PieceKind, _event: EventBody, _isLast: boolean): string {
    this.pieces.set(key, (this.pieces.get(key) ?? "") + text);
    return text;
  }

  whole(text: string, _channel?: RestoreChannel): string {
    if (text !== "") this.whole_.push(text);
    return text;
  }

  tree(value: unknown, shape: Shape): void {
    this.value(value, shape, 0);
  }

  close(): void {
    // Pieces of a text that goes on under the same key are still that text.
  }

  private value(value: unknown, shape: Shape, depth: number): void {
    if (shape.string === "data") return;
    if (typeof value === "string") {
      if (shape.string !== "name") this.whole(value);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    if (depth > MAX_DEPTH) throw new RangeError("the answer nests too deep");
    if (Array.isArray(value)) {
      if (shape.tokenTexts !== undefined) this.tokens(value, shape.tokenTexts);
      else for (const item of value) this.value(item, shape.array ?? FREE, depth + 1);
      return;
    }
    const object = value as EventBody; // not null, no array
    for (const name in object) this.value(object[name], shape.fields?.[name] ?? FREE, depth + 1);
  }

  /** Token texts are pieces of one text. */
  private tokens(items: readonly unknown[], field: string): void {
    let text = "";
    for (const item of items) {
      const piece = field === "" ? item : asObject(item)?.[field];
      if (typeof piece === "string") text += piece;
    }
    this.whole(text);
  }
}

/** Whether a plain answer says that it is one, and all of one. */
function isFinished(answer: EventBody | undefined): boolean {
  if (answer === undefined || !isErrorFree(answer)) return false;
  const { status } = answer;
  return status === undefined || status === "completed";
}

/** Whether a body does not tell of an error. Both providers name it `error`. */
function isErrorFree(body: EventBody): boolean {
  return (body["error"] ?? null) === null && body["type"] !== "error";
}
