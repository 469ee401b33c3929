/**
 * Incremental parser of HTTP/1.x responses (RFC 9112), fed with whatever a read brought. It keeps nothing of the read
 * buffer: what spans reads is copied. Strict about framing, since a client that guesses would report wrong answers as
 * right ones: bare CR or LF, folded lines, bad lengths and bad chunk sizes are protocol errors.
 */

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

/** Head of a response as far as framing needs it; `text` holds all of it for a lazy look at the headers. */
export interface ResponseHead {
  readonly status: number;
  /** Status line and headers without the empty line, latin1. */
  readonly text: string;
  readonly keepAlive: boolean;
  /** Body length; -1 when chunked or until the connection closes. */
  readonly contentLength: number;
  readonly isChunked: boolean;
  readonly contentEncoding: string;
  readonly hasCookies: boolean;
}

/** A violation of HTTP/1.1 framing; the message is one of a small fixed set. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

const CRLF_CRLF = Buffer.from("\r\n\r\n");
/** Longest head, bytes; Node's own client stops at 16 KiB. */
const HEAD_LIMIT_BYTES = 64 * 1024;
/** Longest chunk-size line and longest trailer section, bytes. */
const CHUNK_LINE_LIMIT_BYTES = 16 * 1024;
const CR = 13;
const LF = 10;
const COLON = 58;

/** 1 for each character of a header name (RFC 9110, section 5.6.2 `tchar`). */
const IS_TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  IS_TOKEN[char.charCodeAt(0)] = 1;

/** Parser of one response after another on one connection. */
export class ResponseParser {
  head: ResponseHead | null = null;
  #state: State = "head";
  #isHead = false;
  #partial: Buffer | null = null;
  #remaining = 0;
  #line = "";
  #trailerBytes = 0;
  #sink: BodySink = ignoreBody;
  #onHead: (head: ResponseHead) => void = ignoreHead;

  /** Prepares for the next response. @param method of the request: HEAD has no body */
  begin(method: string, onHead: (head: ResponseHead) => void, sink: BodySink): void {
    this.#state = "head";
    this.#isHead = method === "HEAD";
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
    this.#useHead(source.toString("latin1", from, found));
    return start + (found + 4 - from) - carried;
  }

