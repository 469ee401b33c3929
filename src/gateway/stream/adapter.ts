import type { RestoreChannel } from "#detect";
import type { Shape } from "../providers/shape.ts";

/** A parsed event body. */
export type EventBody = Record<string, unknown>;

/** One piece of a text that streams: which text it belongs to, and how the held-back rest of that text is written. */
export interface PieceKind {
  readonly channel: RestoreChannel;
  /** The pieces are JSON text: values put back are escaped. */
  readonly isJson: boolean;
  /** The pieces repeat a text that streams beside them, token by token. */
  readonly isReading?: boolean;
  /** The event that carries `text` as a further piece of the same text, made after the event it last appeared in. */
  flushEvent(text: string, key: string, last: EventBody): EventBody;
}

/** What an adapter tells the restorer while it goes through an event. */
export interface PieceSink {
  /**
   * Restores the next piece of the text `key`; returns what may be sent now.
   * @param isLast the text ends with this piece: nothing is held back
   */
  piece(key: string, text: string, kind: PieceKind, event: EventBody, isLast: boolean): string;
  /** Restores a text that is complete in itself. */
  whole(text: string, channel: RestoreChannel, isJson?: boolean): string;
  /** Restores every text below a value that is complete in itself, by its table. */
  tree(value: unknown, shape: Shape): void;
  /** The texts whose key begins with `prefix` have ended: what is held back is sent before the current event. */
  close(prefix: string): void;
}

/** Knows where the pieces of text stand in the events of one API. */
export interface StreamAdapter {
  /** Places of text in events, for the coverage matrix: path and channel. */
  readonly fields: readonly {
    readonly event: string;
    readonly path: string;
    readonly channel: RestoreChannel;
  }[];
  /** Rewrites one event in place. */
  visit(event: EventBody, sink: PieceSink): void;
  /**
   * The events that end a stream as the provider's own content filter would.
   * @param first the first event of the stream, `last` the latest one
   * @param keys of the texts that were streaming
   */
  stop(first: EventBody, last: EventBody, keys: readonly string[]): EventBody[];
  /** Makes a plain answer what the provider's own content filter would have made of it, in place. */
  filter(answer: EventBody): void;
  /** The stream ends with `data: [DONE]`. */
  readonly hasDone?: boolean;
}

/** The first part of each key, a number, each once; 0 when there is none. */
export function numbersOf(keys: readonly string[]): number[] {
  const numbers = new Set(keys.map((key) => Number(key.split("/")[0])));
  return numbers.size === 0 ? [0] : [...numbers].toSorted((a, b) => a - b);
}

/** The value if it is a JSON object, else undefined. */
export function asObject(value: unknown): EventBody | undefined {
  // Checked: not null, no array.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as EventBody)
    : undefined;
}

/** The value if it is an array, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The `index` field, or the position when there is none. */
export function indexOf(object: EventBody, position: number): number {
  const index = object["index"];
  return typeof index === "number" ? index : position;
}
