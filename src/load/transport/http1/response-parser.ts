/**
 * Incremental parser of HTTP/1.x responses (RFC 9112), fed with whatever a read brought. It keeps nothing of the read
 * buffer: what spans reads is copied. Strict about framing, since a client that guesses would report wrong answers as
 * right ones: bare CR or LF, folded lines, bad lengths and bad chunk sizes are protocol errors.
 */
import type { HeadMemo } from "./head-memo.ts";
import { ProtocolError } from "./protocol-error.ts";
import { checkHeaderLine, checkStart, parseHead, type ResponseHead } from "./response-head.ts";

/** What the parser does next. */
type State =
  | "head"
  | "length"
  | "chunk-size"
  | "chunk-data"
  | "chunk-end"
  | "trailer"
  | "until-close"
  | "done";

/** Where body bytes go; the buffer is only valid during the call. */
export type BodySink = (buffer: Buffer, start: number, end: number) => void;

const CRLF_CRLF = Buffer.from("\r\n\r\n");
/** Longest head, bytes; Node's own client stops at 16 KiB. */
const HEAD_LIMIT_BYTES = 64 * 1024;
/** Longest chunk-size line and longest trailer section, bytes. */
const CHUNK_LINE_LIMIT_BYTES = 16 * 1024;
const CR = 13;
const LF = 10;

/** Parser of one response after another on one connection. */
export class ResponseParser {
  head: ResponseHead | null = null;
  #state: State = "head";
  readonly #memo: HeadMemo | null;
  #isHead = false;
  #target = "";
  #partial: Buffer | null = null;
  #remaining = 0;
  #line = "";
  #trailerBytes = 0;
  #sink: BodySink = ignoreBody;
  #onHead: (head: ResponseHead) => void = ignoreHead;

  /** @param memo heads read before, shared by the connections of a worker */
  constructor(memo: HeadMemo | null = null) {
    this.#memo = memo;
  }

  /**
   * Prepares for the next response.
   * @param method of the request: HEAD has no body
   * @param target of the request, under which its head is remembered
   */
  begin(method: string, onHead: (head: ResponseHead) => void, sink: BodySink, target = ""): void {
    this.#state = "head";
    this.#isHead = method === "HEAD";
    this.#target = target;
    this.#onHead = onHead;
    this.#sink = sink;
    this.head = null;
  }

  /** The response is complete. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Nothing of the response was seen yet. */
  get isUntouched(): boolean {
    return this.#state === "head" && this.#partial === null && this.head === null;
  }

  /**
   * Reads on.
   * @returns the offset after the last byte that belongs to the response; below `end` only when it is done
   * @throws ProtocolError
   */
  feed(buffer: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state !== "done") {
      switch (this.#state) {
        case "head":
          at = this.#readHead(buffer, at, end);
          break;
        case "length":
        case "chunk-data": {
          const stop = Math.min(end, at + this.#remaining);
          this.#sink(buffer, at, stop);
          this.#remaining -= stop - at;
          at = stop;
          if (this.#remaining === 0) this.#enter(this.#state === "length" ? "done" : "chunk-end");
          break;
        }
        case "until-close":
          this.#sink(buffer, at, end);
          at = end;
          break;
        default:
          at = this.#readLine(buffer, at, end);
      }
    }
    return at;
  }

  /** The peer closed its side. @returns true when that completes the response */
  finish(): boolean {
    if (this.#state === "until-close") this.#enter("done");
    return this.#state === "done";
  }

  #enter(state: State): void {
    this.#state = state;
    this.#line = "";
  }

  #readHead(buffer: Buffer, start: number, end: number): number {
    if (this.#partial === null && this.#memo !== null) {
      const known = this.#memo.find(this.#target, buffer, start, end);
      if (known !== null) {
        this.#useHead(known);
        return start + known.text.length + 4;
      }
    }
    let source = buffer;
    let from = start;
    let to = end;
    const carried = this.#partial?.length ?? 0;
    if (this.#partial !== null) {
      source = Buffer.concat([this.#partial, buffer.subarray(start, end)]);
      from = 0;
      to = source.length;
    }
    const found = source.indexOf(CRLF_CRLF, Math.max(from, from + carried - 3));
    if (found < 0 || found + 4 > to) {
      if (to - from > HEAD_LIMIT_BYTES) throw new ProtocolError("response head too large");
      checkStart(source, from, to);
      this.#partial = carried > 0 ? source : Buffer.from(source.subarray(from, to));
      return end;
    }
    if (found - from > HEAD_LIMIT_BYTES) throw new ProtocolError("response head too large");
    this.#partial = null;
    const head = parseHead(source.toString("latin1", from, found));
    if (head.status === 101) throw new ProtocolError("unexpected protocol switch");
    // Interim answers (100 Continue, 103 Early Hints) precede the real one.
    if (head.status >= 200) {
      this.#memo?.keep(this.#target, head);
      this.#useHead(head);
    }
    return start + (found + 4 - from) - carried;
  }

  #useHead(head: ResponseHead): void {
    this.head = head;
    this.#onHead(head);
    if (this.#isHead || head.status === 204 || head.status === 304) this.#enter("done");
    else if (head.isChunked) this.#enter("chunk-size");
    else if (head.contentLength === 0) this.#enter("done");
    else if (head.contentLength > 0) {
      this.#remaining = head.contentLength;
      this.#enter("length");
    } else this.#enter("until-close");
  }

  /** Reads chunk-size lines, the CRLF after a chunk, and trailer lines. */
  #readLine(buffer: Buffer, start: number, end: number): number {
    let lf = start;
    while (lf < end && buffer[lf] !== LF) lf += 1;
    const stop = lf < end ? lf + 1 : end;
    this.#line += buffer.toString("latin1", start, stop);
    if (this.#line.length > CHUNK_LINE_LIMIT_BYTES) throw new ProtocolError("chunk line too large");
    if (lf === end) {
      if (this.#state === "chunk-end" && this.#line !== "\r") throw new ProtocolError("bad end of chunk");
      return stop;
    }
    const line = this.#line;
    if (line.charCodeAt(line.length - 2) !== CR) throw new ProtocolError("bare LF");
    this.#useLine(line.slice(0, -2));
    return stop;
  }

  #useLine(line: string): void {
    if (this.#state === "chunk-size") {
      // RFC 9112, section 7.1: hex size, optional extensions after a semicolon.
      const match = /^([0-9a-fA-F]{1,13})(?:[\t ]*;[^\r\0]*)?[\t ]*$/.exec(line);
      if (match === null) throw new ProtocolError("bad chunk size");
      this.#remaining = Number.parseInt(match[1]!, 16);
      this.#trailerBytes = 0;
      this.#enter(this.#remaining === 0 ? "trailer" : "chunk-data");
    } else if (this.#state === "chunk-end") {
      if (line !== "") throw new ProtocolError("bad end of chunk");
      this.#enter("chunk-size");
    } else if (line === "") this.#enter("done");
    else {
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > CHUNK_LINE_LIMIT_BYTES) throw new ProtocolError("trailers too large");
      checkHeaderLine(line);
      this.#line = "";
    }
  }
}

function ignoreBody(): void {}

function ignoreHead(): void {}
