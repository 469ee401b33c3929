/** E-mail addresses: checked around each `@` (RFC 5321 lengths, RFC 5322 atoms, internationalised forms of RFC 6531). */
import { isAlnum, type Scan } from "./scan.ts";

/** RFC 5321 section 4.5.3.1: 64 octets of local part, 255 of domain. */
const MAX_LOCAL_CHARS = 64;
const MAX_DOMAIN_CHARS = 255;

/**
 * Looks at the `@` at `at`.
 * @returns where the scan goes on. Bounded work per hit.
 */
export function checkEmail(scan: Scan, at: number): number {
  const start = localStart(scan, at);
  if (start === at) return at + 1;
  const end = domainEnd(scan, at + 1);
  if (end < 0) return at + 1;
  scan.add("EMAIL_ADDRESS", start, end, 0.95, "email", "shape");
  return end;
}

function localStart(scan: Scan, at: number): number {
  const limit = Math.max(0, at - MAX_LOCAL_CHARS);
  let start = at;
  while (start > limit && isLocal(scan.code(start - 1))) start--;
  // An atom begins and ends with neither a dot nor an apostrophe (the latter is a quotation mark around the address).
  while (start < at && (scan.code(start) === 46 || scan.code(start) === 39 || scan.code(start) === 96))
    start++;
  return scan.code(at - 1) === 46 ? at : start;
}

/** End of the longest domain with a dot and a plausible top level, or -1. */
function domainEnd(scan: Scan, from: number): number {
  let best = -1;
  let labelStart = from;
  const limit = Math.min(scan.text.length, from + MAX_DOMAIN_CHARS);
  for (let i = from; i <= limit; i++) {
    const code = i < limit ? scan.code(i) : 0;
    if (isAlnum(code) || code === 45 || code === 95 || code >= 0xc0) continue;
    if (i === labelStart || scan.code(labelStart) === 45) break;
    if (labelStart > from && isTopLevel(scan, labelStart, i)) best = i;
    if (code !== 46) break;
    labelStart = i + 1;
  }
  return best;
}

function isTopLevel(scan: Scan, start: number, end: number): boolean {
  if (end - start < 2 || scan.code(end - 1) === 45) return false;
  const first = scan.code(start);
  return !(first >= 48 && first < 58) && first !== 95;
}

function isLocal(code: number): boolean {
  if (isAlnum(code) || code >= 0xc0) return code < 0x2000 || code > 0x206f;
  // !#$%&'*+-/=?^_`{|}~ and the dot, without those that rather stand around an address: / = | ` { }.
  return (
    code === 46 ||
    code === 95 ||
    code === 45 ||
    code === 43 ||
    code === 37 ||
    code === 39 ||
    code === 38 ||
    code === 33 ||
    code === 35 ||
    code === 36 ||
    code === 42 ||
    code === 126 ||
    code === 94
  );
}
