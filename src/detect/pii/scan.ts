/** What the hit checks of the one-pass scanner share: the text, the findings so far and cheap character tests. */
import type { EntityType } from "#contract";
import type { Finding } from "../types.ts";
import { unitsOf } from "../units.ts";
import { type Context, type ContextMask, readContext } from "./context.ts";

/** State of one pass over one text. */
export class Scan {
  readonly text: string;
  /** UTF-16 units of the text, valid while the pass runs. */
  readonly units: Uint16Array;
  readonly length: number;
  readonly findings: Finding[] = [];
  /** End of the last URL seen: what stands before it is not looked at as another URL. */
  linkEnd = 0;
  /** End of the last compound token (letters, digits, `-`, `_`) that was judged as a whole. */
  compoundEnd = 0;
  /** End of the last token that was judged as an identifier. */
  identifierEnd = 0;
  /** Set when a search to the end of the text found no end of a private key: it is not repeated. */
  hasNoKeyEnd = false;
  /** Numbering plans asked so far. */
  planLookUps = 0;
  #contextStart = -1;
  readonly #context: Context = { far: 0, unbroken: 0, near: 0 };

  constructor(text: string) {
    this.text = text;
    this.units = unitsOf(text);
    this.length = text.length;
  }

  /** Adds a candidate. */
  add(
    type: EntityType,
    start: number,
    end: number,
    score: number,
    source: string,
    ...evidence: string[]
  ): void {
    this.findings.push({ type, start, end, score, source, evidence });
  }

  /** Which kinds of context words stand before `start`; cached for the last place asked. */
  context(start: number): ContextMask {
    this.#readContext(start);
    return this.#context.far;
  }

  /** The kinds among the words since the last number. */
  contextSinceNumber(start: number): ContextMask {
    this.#readContext(start);
    return this.#context.unbroken;
  }

  /** The kinds among the words that label the value itself: same line, same sentence, no number between. */
  near(start: number): ContextMask {
    this.#readContext(start);
    return this.#context.near;
  }

  /** Whether a label sign stands directly before `start`: `SSN: 123`, `card #123`, `pin=123`. */
  isLabelled(start: number): boolean {
    let at = start - 1;
    while (at >= 0 && start - at < 6 && isSpace(this.units[at]!)) at--;
    const code = this.code(at);
    return code === 58 || code === 61 || code === 35 || code === 0xff1a;
  }

  /** Whether the value is the whole text but for white space: a field of its own. */
  isWhole(start: number, end: number): boolean {
    if (start > 8 || this.text.length - end > 8) return false;
    return this.text.slice(0, start).trim() === "" && this.text.slice(end).trim() === "";
  }

  /** UTF-16 code at `at`, 0 outside of the text. */
  code(at: number): number {
    return at >>> 0 < this.length ? this.units[at]! : 0;
  }

  #readContext(start: number): void {
    if (start === this.#contextStart) return;
    this.#contextStart = start;
    readContext(this.text, this.units, start, this.#context);
  }
}

/** `0`-`9`. */
export function isDigit(code: number): boolean {
  return code >= 48 && code < 58;
}

/** ASCII letter. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code < 123) || (code >= 65 && code < 91);
}

/** ASCII letter or digit. */
export function isAlnum(code: number): boolean {
  return (code >= 97 && code < 123) || (code >= 48 && code < 58) || (code >= 65 && code < 91);
}

/** ASCII letter or digit, or any character beyond ASCII: what may not touch an identifier. */
export function isWordLike(code: number): boolean {
  return isAlnum(code) || code === 95 || code >= 0xc0;
}

/** Space, tab, line break, no-break space. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
}
