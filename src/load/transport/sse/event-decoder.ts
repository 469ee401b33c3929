/** Incremental decoder of server-sent events (WHATWG HTML, section 9.2.6), split anywhere. */
import { StringDecoder } from "node:string_decoder";

/** One event as decoded, without its time. */
export interface DecodedEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** Longest event kept, characters; beyond it the stream is refused rather than kept in memory. */
const EVENT_LIMIT_CHARS = 16 * 1024 * 1024;

/** Decoder of one stream. */
export class EventDecoder {
  readonly #utf8 = new StringDecoder("utf8");
  #rest = "";
  #isFirst = true;
  #event = "";
  #data: string[] = [];
  #id = "";

  /** Reads on and calls `emit` for each event that became complete. @returns false when an event is too long */
  feed(bytes: Buffer, emit: (event: DecodedEvent) => void): boolean {
    let text = this.#rest + this.#utf8.write(bytes);
    if (this.#isFirst && text.length > 0) {
      this.#isFirst = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    let at = 0;
    for (;;) {
      const end = lineEnd(text, at);
      // A CR at the very end may be half of a CRLF: wait for what follows.
      if (end < 0 || (text.charCodeAt(end) === 13 && end + 1 === text.length)) break;
      this.#line(text.slice(at, end), emit);
      at = text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
    }
    this.#rest = text.slice(at);
    return this.#rest.length <= EVENT_LIMIT_CHARS;
  }

  #line(line: string, emit: (event: DecodedEvent) => void): void {
    if (line === "") {
      if (this.#data.length > 0)
        emit({
          event: this.#event === "" ? "message" : this.#event,
          data: this.#data.join("\n"),
          id: this.#id,
        });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
  }
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return -1;
}
