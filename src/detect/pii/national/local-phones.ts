/** Phone numbers of single countries that Presidio names as types of their own. */
import type { EntityType } from "#contract";
import type { Finding } from "../../types.ts";

/** One national numbering plan. */
export interface LocalPhoneRule {
  readonly type: EntityType;
  /** Sticky expression tried at each number (and at a plus sign before it); bounded length. */
  readonly pattern: RegExp;
  /** Tried as well: the form without prefix, which means little without context. */
  readonly bare?: RegExp;
  /** Every character that {@link pattern} or {@link bare} can begin with. */
  readonly begins: string;
  readonly context: readonly string[];
}

/** Philippine mobiles (NTC: 09xx or +63 9xx, ten digits) and Turkish numbers (BTK: area codes 2-5, ten digits). */
export const LOCAL_PHONES: readonly LocalPhoneRule[] = [
  {
    type: "PH_MOBILE_NUMBER",
    pattern: /(?:\+63[ -]?|0 ?)(?:\(9\d{2}\)|9\d{2})[ -]?\d{3}[ -]?\d{4}(?![\w-])/y,
    begins: "+0",
    context: ["mobile", "phone", "cell", "contact", "call", "text"],
  },
  {
    type: "TR_PHONE_NUMBER",
    pattern: /(?:\+90[ .-]?|0[ .-]?)(?:\([2-5]\d{2}\)|[2-5]\d{2})[ .-]?\d{3}[ .-]?\d{2}[ .-]?\d{2}(?![\w-])/y,
    bare: /(?:\([2-5]\d{2}\)|[2-5]\d{2})[ .-]?\d{3}[ .-]?\d{2}[ .-]?\d{2}(?![\w-])/y,
    begins: "+0(2345",
    context: ["telefon", "cep", "phone", "tel", "numara", "gsm", "ara"],
  },
];

/** Adds the number of this plan that begins at the digit `at`, or at a plus sign or parenthesis directly before it. */
export function findLocalPhones(rule: LocalPhoneRule, text: string, at: number, found: Finding[]): void {
  let start = at;
  const sign = at > 0 ? text.charCodeAt(at - 1) : 0;
  if (sign === 43 || sign === 40) start = at - 1;
  if (!rule.begins.includes(text.charAt(start)) || !mayBeNumber(text, at)) return;
  if (start > 0 && /[\w+.,-]/.test(text.charAt(start - 1))) return;
  const isFull = matchEnd(rule.pattern, text, start);
  const end = isFull >= 0 ? isFull : rule.bare === undefined ? -1 : matchEnd(rule.bare, text, start);
  if (end < 0) return;
  const window = text.slice(Math.max(0, start - 60), end + 40).toLowerCase();
  const hasContext = rule.context.some((word) => window.includes(word));
  // Near the start only: else a long blank beginning would be read again for every number.
  const isWhole = start <= 8 && text.slice(0, start).trim() === "" && text.slice(end).trim() === "";
  const score = hasContext ? 0.85 : isFull >= 0 ? 0.7 : isWhole ? 0.55 : 0.3;
  found.push({
    type: rule.type,
    start,
    end,
    score,
    source: "national",
    evidence: hasContext ? ["form", "context"] : ["form"],
  });
}

/** Cheap test before the expressions: ten digits, single separators and parentheses between. */
function mayBeNumber(text: string, at: number): boolean {
  let digits = 0;
  let others = 0;
  for (let i = at; i < text.length && digits < MIN_DIGITS; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code < 58) {
      digits += 1;
      others = 0;
    } else if (++others > MAX_SEPARATORS) return false;
  }
  return digits === MIN_DIGITS;
}

/** Fewest digits of a number, and most characters between two of them: `) `. */
const MIN_DIGITS = 10;
const MAX_SEPARATORS = 2;

function matchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
