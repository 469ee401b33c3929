/** Heads of HTTP/1.x responses (RFC 9112, sections 4 and 5): what framing needs at once, the other headers on demand. */
import { ProtocolError } from "./protocol-error.ts";

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

const CR = 13;
const LF = 10;
const COLON = 58;

/** 1 for each character of a header name (RFC 9110, section 5.6.2 `tchar`). */
const IS_TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  IS_TOKEN[char.charCodeAt(0)] = 1;

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
export function parseHead(text: string): ResponseHead {
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

/** Checks one header line without its CRLF. @throws ProtocolError */
export function checkHeaderLine(line: string): void {
  endOfValue(line, endOfName(line, 0) + 1);
}

/** Fails early on a peer that does not speak HTTP/1 at all, before it sends 64 KiB. @throws ProtocolError */
export function checkStart(buffer: Buffer, start: number, end: number): void {
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
