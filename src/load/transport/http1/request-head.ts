/** Request heads and bodies as they go over the wire (RFC 9112, section 3), ready for one write. */
import { RampartError } from "#shared";
import type { RequestOptions } from "../../model/http-types.ts";
import type { Origin } from "./origin.ts";

/** What cannot stand in a header value or a request target without splitting the message (RFC 9112, section 11.1). */
const UNSAFE_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const UNSAFE_TARGET = /[^\x21-\x7e]/;
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

/** Header lines, each with its CRLF; values in latin1, as HTTP/1.1 has them. @throws RMP_LOAD_SCENARIO_INVALID for what cannot be sent */
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
  const given = origin.basePath === "" ? path : origin.basePath + path;
  const target = UNSAFE_TARGET.test(given) ? encodedTarget(given) : given;
  const start = `${method} ${target} HTTP/1.1\r\nhost: ${origin.authority}\r\n${lines}`;
  if (body === null) {
    const needsLength = method === "POST" || method === "PUT" || method === "PATCH";
    return needsLength ? `${start}content-length: 0\r\n\r\n` : `${start}\r\n`;
  }
  const { content } = body;
  const type =
    body.contentType === "" || HAS_CONTENT_TYPE.test(lines) ? "" : `content-type: ${body.contentType}\r\n`;
  const bodyBytes = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  const head = `${start}${type}content-length: ${bodyBytes}\r\n\r\n`;
  if (typeof content !== "string") return Buffer.concat([Buffer.from(head, "latin1"), content]);
  // Equal length in UTF-8 and UTF-16 means ASCII, which latin1 writes as it is and at a third of the cost.
  if (bodyBytes === content.length) return head + content;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(content)]);
}

const HAS_CONTENT_TYPE = /^content-type:/im;

/** Characters beyond ASCII become UTF-8 percent-encodings (RFC 3987, section 3.1). */
function encodedTarget(target: string): string {
  if (UNSAFE_ASCII.test(target))
    throw new RampartError(
      "RMP_LOAD_SCENARIO_INVALID",
      "path: blanks and control characters must be encoded",
      {
        field: "path",
      },
    );
  return target.replace(/[^\x21-\x7e]+/g, (text) => {
    const hex = Buffer.from(text).toString("hex");
    return hex.replace(/../g, (byte) => `%${byte.toUpperCase()}`);
  });
}

const UNSAFE_ASCII = /[\0-\x20\x7f]/;
