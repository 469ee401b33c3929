/** US social security numbers (SSA: "Social Security Number Randomization") and individual taxpayer numbers (IRS). */
import { CONTEXT } from "./context.data.ts";
import type { NumberRegion } from "./number-region.ts";
import type { Scan } from "./scan.ts";

/** Tries 3-2-4 and nine solid digits from group `g` on; returns the last group used, or -1. */
export function checkSsn(scan: Scan, region: NumberRegion, g: number): number {
  const first = region.length(g);
  if (first === 9) {
    judge(scan, region, g, g, "solid");
    return -1;
  }
  if (first === 3 && g + 2 < region.count && region.length(g + 1) === 2 && region.length(g + 2) === 4) {
    const separator = region.separator[g + 1]!;
    if (separator !== region.separator[g + 2] || (separator !== 45 && separator !== 46 && separator !== 32)) {
      return -1;
    }
    if (g + 3 < region.count && region.separator[g + 3] === separator) return -1;
    return judge(scan, region, g, g + 2, separator === 45 ? "dashed" : "separated") ? g + 2 : -1;
  }
  const isOddlySplit =
    g + 1 < region.count &&
    region.separator[g + 1] === 45 &&
    ((first === 3 && region.length(g + 1) === 6) || (first === 5 && region.length(g + 1) === 4));
  if (isOddlySplit) judge(scan, region, g, g + 1, "odd");
  return -1;
}

/** Words before the first group that make it part of an address. */
export const UNIT = /(?:suite|ste\.?|apt\.?|unit|box|room|floor|#) ?$/i;

/** Score by shape without context, for a number that could have been assigned. */
const SCORE = { dashed: 0.85, separated: 0.55, solid: 0.2, odd: 0.3 } as const;

function judge(
  scan: Scan,
  region: NumberRegion,
  g: number,
  last: number,
  shape: keyof typeof SCORE,
): boolean {
  const start = region.start[g]!;
  const end = region.end[last]!;
  const digits = region.digits(scan.text, g, last);
  const context = scan.context(start);
  if (isItin(digits)) {
    const score = (context & CONTEXT.tax) !== 0 ? 0.9 : shape === "dashed" ? 0.55 : SCORE[shape];
    scan.add("US_ITIN", start, end, score, "itin", "ranges");
  }
  const hasContext = (context & CONTEXT.ssn) !== 0;
  // Nine digits counted up are no number of a person unless somebody writes them like one.
  if (isAssignable(digits) && (shape !== "solid" || hasContext || digits !== "123456789")) {
    if (shape === "separated" && UNIT.test(scan.text.slice(Math.max(0, start - 8), start))) return false;
    const score = hasContext ? 0.95 : scan.isWhole(start, end) ? Math.max(0.5, SCORE[shape]) : SCORE[shape];
    scan.add("US_SSN", start, end, score, "ssn", "ranges", ...(hasContext ? ["context:ssn"] : []));
    return true;
  }
  if (hasContext && shape !== "odd" && !/^0+$/.test(digits)) {
    scan.add("US_SSN", start, end, 0.65, "ssn", "context:ssn", "unassigned");
    return true;
  }
  return false;
}

function isAssignable(digits: string): boolean {
  return (
    !digits.startsWith("000") &&
    !digits.startsWith("666") &&
    !digits.startsWith("9") &&
    digits.slice(3, 5) !== "00" &&
    digits.slice(5) !== "0000" &&
    !/^(\d)\1+$/.test(digits)
  );
}

/** Group digits of ITINs: 50-65, 70-88, 90-92, 94-99 (IRS Publication 1915). */
function isItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5));
  return (
    digits.startsWith("9") &&
    ((group >= 50 && group <= 65) ||
      (group >= 70 && group <= 88) ||
      (group >= 90 && group <= 99 && group !== 93))
  );
}
