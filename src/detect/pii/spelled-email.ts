/** E-mail addresses that are spelled out to hide them from robots: `john at example dot com`, `john [at] example (dot) com`. */
import { isWordLike, type Scan } from "./scan.ts";
import { TOP_LEVEL_DOMAINS } from "./top-level-domains.data.ts";

/** How far around the word `dot` an address is looked for. */
const CHARS_BEFORE = 120;
const CHARS_AFTER = 60;

/** The words `at` and `dot` between parts; every repetition is bounded. */
export const SPELLED =
  /[\w+-]{1,40}(?:(?:\.| dot )[\w+-]{1,40}){0,3} at [\w-]{1,40}(?: dot [\w-]{1,40}){0,2} dot ([a-z]{2,12})(?![\w@])/i;
/** The sign `[at]` and what follows it. */
export const BRACKETED =
  /^[[({] ?at ?[\])}] ?[\w-]{1,63}(?: ?(?:\.|[[({] ?(?:dot|punkt|punto|point) ?[\])}]) ?[\w-]{1,63}){0,3} ?(?:\.|[[({] ?(?:dot|punkt|punto|point) ?[\])}]) ?([a-z]{2,12})(?![\w@])/i;
/** What stands before `[at]`. */
export const BEFORE_BRACKET = /[\w.+-]{1,64} ?$/;

/** Looks at every ` dot ` of the text; bounded work for each. */
export function checkSpelledEmails(scan: Scan): void {
  const { text } = scan;
  for (let at = text.indexOf("dot "); at >= 0; at = text.indexOf("dot ", at + 4)) {
    if (scan.code(at - 1) !== 32) continue;
    const from = Math.max(0, at - CHARS_BEFORE);
    const match = SPELLED.exec(text.slice(from, at + CHARS_AFTER));
    if (match === null || !TOP_LEVEL_DOMAINS.has((match[1] ?? "").toLowerCase())) continue;
    const start = from + match.index;
    const end = start + match[0].length;
    if (end <= at || isWordLike(scan.code(start - 1))) continue;
    scan.add("EMAIL_ADDRESS", start, end, 0.75, "email", "spelled-out");
    at = end - 4;
  }
}

/**
 * Looks at the bracket at `at`.
 * @returns where the scan goes on
 */
export function checkBracketedEmail(scan: Scan, at: number): number {
  const next = scan.code(at + 1) | 32;
  if (next !== 97 && next !== 32) return at + 1;
  const match = BRACKETED.exec(scan.text.slice(at, at + 160));
  if (match === null || !TOP_LEVEL_DOMAINS.has((match[1] ?? "").toLowerCase())) return at + 1;
  const head = scan.text.slice(Math.max(0, at - 65), at);
  const local = BEFORE_BRACKET.exec(head);
  if (local === null) return at + 1;
  const end = at + match[0].length;
  scan.add("EMAIL_ADDRESS", at - local[0].length, end, 0.85, "email", "spelled-out");
  return end;
}
