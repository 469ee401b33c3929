/** The shape of a rule for one national identifier. */
import type { EntityType } from "#contract";

/** One way to recognise one identifier. */
export interface NationalRule {
  readonly type: EntityType;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /**
   * Written forms, one character per character: `9` digit, `A` capital letter, `a` letter, `X` capital or digit, `x`
   * letter or digit, anything else itself.
   */
  readonly forms: readonly string[];
  /** Tests the text without separators, in capitals (check digits, dates, letters that may occur). */
  readonly isValid?: (compact: string, raw: string) => boolean;
  /** Score without context words, in running text. */
  readonly bare: number;
  /** Score when the identifier is the whole text (a field of its own); default: 0.55, or `bare` when that is higher. */
  readonly whole?: number;
  /** Score beside a context word; default 0.9. */
  readonly near?: number;
  /** Context words in lower case; a match anywhere in the 60 characters before or 40 after counts. */
  readonly context: readonly string[];
  /** What is checked, for the evidence: `check-digit`, `date`, `form`. */
  readonly evidence: string;
  /** True when lower-case letters directly before the first digit are tolerated ("is030594W903B"). */
  readonly mayTouchWord?: boolean;
}
