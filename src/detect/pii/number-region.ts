/** A run of digit groups with single separators between them: what cards, phones, dates and identifiers are read from. */
import { isAlnum, isDigit, isWordLike } from "./scan.ts";

/** Longest run looked at in one go; a longer one (a table row) is cut here and the rest read as the next region. */
export const MAX_GROUPS = 32;

/** Digit groups in the text; one instance is reused for every region of a scan. */
export class NumberRegion {
  count = 0;
  readonly start = new Int32Array(MAX_GROUPS + 1);
  readonly end = new Int32Array(MAX_GROUPS + 1);
  /** Separator code before the group (0 for none, 1 for more than one character). */
  readonly separator = new Int32Array(MAX_GROUPS + 1);

  /** Reads the region whose first digit stands at `at` of the units of a text; returns where it ends. */
  read(units: Uint16Array, length: number, at: number): number {
    let i = at;
    this.count = 0;
    let separator = 0;
    for (;;) {
      const groupStart = i;
      while (i < length && isDigit(units[i]!)) i++;
      const isExtension = i < length && (units[i]! | 32) === 120 && isDigit(units[i + 1]!);
      if (this.count > 0 && !isExtension && i < length && isAlnum(units[i]!)) {
        return this.end[this.count - 1]!;
      }
      this.start[this.count] = groupStart;
      this.end[this.count] = i;
      this.separator[this.count] = separator;
      this.count++;
      if (this.count === MAX_GROUPS) return i;
      const next = isExtension ? -1 : nextGroup(units, i);
      if (next < 0) return i;
      separator = next - i === 1 ? units[i]! : 1;
      i = next;
    }
  }

  /** Length in digits of group `g`. */
  length(g: number): number {
    return this.end[g]! - this.start[g]!;
  }

  /** Digits of the groups `from` to `to` (inclusive) without separators. */
  digits(text: string, from: number, to: number): string {
    let digits = "";
    for (let g = from; g <= to; g++) digits += text.slice(this.start[g], this.end[g]);
    return digits;
  }
}

/** Start of the group behind one or two separator characters, or -1. */
function nextGroup(units: Uint16Array, at: number): number {
  const code = units[at]!;
  if (!isSeparator(code)) return -1;
  const second = units[at + 1]!;
  if (isDigit(second)) return at + 1;
  const third = units[at + 2]!;
  // Two separators: ") " and " (" and "- " as in phone numbers, or a doubled space.
  const isPair =
    (code === 41 && (second === 32 || second === 45)) ||
    (second === 40 && (code === 32 || code === 45)) ||
    (code === 32 && (second === 32 || second === 45)) ||
    (code === 45 && second === 32);
  return isPair && isDigit(third) ? at + 2 : -1;
}

/** Whether the character before `at` lets a number begin there. */
export function beginsNumber(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  if (isWordLike(before)) return false;
  // 0.5 or 1,5: a digit, then a separator that rather belongs to a decimal number.
  return !((before === 46 || before === 44) && at > 1 && isDigit(text.charCodeAt(at - 2)));
}

function isSeparator(code: number): boolean {
  return code === 32 || code === 45 || code === 46 || code === 47 || code === 40 || code === 41;
}
