/** Request heads and bodies as they go over the wire (RFC 9112, section 3), ready for one write. */
import { RampartError } from "#shared";
import type { RequestOptions } from "../../model/http-types.ts";
import type { Origin } from "./origin.ts";

/** What cannot stand in a header value or a request target without splitting the message (RFC 9112, section 11.1). */
const UNSAFE_VALUE = /[\r\n\0]/;
const UNSAFE_TARGET = /[\0-\x20\x7f]/;
const UNSAFE_NAME = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;

/** A body with the content type that goes with it. */
export interface EncodedBody {
  readonly content: string | Uint8Array;
  readonly contentType: string;
}

/** Body of a request, or null without one. */
export function encodeBody(options: RequestOptions): EncodedBody | null {
  if (options.json !== undefined)
    return { content: JSON.stringify(options.json), contentType: "application/json" };
  if (options.body !== undefined) return { content: options.body, contentType: "" };
  if (options.form !== undefined)
    return {
      content: new URLSearchParams(options.form).toString(),
      contentType: "application/x-www-form-urlencoded",
    };
  return null;
}

/** Header lines, each with its CRLF. @throws RMP_LOAD_SCENARIO_INVALID for names or values that would split the message */
export function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = "";
  for (const name in headers) {
    const value = headers[name]!;
    if (UNSAFE_NAME.test(name) || UNSAFE_VALUE.test(value))
      throw new RampartError("RMP_LOAD_SCENARIO_INVALID", `header ${JSON.stringify(name)} cannot be sent`, {
        field: "headers",
      });
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

/**
 * A whole request. A string holds only characters below 256 and is meant to be written as latin1; everything else
 * becomes bytes.
 * @param lines header lines without host, content-type (unless given by the caller) and content-length
 * @throws RMP_LOAD_SCENARIO_INVALID for a target that would split the message
 */
export function encodeRequest(
  method: string,
  origin: Origin,
  path: string,
  lines: string,
  body: EncodedBody | null,
): string | Buffer {
  const target = origin.basePath === "" ? path : origin.basePath + path;
  if (UNSAFE_TARGET.test(target))
    throw new RampartError(
      "RMP_LOAD_SCENARIO_INVALID",
      "path: blanks and control characters must be encoded",
      {
        field: "path",
      },
    );
  const start = `${method} ${target} HTTP/1.1\r\nhost: ${origin.authority}\r\n${lines}`;
  if (body === null) {
    const needsLength = method === "POST" || method === "PUT" || method === "PATCH";
    return asWire(needsLength ? `${start}content-length: 0\r\n\r\n` : `${start}\r\n`);
  }
  const { content } = body;
  const type =
    body.contentType === "" || /^content-type:/im.test(lines) ? "" : `content-type: ${body.contentType}\r\n`;
  const bodyBytes = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  const head = `${start}${type}content-length: ${bodyBytes}\r\n\r\n`;
  if (typeof content !== "string") return Buffer.concat([Buffer.from(head), content]);
  // Equal length in UTF-8 and UTF-16 means ASCII, which latin1 writes as it is and at a third of the cost.
  return bodyBytes === content.length && !NON_ASCII.test(head) ? head + content : Buffer.from(head + content);
}

function asWire(text: string): string | Buffer {
  return NON_ASCII.test(text) ? Buffer.from(text) : text;
}

const NON_ASCII = /[^\x00-\x7f]/;