  #useHead(text: string): void {
    const head = parseHead(text);
    if (head.status === 101) throw new ProtocolError("unexpected protocol switch");
    // Interim answers (100 Continue, 103 Early Hints) precede the real one.
    if (head.status < 200) return;
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

/** Headers of a head's text by lower-case name; repeated ones joined by `, `, cookies by newlines. */
export function parseHeaders(text: string): Record<string, string> {
  // A null prototype keeps header names such as `__proto__` from meaning anything.
  const headers: Record<string, string> = Object.create(null);
  for (const line of text.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = trimBlanks(line.slice(colon + 1));
    const known = headers[name];
    headers[name] = known === undefined ? value : `${known}${name === "set-cookie" ? "\n" : ", "}${value}`;
  }
  return headers;
}

/** Parses a whole head (without its empty line). @throws ProtocolError */
function parseHead(text: string): ResponseHead {
  const lineEnd = text.indexOf("\r\n");
  const statusEnd = lineEnd < 0 ? text.length : lineEnd;
  const status = parseStatusLine(text, statusEnd);
  let keepAlive = text.charCodeAt(7) === 49;
  let contentLength = -1;
  let contentEncoding = "";
  let transferEncoding = "";
  let hasCookies = false;
  let at = statusEnd + 2;
  while (at < text.length) {
    const colon = endOfName(text, at);
    const end = endOfValue(text, colon + 1);
    // Only a handful of names matter to framing; their lengths tell most of the others apart.
    switch (colon - at) {
      case 14:
        if (isName(text, at, "content-length"))
          contentLength = parseLength(text, colon + 1, end, contentLength);
        break;
      case 17:
        if (isName(text, at, "transfer-encoding"))
          transferEncoding += `${transferEncoding === "" ? "" : ","}${text.slice(colon + 1, end)}`;
        break;
      case 10:
        if (isName(text, at, "connection"))
          keepAlive = connectionKeeps(text.slice(colon + 1, end), keepAlive);
        else if (isName(text, at, "set-cookie")) hasCookies = true;
        break;
      case 16:
        if (isName(text, at, "content-encoding"))
          contentEncoding = trimBlanks(text.slice(colon + 1, end)).toLowerCase();
        break;
    }
    at = end + 2;
  }
  let isChunked = false;
  if (transferEncoding !== "") {
    // RFC 9112, section 6.3: with both fields the message may be an attempt at smuggling; a client reports it.
    if (contentLength >= 0) throw new ProtocolError("content-length beside transfer-encoding");
    const codings = transferEncoding.split(",").map((coding) => trimBlanks(coding).toLowerCase());
    isChunked = codings.at(-1) === "chunked";
    if (codings.length > 1 || (!isChunked && codings[0] !== "identity"))
      throw new ProtocolError("unsupported transfer-encoding");
  }
  return { status, text, keepAlive, contentLength, isChunked, contentEncoding, hasCookies };
}

function parseStatusLine(text: string, end: number): number {
  const minor = text.charCodeAt(7);
  if (!text.startsWith("HTTP/1.") || (minor !== 48 && minor !== 49) || text.charCodeAt(8) !== 32)
    throw new ProtocolError("bad status line");
  let status = 0;
  for (let at = 9; at < 12; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) throw new ProtocolError("bad status line");
    status = status * 10 + digit;
  }
  if (status < 100 || end < 12 || (end > 12 && text.charCodeAt(12) !== 32))
    throw new ProtocolError("bad status line");
  endOfValue(text, 12);
  return status;
}

function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length && IS_TOKEN[text.charCodeAt(at)] === 1) at += 1;
  if (at === start || text.charCodeAt(at) !== COLON) throw new ProtocolError("bad header line");
  return at;
}

function endOfValue(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 32) continue;
    if (code === CR && text.charCodeAt(at + 1) === LF) return at;
    if (code !== 9) throw new ProtocolError("bad header line");
  }
  return at;
}

function checkHeaderLine(line: string): void {
  endOfValue(line, endOfName(line, 0) + 1);
}

/** Fails early on a peer that does not speak HTTP/1 at all, before it sends 64 KiB. */
function checkStart(buffer: Buffer, start: number, end: number): void {
  const expected = "HTTP/1.";
  for (let index = 0; index < expected.length && start + index < end; index += 1)
    if (buffer[start + index] !== expected.charCodeAt(index)) throw new ProtocolError("bad status line");
}

/** Compares letters without case: both sides are header-name characters, where `| 32` only folds letters. */
function isName(text: string, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1)
    if ((text.charCodeAt(start + index) | 32) !== name.charCodeAt(index)) return false;
  return true;
}

/** Digits only, at most 15 of them so that the number stays exact (RFC 9110, section 8.6). */
function parseLength(text: string, start: number, end: number, known: number): number {
  let at = start;
  let stop = end;
  while (at < stop && isBlank(text.charCodeAt(at))) at += 1;
  while (stop > at && isBlank(text.charCodeAt(stop - 1))) stop -= 1;
  if (stop === at || stop - at > 15) throw new ProtocolError("bad content-length");
  let length = 0;
  for (; at < stop; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) throw new ProtocolError("bad content-length");
    length = length * 10 + digit;
  }
  if (known >= 0 && known !== length) throw new ProtocolError("conflicting content-length");
  return length;
}

function connectionKeeps(value: string, keepAlive: boolean): boolean {
  // What nearly every server writes needs no folding.
  if (value === " keep-alive") return true;
  const options = value.toLowerCase();
  if (options.includes("close")) return false;
  return keepAlive || options.includes("keep-alive");
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function ignoreBody(): void {}

function ignoreHead(): void {}
