/** URLs behind `://`, and domains with a well-known top level behind a dot. */

import { isAlnum, isDigit, isLetter, type Scan } from "./scan.ts";
import { TOP_LEVEL_DOMAINS } from "./top-level-domains.data.ts";

const SCHEMES = new Set([
  "http",
  "https",
  "ftp",
  "ftps",
  "sftp",
  "ws",
  "wss",
  "ssh",
  "git",
  "file",
  "s3",
  "rtsp",
]);

/**
 * Looks at the `:` of `://` at `at`.
 * @returns where the scan goes on; digits and `@` inside of the URL are still looked at by their own checks
 */
export function checkUrl(scan: Scan, at: number): number {
  if (at < scan.linkEnd) return at + 3;
  let start = at;
  while (start > 0 && at - start < 8 && isAlnum(scan.code(start - 1))) start--;
  if (!SCHEMES.has(scan.text.slice(start, at).toLowerCase())) return at + 3;
  const end = urlEnd(scan, at + 3);
  if (end <= at + 3) return at + 3;
  scan.linkEnd = end;
  // The source of the recogniser cases counts quotation marks around a URL as part of it.
  const quote = scan.code(start - 1);
  const isQuoted = (quote === 39 || quote === 34) && scan.code(end) === quote;
  scan.add("URL", isQuoted ? start - 1 : start, isQuoted ? end + 1 : end, 0.9, "url", "scheme");
  return at + 3;
}

/**
 * Looks at the `:` of `data:` at `at`: an image embedded as a data URI (RFC 2397).
 * @returns end of the image, or -1
 */
export function checkEmbeddedImage(scan: Scan, at: number): number {
  if (scan.code(at + 1) !== 105 || scan.text.slice(at - 4, at + 7) !== "data:image/") return -1;
  const head = IMAGE_HEAD.exec(scan.text.slice(at + 7, at + 80));
  if (head === null) return -1;
  let end = at + 7 + head[0].length;
  while (isBase64(scan.code(end))) end++;
  scan.add("PHOTO", at - 4, end, 0.95, "data-uri", "image");
  scan.linkEnd = end;
  return end;
}

/** Subtype and parameters of an image in Base64. */
export const IMAGE_HEAD = /^[a-z0-9.+-]{2,24};(?:[a-z-]{2,16}=[a-z0-9-]{1,16};){0,2}base64,/i;

function isBase64(code: number): boolean {
  return (
    isAlnum(code) || code === 43 || code === 47 || code === 61 || code === 95 || code === 45 || code === 37
  );
}

/**
 * Looks at the dot at `at` between two letters or digits: `www.example.org`, `example.co.uk/path`.
 * @returns where the scan goes on
 */
export function checkDomain(scan: Scan, at: number): number {
  if (at < scan.linkEnd) return at + 1;
  let start = at;
  const limit = Math.max(0, at - 63);
  while (start > limit && (isAlnum(scan.code(start - 1)) || scan.code(start - 1) === 45)) start--;
  const before = scan.code(start - 1);
  if (before === 64 || before === 46 || before === 95 || before === 47 || before >= 0xc0) return at + 1;
  let labelStart = at + 1;
  let end = -1;
  let labels = 1;
  let i = labelStart;
  for (; i <= labelStart + 63; i++) {
    const code = scan.code(i);
    if (isAlnum(code) || code === 45) continue;
    if (i === labelStart) break;
    labels++;
    const isInitials =
      i - labelStart === 2 && scan.code(labelStart - 2) !== 0 && !isDomainChar(scan.code(labelStart - 3));
    if (!isInitials && TOP_LEVEL_DOMAINS.has(scan.text.slice(labelStart, i).toLowerCase())) end = i;
    if (code !== 46 || !isAlnum(scan.code(i + 1))) break;
    labelStart = i + 1;
  }
  const stop = Math.max(at + 1, labelStart);
  if (end < 0 || scan.code(end) === 64 || scan.code(end) === 95 || scan.code(end) >= 0xc0) return stop;
  if (scan.code(end) === 40) return stop;
  if (!hasLetter(scan, start, at)) return stop;
  const isWww = scan.text.slice(start, start + 4).toLowerCase() === "www.";
  if (isWww && labels < 3) return stop;
  const next = scan.code(end);
  const hasPath = (next === 47 || next === 63 || next === 35 || next === 58) && isAlnum(scan.code(end + 1));
  const full = hasPath || next === 47 ? urlEnd(scan, end) : end;
  scan.linkEnd = full;
  scan.add("URL", start, full, isWww ? 0.85 : 0.6, "url", isWww ? "www" : "top-level-domain");
  return stop;
}

function hasLetter(scan: Scan, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isLetter(scan.code(i))) return true;
  return false;
}

/** End of the URL that goes on at `from`: up to white space or a delimiter, without closing punctuation. */
function urlEnd(scan: Scan, from: number): number {
  let end = from;
  let depth = 0;
  for (; end < scan.text.length; end++) {
    const code = scan.code(end);
    if (code <= 32 || code === 60 || code === 62 || code === 34 || code === 96 || code === 0xa0) break;
    if (code === 123 || code === 125 || code === 124 || code === 92 || code === 94) break;
    if (code >= 0x2000 && code <= 0x206f) break;
    if (code >= 0x3000 && code <= 0x3002) break;
    if (code === 40) depth++;
    else if (code === 41 && --depth < 0) break;
  }
  while (end > from && isClosing(scan.code(end - 1))) end--;
  return end;
}

function isClosing(code: number): boolean {
  return (
    code === 46 ||
    code === 44 ||
    code === 59 ||
    code === 58 ||
    code === 33 ||
    code === 63 ||
    code === 39 ||
    code === 42
  );
}

/** Whether `code` can stand beside the dot of a domain. */
export function isDomainChar(code: number): boolean {
  return isLetter(code) || isDigit(code);
}
