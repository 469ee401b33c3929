import { RampartError } from "#shared";

/** One field of a form. */
export interface FormPart {
  readonly name: string;
  readonly body: Buffer;
  /** Its own content type, lower case; empty when it tells none. */
  readonly contentType: string;
}

/** RFC 2046, 5.1.1: at most 70 characters of a small set. */
const BOUNDARY = /boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))/i;
const MAX_PARTS = 32;
const HEADER_END = Buffer.from("\r\n\r\n");

/**
 * Splits a complete `multipart/form-data` body. Source of the grammar: RFC 7578, RFC 2046 section 5.1. Linear in the body.
 * @throws RMP_REQ_BAD when it is none
 */
export function parseMultipart(body: Buffer, contentType: string): FormPart[] {
  const match = BOUNDARY.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw bad();
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: FormPart[] = [];
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    at += delimiter.length;
    if (body.subarray(at, at + 2).equals(Buffer.from("--"))) return parts;
    const headerEnd = body.indexOf(HEADER_END, at);
    const next = body.indexOf(Buffer.concat([Buffer.from("\r\n"), delimiter]), at);
    if (headerEnd === -1 || next === -1 || headerEnd > next || parts.length === MAX_PARTS) throw bad();
    parts.push(
      toPart(body.toString("utf8", at, headerEnd), body.subarray(headerEnd + HEADER_END.length, next)),
    );
    at = next + 2;
  }
  throw bad();
}

function toPart(headers: string, body: Buffer): FormPart {
  const lines = headers.split("\r\n");
  const disposition = headerOf(lines, "content-disposition");
  // Browsers write a quote inside a name as %22, so that no name holds one (RFC 7578, section 2).
  const name = disposition
    .split(";")
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('name="') && parameter.endsWith('"'))
    ?.slice('name="'.length, -1);
  if (name === undefined) throw bad();
  const [contentType = ""] = headerOf(lines, "content-type").split(";");
  return { name, body, contentType: contentType.trim().toLowerCase() };
}

function headerOf(lines: readonly string[], name: string): string {
  const line = lines.find((candidate) => candidate.slice(0, name.length + 1).toLowerCase() === `${name}:`);
  return line === undefined ? "" : line.slice(name.length + 1);
}

function bad(): RampartError {
  return new RampartError("RMP_REQ_BAD", "the form could not be read");
}
