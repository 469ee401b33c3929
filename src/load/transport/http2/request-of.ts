/** A request as HTTP/2 sends it, and an answer's head as the rest of the engine reads it. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { ResponseHead } from "../http1/response-head.ts";

/** Header fields that HTTP/2 does without (RFC 9113, section 8.2.2) or says otherwise (`:authority`). */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
const END_OF_HEAD = "\r\n\r\n";

/** Header fields and body of a request. */
export interface Http2Request {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Reads a request that was put together for HTTP/1.1; a string holds one byte per character. */
export function requestOf(wire: string | Buffer, isTls: boolean, authority: string): Http2Request {
  const bytes = typeof wire === "string" ? Buffer.from(wire, "latin1") : wire;
  const end = bytes.indexOf(END_OF_HEAD);
  const [requestLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const [method = "", path = ""] = requestLine.split(" ");
  const headers: OutgoingHttpHeaders = {
    ":method": method,
    ":path": path,
    ":scheme": isTls ? "https" : "http",
    ":authority": authority,
  };
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    if (!CONNECTION_FIELDS.has(name)) headers[name] = line.slice(colon + 1).trim();
  }
  return { headers, body: bytes.subarray(end + END_OF_HEAD.length) };
}

/** The head of an answer; its text reads like one of HTTP/1.1, so that headers and cookies are found in it. */
export function headOf(headers: IncomingHttpHeaders): ResponseHead {
  const status = Number(headers[":status"]);
  const lines = [`HTTP/2 ${status}`];
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(":") || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${one}`);
  }
  const length = Number(headers["content-length"] ?? -1);
  return {
    status,
    text: lines.join("\r\n"),
    keepAlive: true,
    contentLength: Number.isSafeInteger(length) ? length : -1,
    isChunked: false,
    contentEncoding: (headers["content-encoding"] ?? "").toLowerCase(),
    hasCookies: headers["set-cookie"] !== undefined,
  };
}
