/** Cheap tests of the words around a house number; expressions decide where letters beyond ASCII stand. */
import { unitsOf } from "../../units.ts";
import { LOWER_BEFORE, STREET_ENDING } from "./streets.data.ts";

/** A word as it stands in a street name, with apostrophes, full stops and hyphens. */
export const WORD = /[\p{L}\d][\p{L}\p{M}\d'’.-]{0,30}/uy;
/** Most units of a word. */
const MAX_WORD_UNITS = 31;
/** A capital (or a letter without case), maybe behind an article: "d'Alembert". */
export const CAPITAL = /^(?:[dlDL]['’])?[\p{Lu}\p{Lt}\p{Lo}]/u;

/** End of the word that begins at `at` as {@link WORD} matches it, or -1. */
export function wordEnd(text: string, at: number): number {
  const units = unitsOf(text);
  if (!isAlnum(units[at]!)) return units[at]! < 128 ? -1 : byExpression(text, at);
  let end = at + 1;
  while (end - at < MAX_WORD_UNITS && isInner(units[end]!)) end += 1;
  return end - at < MAX_WORD_UNITS && units[end]! > 127 ? byExpression(text, at) : end;
}

/** The same end without the marks that close a word: full stops, apostrophes, hyphens. */
export function withoutMarks(units: Uint16Array, start: number, end: number): number {
  let stop = end;
  while (stop > start && isMark(units[stop - 1]!)) stop -= 1;
  return stop;
}

/** Whether a word begins as {@link CAPITAL} says. */
export function isCapitalised(word: string): boolean {
  const first = word.charCodeAt(0);
  if (first >= 65 && first < 91) return true;
  if (first < 128 && (first !== 100 || word.length < 3) && (first !== 108 || word.length < 3)) return false;
  return CAPITAL.test(word);
}

/** Whether a lower-case word ends like a street ("hauptstraße"); see {@link STREET_ENDING}. */
export function hasStreetEnding(lower: string): boolean {
  const { length } = lower;
  if (length < 3 || !ENDINGS.has(pairOf(lower.charCodeAt(length - 2), lower.charCodeAt(length - 1))))
    return false;
  return STREET_ENDING.test(lower);
}

/** The last two units of every alternative of {@link STREET_ENDING}. */
const ENDINGS: ReadonlySet<number> = new Set(
  "ße se tr eg tz ee ng mm er kt ig ad en an at in ht de jk el ef nd et én ej ta tu ie ja ku ca"
    .split(" ")
    .map((ending) => pairOf(ending.charCodeAt(0), ending.charCodeAt(1))),
);

/** Last letters of the endings of streets that are no other word in small letters. */
const SMALL_LAST: ReadonlySet<number> = new Set([..."etngn"].map((letter) => letter.charCodeAt(0)));
/** Least length of a street name written as one word in small letters. */
const MIN_SMALL_STREET = 8;

/**
 * Whether the words in `[start, end)` are plain small letters none of which can belong to a street name: the last is not
 * as long as one with a street ending, none of the others stands before a street name. May be false for others too.
 */
export function isSmallPhrase(text: string, start: number, end: number): boolean {
  const units = unitsOf(text);
  let wordStart = start;
  for (let at = start; at < end; at += 1) {
    const unit = units[at]!;
    if (unit >= 97 && unit < 123) continue;
    if (unit !== 32 || LOWER_BEFORE.has(text.slice(wordStart, at))) return false;
    wordStart = at + 1;
  }
  return end - wordStart < MIN_SMALL_STREET || !SMALL_LAST.has(units[end - 1]!);
}

function pairOf(first: number, second: number): number {
  return (first << 16) | second;
}

function byExpression(text: string, at: number): number {
  WORD.lastIndex = at;
  return WORD.test(text) ? WORD.lastIndex : -1;
}

function isAlnum(unit: number): boolean {
  const lower = unit | 32;
  return (lower >= 97 && lower < 123) || (unit >= 48 && unit < 58);
}

function isInner(unit: number): boolean {
  return isAlnum(unit) || isMark(unit);
}

/** Apostrophe, hyphen, full stop, right single quotation mark. */
function isMark(unit: number): boolean {
  return unit === 39 || unit === 45 || unit === 46 || unit === 0x2019;
}
