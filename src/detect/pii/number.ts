/** What happens at a digit: which token or run of digit groups stands there, and which checks look at it. */
import { checkCard } from "./card.ts";
import { CONTEXT } from "./context.data.ts";
import { checkCryptoAddress } from "./crypto-address.ts";
import { checkDate } from "./date.ts";
import { checkIban } from "./iban.ts";
import { checkIdentifier } from "./identifiers.ts";
import { checkIp4, checkMac } from "./ip.ts";
import { beginsNumber, type NumberRegion } from "./number-region.ts";
import { beginsPhone, checkPhone } from "./phone.ts";
import { checkLabelledPostcode, checkStateZip } from "./postal-code.ts";
import { isAlnum, isDigit, isWordLike, type Scan } from "./scan.ts";
import { checkKey, checkSpokenPassword } from "./secrets.ts";
import { checkSsn } from "./ssn.ts";
import { checkTrack } from "./track.ts";

/** Longest compound token (`EMP-12345`) judged as an identifier. */
const MAX_COMPOUND_CHARS = 40;

/** Looks at the first digit of a token; returns where the pass goes on. */
export function checkNumber(scan: Scan, region: NumberRegion, at: number): number {
  let start = at;
  while (isAlnum(scan.code(start - 1))) start--;
  let digitsEnd = at + 1;
  while (isDigit(scan.code(digitsEnd))) digitsEnd++;
  let end = digitsEnd;
  while (isAlnum(scan.code(end))) end++;
  const isExtension = (scan.code(digitsEnd) | 32) === 120 && start === at;
  if (start < at || (end > digitsEnd && !isExtension)) return checkMixed(scan, start, at, end);
  if (checkMac(scan, start)) return end;
  const trackEnd = checkTrack(scan, at);
  if (trackEnd > 0) return trackEnd;
  const regionEnd = region.read(scan.units, scan.length, at);
  checkGroups(scan, region);
  return Math.max(regionEnd, digitsEnd);
}

/** A token of letters and digits. */
function checkMixed(scan: Scan, start: number, at: number, end: number): number {
  if (start === at) {
    const dateEnd = checkDate(scan, at);
    if (dateEnd > 0) return Math.max(end, dateEnd);
    if (end - start <= 4 && scan.code(end) !== 45 && scan.code(end) !== 46) {
      checkLabelledPostcode(scan, start);
      if ((scan.near(start) & CONTEXT.id) === 0) return end;
    }
  }
  if (checkMac(scan, start)) return end;
  const special = Math.max(checkIban(scan, start), checkTrack(scan, start));
  if (special > 0) return Math.max(special, end);
  if (checkCryptoAddress(scan, start, end)) return end;
  const keyEnd = checkKey(scan, start, end);
  if (keyEnd > 0) return keyEnd;
  checkLabelledPostcode(scan, start);
  checkCompound(scan, start, end);
  return Math.max(end, checkSpokenPassword(scan, start));
}

/** A run of digit groups. */
function checkGroups(scan: Scan, region: NumberRegion): void {
  for (let g = 0; g < region.count; g++) {
    const start = region.start[g]!;
    const separator = region.separator[g]!;
    const isFree = g === 0 ? beginsNumber(scan.text, start) : separator === 32 || separator === 1;
    if (!isFree) {
      if (g === 0 && scan.code(start - 1) === 45) checkCompound(scan, start, region.end[g]!);
      continue;
    }
    // Inside of a row of single digits nothing begins; a spelled-out number begins where the row does.
    const isInRow = g > 0 && g + 1 < region.count && region.length(g) === 1 && region.length(g - 1) === 1;
    if (isInRow) continue;
    const ipEnd = checkIp4(scan, region, g);
    if (ipEnd >= 0) {
      g = ipEnd;
      continue;
    }
    checkDate(scan, start);
    checkLabelledNumber(scan, region, g);
    const used = Math.max(checkCard(scan, region, g), checkSsn(scan, region, g));
    if (used >= g) {
      g = used;
      continue;
    }
    const last = beginsPhone(scan, start) ? checkPhone(scan, region, g) : -1;
    if (last > g) g = last;
  }
}

/** Identifiers of digits with hyphens, and the spaced form of NPIs. */
function checkLabelledNumber(scan: Scan, region: NumberRegion, g: number): void {
  const start = region.start[g]!;
  if (region.length(g) === 5) checkStateZip(scan, start, region.end[g]!);
  let last = g;
  while (last + 1 < region.count && region.separator[last + 1] === 45) last++;
  const isSpacedNpi =
    last === g &&
    g + 2 < region.count &&
    region.length(g) === 4 &&
    region.length(g + 1) === 3 &&
    region.length(g + 2) === 3;
  if (isSpacedNpi) checkIdentifier(scan, start, region.end[g + 2]!);
  checkLabelledPostcode(scan, start);
  checkCompound(scan, start, region.end[last]!);
}

/** The identifier made of this token and what hangs on it by hyphens or underscores. */
function checkCompound(scan: Scan, start: number, end: number): void {
  if (start < scan.identifierEnd) return;
  let from = start;
  while (start - from < MAX_COMPOUND_CHARS && isJoined(scan, from - 1, -1)) from--;
  let to = end;
  while (to - from < MAX_COMPOUND_CHARS && isJoined(scan, to, 1)) to++;
  scan.identifierEnd = to;
  if (isWordLike(scan.code(from - 1)) || isWordLike(scan.code(to))) return;
  checkIdentifier(scan, from, to);
}

function isJoined(scan: Scan, at: number, step: number): boolean {
  const code = scan.code(at);
  return isAlnum(code) || ((code === 45 || code === 95) && isAlnum(scan.code(at + step)));
}
