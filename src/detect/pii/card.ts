/** Payment cards: 12 to 19 digits, brand by prefix (ISO/IEC 7812 issuer ranges), Luhn. */
import { isLuhn } from "./check-digits.ts";
import { CONTEXT } from "./context.data.ts";
import type { NumberRegion } from "./number-region.ts";
import type { Scan } from "./scan.ts";

const MIN_DIGITS = 12;
const MAX_DIGITS = 19;

/** Tries groups from `g` on; returns the last group used, or -1. */
export function checkCard(scan: Scan, region: NumberRegion, g: number): number {
  let digits = 0;
  let isEven = true;
  for (let last = g; last < region.count; last++) {
    if (last > g) {
      const separator = region.separator[last]!;
      if (separator !== 32 && separator !== 45) return -1;
      if (last > g + 1 && separator !== region.separator[g + 1]) isEven = false;
    }
    digits += region.length(last);
    if (digits > MAX_DIGITS) return -1;
    if (digits < MIN_DIGITS || !isEven || !isShape(region, g, last)) continue;
    const next = last + 1;
    if (next < region.count && region.separator[next] === region.separator[g + 1] && last > g) continue;
    if (judge(scan, region, g, last)) return last;
  }
  return -1;
}

function judge(scan: Scan, region: NumberRegion, g: number, last: number): boolean {
  const start = region.start[g]!;
  const end = region.end[last]!;
  const digits = region.digits(scan.text, g, last);
  const brand = brandOf(digits);
  const hasContext = (scan.context(start) & CONTEXT.card) !== 0;
  if (brand !== undefined && isLuhn(digits)) {
    scan.add("CREDIT_CARD", start, end, hasContext ? 1 : 0.9, "card", "luhn", `brand:${brand}`);
    return true;
  }
  if (hasContext && (scan.isLabelled(start) || (digits.length === 12 && brand === "maestro"))) {
    scan.add("CREDIT_CARD", start, end, 0.6, "card", "context:card", "checksum-failed");
    return true;
  }
  return false;
}

/** Groupings on cards: solid, 4-4-4-4(-1..3), 4-6-5 (American Express), 4-6-4 (Diners), single spaced digits. */
function isShape(region: NumberRegion, g: number, last: number): boolean {
  const groups = last - g + 1;
  if (groups === 1) return true;
  if (groups === 3 && region.length(g) === 4 && region.length(g + 1) === 6) {
    return region.length(last) === 5 || region.length(last) === 4;
  }
  let isFours = true;
  let isSingles = groups >= 13;
  for (let i = g; i <= last; i++) {
    const length = region.length(i);
    if (length !== 4 && !(i === last && length <= 4)) isFours = false;
    if (length !== 1) isSingles = false;
  }
  return (isFours && groups >= 3) || isSingles;
}

/** Issuer by prefix and length; undefined when no known issuer has such numbers. */
function brandOf(digits: string): string | undefined {
  const two = Number(digits.slice(0, 2));
  const four = Number(digits.slice(0, 4));
  const length = digits.length;
  if (digits.startsWith("4")) return length === 13 || length === 16 || length === 19 ? "visa" : undefined;
  if (((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && length === 16) return "mastercard";
  if ((two === 34 || two === 37) && length === 15) return "amex";
  if (
    (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059) || four === 3095) &&
    length >= 14
  ) {
    return "diners";
  }
  if (four >= 3528 && four <= 3589 && length >= 16) return "jcb";
  if ((four === 2131 || four === 1800) && length === 15) return "jcb";
  if ((four === 6011 || two === 65 || (four >= 6440 && four <= 6499)) && length >= 16) return "discover";
  if (two === 62 || two === 81) return length >= 16 ? "unionpay" : undefined;
  if (four >= 2200 && four <= 2204 && length >= 16) return "mir";
  if (two === 50 || (two >= 56 && two <= 69)) return "maestro";
  return undefined;
}
