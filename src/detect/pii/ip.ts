/** IPv4 (RFC 791 dotted decimal), IPv6 (RFC 4291 section 2.2), both with prefix length (RFC 4632), and MAC addresses. */
import { CONTEXT } from "./context.data.ts";
import type { NumberRegion } from "./number-region.ts";
import { isAlnum, isDigit, isWordLike, type Scan } from "./scan.ts";

/** Tries a dotted quad at group `g`; returns the last group used, or -1. */
export function checkIp4(scan: Scan, region: NumberRegion, g: number): number {
  if (g + 3 >= region.count) return -1;
  for (let i = g; i <= g + 3; i++) {
    if (i > g && region.separator[i] !== 46) return -1;
    if (region.length(i) > 3) return -1;
    if (Number(scan.text.slice(region.start[i], region.end[i])) > 255) return -1;
  }
  if (g + 4 < region.count && region.separator[g + 4] === 46) return -1;
  const start = region.start[g]!;
  const end = withPrefix(scan, region.end[g + 3]!, 32);
  if (isWordLike(scan.code(region.end[g + 3]!)) || scan.code(start - 1) === 46) return -1;
  const isVersion = (scan.context(start) & (CONTEXT.version | CONTEXT.network)) === CONTEXT.version;
  scan.add("IP_ADDRESS", start, end, isVersion ? 0.4 : 0.95, "ip", "dotted-quad");
  return g + 3;
}

/**
 * Looks at the `:` at `at`: an IPv6 or MAC address around it.
 * @returns where the scan goes on
 */
export function checkColon(scan: Scan, at: number): number {
  let start = at;
  while (start > 0 && at - start < 5 && isHex(scan.code(start - 1))) start--;
  let end = at;
  let colons = 0;
  while (end < scan.text.length && end - start < 64) {
    const code = scan.code(end);
    if (code === 58) colons++;
    else if (!isHex(code) && code !== 46) break;
    end++;
  }
  const stop = Math.max(at + 1, end);
  if (colons < 2) return at + 1;
  const trimmed = trimEnd(scan, start, end);
  if (isWordLike(scan.code(start - 1)) || isAlnum(scan.code(trimmed)) || scan.code(start - 1) === 58)
    return at + 1;
  const text = scan.text.slice(start, trimmed);
  if (isIp6(text)) {
    const isBare = text === "::" && scan.code(trimmed) !== 47;
    if (isBare && (scan.context(start) & CONTEXT.network) === 0 && scan.code(start - 1) !== 61) return stop;
    const full = withPrefix(scan, trimmed, 128);
    scan.add("IP_ADDRESS", start, full, isBare ? 0.6 : 0.95, "ip", "ipv6");
  } else if (/^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(text)) {
    scan.add("MAC_ADDRESS", start, trimmed, 0.9, "mac", "shape");
  }
  return stop;
}

/** Looks for `AA-BB-CC-DD-EE-FF` or `AABB.CCDD.EEFF` at the token that starts at `start`. */
export function checkMac(scan: Scan, start: number): boolean {
  if (scan.code(start + 2) !== 45 && scan.code(start + 4) !== 46) return false;
  const match = MAC.exec(scan.text.slice(start, start + 18));
  if (match === null || isWordLike(scan.code(start - 1))) return false;
  const end = start + match[0].length;
  if (isWordLike(scan.code(end)) || scan.code(end) === 45) return false;
  scan.add("MAC_ADDRESS", start, end, 0.9, "mac", "shape");
  return true;
}

/** IEEE 802 hyphen form and the dotted form of network equipment. */
export const MAC = /^(?:(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})/;

function isIp6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2 || text.includes(":::")) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === "") continue;
    const parts = half.split(":");
    for (const [position, part] of parts.entries()) {
      if (part.includes(".")) {
        const isLast = index === halves.length - 1 && position === parts.length - 1;
        if (!isLast || !isQuad(part)) return false;
        groups += 2;
      } else {
        if (part.length < 1 || part.length > 4) return false;
        groups++;
      }
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

function isQuad(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

function trimEnd(scan: Scan, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && scan.code(trimmed - 1) === 46) trimmed--;
  if (scan.code(trimmed - 1) === 58 && scan.code(trimmed - 2) !== 58) trimmed--;
  return trimmed;
}

/** End behind a prefix length `/0` to `/max`, else `end`. */
function withPrefix(scan: Scan, end: number, max: number): number {
  if (scan.code(end) !== 47) return end;
  let stop = end + 1;
  while (stop < end + 5 && isDigit(scan.code(stop))) stop++;
  const length = stop - end - 1;
  if (length < 1 || length > 3 || isAlnum(scan.code(stop))) return end;
  return Number(scan.text.slice(end + 1, stop)) <= max ? stop : end;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}
