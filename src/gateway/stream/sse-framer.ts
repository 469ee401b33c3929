import { RampartError } from "#shared";

const LF = 10;
const CR = 13;
const EMPTY = Buffer.alloc(0);

/** One server-sent event as it stood in the stream. */
export interface SseEvent {
  /** All its bytes, the blank line that ends it included. */
  readonly raw: Buffer;
  /** Value of its `event` field, empty without one. */
  readonly name: string;
  /** Its `data` lines joined by line feeds; null when it has none (comments, `retry`). */
  readonly data: string | null;
}

/**
 * Cuts a byte stream into server-sent events at the blank lines; lines end with LF, CRLF or CR, and any byte may be the
 * last of a chunk. The concatenation of all that is returned and of {@link SseFramer.rest} is exactly what was pushed.
 * Source of the grammar: WHATWG HTML, "Server-sent events", 9.2.5 and 9.2.6.
 */
export class SseFramer {
  private held: Buffer = EMPTY;
  /** Bytes of `held` that have been looked at. */
  private scanned = 0;
  /** Where the current line begins in `held`. */
  private lineStart = 0;
  /** The last byte looked at was CR: an LF that follows belongs to it. */
  private isAfterCr = false;
  private readonly maxEventBytes: number;

  constructor(maxEventBytes: number) {
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * The bytes of the events completed by this chunk, in order; a blank line that follows its event late comes alone.
   * @throws RMP_UPSTREAM_TOO_LARGE when one event exceeds the bound
   */
  push(chunk: Buffer): Buffer[] {
    const events: Buffer[] = [];
    let bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    let at = this.scanned;
    let lineStart = this.lineStart;
    let start = 0;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === LF && this.isAfterCr) {
        // Second half of CRLF: the line was counted at CR.
        this.isAfterCr = false;
        at += 1;
        lineStart = at;
        if (at - 1 === start) {
          // It belongs to an event that has left: it follows at once, so that the blank line stays whole.
          events.push(bytes.subarray(start, at));
          start = at;
        }
        continue;
      }
      this.isAfterCr = byte === CR;
      if (byte !== LF && byte !== CR) {
        at = nextLineEnd(bytes, at + 1);
        continue;
      }
      const isBlank = at === lineStart;
      at += 1;
      lineStart = at;
      if (!isBlank) continue;
      // Take the LF of a CRLF along when it is already here.
      if (byte === CR && bytes[at] === LF) {
        this.isAfterCr = false;
        at += 1;
        lineStart = at;
      }
      events.push(bytes.subarray(start, at));
      start = at;
    }
    bytes = start === 0 ? bytes : bytes.subarray(start);
    if (bytes.length > this.maxEventBytes)
      throw new RampartError(
        "RMP_UPSTREAM_TOO_LARGE",
        `an event of the provider exceeds ${this.maxEventBytes} bytes`,
      );
    this.held = bytes;
    this.scanned = at - start;
    this.lineStart = lineStart - start;
    return events;
  }

  /** Bytes after the last complete event; call at the end of the stream. */
  rest(): Buffer {
    const rest = this.held;
    this.held = EMPTY;
    this.scanned = 0;
    this.lineStart = 0;
    return rest;
  }
}

/** Index of the next CR or LF at or after `from`, or the length. */
function nextLineEnd(bytes: Buffer, from: number): number {
  for (let i = from; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === LF || byte === CR) return i;
  }
  return bytes.length;
}

/** Reads the fields of one event; unknown fields and comments are ignored, as the standard says. */
export function parseEvent(raw: Buffer): SseEvent {
  let text = raw.toString("utf8");
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  let name = "";
  let data: string | null = null;
  let at = 0;
  while (at < text.length) {
    let end = at;
    while (end < text.length && text.charCodeAt(end) !== LF && text.charCodeAt(end) !== CR) end += 1;
    if (text.startsWith("data", at)) {
      const value = fieldValue(text, at, at + 4, end);
      if (value !== null) data = data === null ? value : `${data}\n${value}`;
    } else if (text.startsWith("event", at)) name = fieldValue(text, at, at + 5, end) ?? name;
    at = end + 1;
  }
  return { raw, name, data };
}

/** The value after the field name that ends at `nameEnd`, or null when the line is another field. */
function fieldValue(text: string, lineStart: number, nameEnd: number, lineEnd: number): string | null {
  if (nameEnd === lineEnd) return "";
  if (nameEnd > lineEnd || text[nameEnd] !== ":" || lineStart === lineEnd) return null;
  const from = text[nameEnd + 1] === " " ? nameEnd + 2 : nameEnd + 1;
  return text.slice(Math.min(from, lineEnd), lineEnd);
}
