/** Reads words backwards from a house number, character by character. */

import { unitsOf } from "../../units.ts";

/** Words before a house number that are looked at, and their longest length in UTF-16 units. */
const MAX_WORDS = 5;
const MAX_LENGTH = 31;
/** Look-back in UTF-16 units. */
const LOOK_BACK = 70;

const APOSTROPHE = 0x27;
const RIGHT_QUOTE = 0x2019;
const LETTER = /^\p{L}$/u;
const LETTER_OR_MARK = /^[\p{L}\p{M}]$/u;

/**
 * Start of the words that end one space (and at most one comma) before `at`: up to five, one space apart, letters, marks,
 * digits and `'’./-`, each beginning with a letter or digit, the last with a letter. -1 without any. Bounded work.
 */
export function wordsStart(text: string, at: number): number {
  const units = unitsOf(text);
  const floor = Math.max(0, at - LOOK_BACK);
  if (at < 1 || units[at - 1] !== 32) return -1;
  let end = at > 1 && units[at - 2] === 44 ? at - 2 : at - 1;
  let start = -1;
  for (let count = 0; count < MAX_WORDS; count += 1) {
    let from = end;
    while (from > floor && isWordUnit(units[from - 1]!)) from -= 1;
    const begin = firstBegin(units, from, end, count === 0);
    if (begin < 0) return start;
    start = begin;
    // only a whole word right behind a single space lets the next one join
    if (begin !== from || from <= floor || units[from - 1] !== 32) return start;
    end = from - 1;
  }
  return start;
}

/** Leftmost place in `from`..`end` where a word of allowed length can begin, or -1. */
function firstBegin(units: Uint16Array, from: number, end: number, isLast: boolean): number {
  for (let at = Math.max(from, end - MAX_LENGTH); at < end; at += 1)
    if (isLetter(units[at]!) || (!isLast && isDigit(units[at]!))) return at;
  return -1;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isAsciiLetter(unit: number): boolean {
  const lower = unit | 32;
  return lower >= 97 && lower <= 122;
}

function isLetter(unit: number): boolean {
  return unit < 128 ? isAsciiLetter(unit) : LETTER.test(String.fromCharCode(unit));
}

/** Letter, mark, digit, apostrophe, full stop, slash or hyphen; letters beyond the basic plane end a word. */
function isWordUnit(unit: number): boolean {
  if (unit < 128) return isAsciiLetter(unit) || (unit >= 45 && unit <= 57) || unit === APOSTROPHE;
  return unit === RIGHT_QUOTE || LETTER_OR_MARK.test(String.fromCharCode(unit));
}
