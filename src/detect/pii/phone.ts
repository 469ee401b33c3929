/** Telephone numbers: international, North American, national forms with context. */
import { CONTEXT } from "./context.data.ts";
import type { NumberRegion } from "./number-region.ts";
import { isInternationalNumber } from "./phone-plan.ts";
import { isDigit, isSpace, isWordLike, type Scan } from "./scan.ts";

/** ITU-T E.164: at most 15 digits; seven is the shortest local number looked for. */
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;

/** Tries a number from group `g` on; returns the last group used, or -1. */
export function checkPhone(scan: Scan, region: NumberRegion, g: number): number {
  const start = leadIn(scan, region.start[g]!);
  const isInternational = scan.code(start) === 43;
  if (!isInternational && isWordLike(scan.code(start - 1))) return -1;
  const last = lastGroup(region, g);
  if (last < 0) return -1;
  const digits = region.digits(scan.text, g, last);
  const shape = shapeOf(region, g, last, isInternational, digits);
  const hasContext = isPhoneContext(scan, start, shape) || hasContextAfter(scan, region.end[last]!);
  const score = hasContext
    ? SCORE_WITH_CONTEXT[shape]
    : scoreWithoutContext(scan, shape, start, region.end[last]!);
  if (score === 0) return -1;
  const end = extensionEnd(scan, region.end[last]!);
  scan.add(
    "PHONE_NUMBER",
    start,
    end,
    score,
    "phone",
    `form:${shape}`,
    ...(hasContext ? ["context:phone"] : []),
  );
  return score >= 0.5 ? last : -1;
}

/** Numbers with a country code are looked up in the numbering plans; those that cannot exist stay below the threshold. */
function scoreWithoutContext(scan: Scan, shape: Shape, start: number, end: number): number {
  if (shape !== "international" || ++scan.planLookUps > MAX_PLAN_LOOK_UPS) return SCORE[shape];
  if (isInternationalNumber(scan.text.slice(start, end))) return SCORE[shape];
  return SCORE_IMPOSSIBLE;
}

/** The near words for forms that other things have as well, else the wider window. */
function isPhoneContext(scan: Scan, start: number, shape: Shape): boolean {
  const kinds = shape === "postal" ? (scan.isLabelled(start) ? scan.near(start) : 0) : scan.context(start);
  return (kinds & CONTEXT.phone) !== 0 && (shape !== "postal" || (kinds & CONTEXT.zip) === 0);
}

type Shape = "international" | "nanp" | "local" | "trunk" | "grouped" | "solid" | "postal" | "none";

const SCORE: Readonly<Record<Shape, number>> = {
  international: 0.8,
  nanp: 0.75,
  local: 0.3,
  trunk: 0.55,
  grouped: 0.2,
  solid: 0.2,
  postal: 0,
  none: 0,
};
/** A look-up costs 100 µs; a text with more such numbers is a list of numbers, and the rest is taken for possible. */
const MAX_PLAN_LOOK_UPS = 32;
/** With `+` but outside of every numbering plan. */
const SCORE_IMPOSSIBLE = 0.4;
const SCORE_WITH_CONTEXT: Readonly<Record<Shape, number>> = {
  international: 0.95,
  nanp: 0.9,
  local: 0.75,
  trunk: 0.85,
  grouped: 0.75,
  solid: 0.7,
  postal: 0.7,
  none: 0,
};

/** The longest run of groups that a number may have. */
function lastGroup(region: NumberRegion, g: number): number {
  let digits = 0;
  let best = -1;
  for (let last = g; last < region.count; last++) {
    // A slash stands behind the area code (030/901820) and nowhere else.
    if (last > g + 1 && region.separator[last] === 47) break;
    digits += region.length(last);
    if (digits > MAX_DIGITS) break;
    if (digits >= MIN_DIGITS) best = last;
  }
  return best;
}

function shapeOf(
  region: NumberRegion,
  g: number,
  last: number,
  isInternational: boolean,
  digits: string,
): Shape {
  if (isInternational) return digits.length >= 8 ? "international" : "none";
  const lengths: number[] = [];
  for (let i = g; i <= last; i++) lengths.push(region.length(i));
  const form = lengths.join("-");
  if (/^(?:1-|001-)?3-3-4$/.test(form)) return "nanp";
  if (form === "3-4" && digits.startsWith("0") === false) return "local";
  if (/^(?:5-[34]|3-4|2-4)$/.test(form)) return "postal";
  if (lengths.length === 1)
    return digits.length >= 9 && digits.length <= 13 ? "solid" : digits.length === 7 ? "local" : "none";
  if (lengths.some((length) => length === 1) && lengths.length > 5) return "none";
  if (digits.startsWith("0") && digits.length >= 9 && digits.length <= 13) return "trunk";
  return "grouped";
}

/** Start with `+`, `(` or `+(` before the first digit. */
function leadIn(scan: Scan, start: number): number {
  let from = start;
  if (scan.code(from - 1) === 40) from--;
  if (scan.code(from - 1) === 43) from--;
  return from;
}

/** End behind an extension: `x123`, ` ext. 123`. */
function extensionEnd(scan: Scan, end: number): number {
  const match = EXTENSION.exec(scan.text.slice(end, end + 16));
  return match === null ? end : end + match[0].length;
}

/** Extension marks of RFC 3966 practice. */
export const EXTENSION = /^(?: ?x|,? ?ext\.? ?|,? ?extension )\d{1,6}(?!\w)/i;

function hasContextAfter(scan: Scan, end: number): boolean {
  let from = end;
  while (from < end + 3 && (isSpace(scan.code(from)) || scan.code(from) === 40)) from++;
  return AFTER.test(scan.text.slice(from, from + 8));
}

/** What people write behind a number in signatures. */
export const AFTER = /^(?:office|fax|mobile|cell|home|work|phone|tel|direct)\b/i;

/** Whether a phone number may begin at this digit as far as its neighbours tell. */
export function beginsPhone(scan: Scan, at: number): boolean {
  const before = scan.code(at - 1);
  return !isDigit(before) && before !== 46;
}
