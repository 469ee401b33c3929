/** Street names beside a house number: after it (English, French) or before it (German, Italian, Spanish, Dutch, ...). */
import { unitsOf } from "../../units.ts";
import { CALENDAR_WORDS } from "../tagger/words.data.ts";
import { hasStreetEnding, isCapitalised, isSmallPhrase, withoutMarks, wordEnd } from "./street-words.ts";
import {
  LOWER_AFTER,
  LOWER_BEFORE,
  NUMBERED_WORDS,
  STREET_AFTER,
  STREET_AFTER_WEAK,
  STREET_BEFORE,
  STREET_PARTICLES,
} from "./streets.data.ts";
import { wordsStart } from "./words-before.ts";

/** A street name that follows a house number. */
export interface StreetAfter {
  /** UTF-16 unit after the name. */
  readonly end: number;
  /** False when its street word is an everyday word as well ("Stella Manor"). */
  readonly isStrong: boolean;
}

/** A street name before a house number. */
export interface StreetBefore {
  readonly start: number;
  /** False when only capitals say that it is a name: then a postcode and town must follow. */
  readonly isSettled: boolean;
}

const MAX_WORDS = 6;
/** Street names written as one word that are no other word in small letters either. */
const LOWER_ENDING = /^\p{Ll}{4,24}(?:stra(?:ß|ss)e|straat|gracht|slaan|sweg|gatan)$/u;
const ORDINAL = /^\d{1,3}(?:st|nd|rd|th)$/i;
/** A second street word or a point of the compass after the street word: "Tyler Station St", "Pennsylvania Avenue NW". */
const ADDITION = /^ (?:Street|St|Road|Rd|Avenue|Ave|Drive|Dr|N|S|E|W|NE|NW|SE|SW)(?![\p{L}\d])/u;
const LETTERS = /^(?:[A-Za-z]+|\p{L}+)$/u;
const NUMBER = /^\d{1,4}[a-z]?$/;

/** Capitalised words before numbers that name no street. */
const NOT_A_STREET: ReadonlySet<string> = new Set([...CALENDAR_WORDS, ...NUMBERED_WORDS]);

const BEFORE = 1;
const AFTER = 2;
const AFTER_WEAK = 4;
const PARTICLE = 8;
/** What {@link streetAfter} asks of a word, in one look-up. */
const KINDS: ReadonlyMap<string, number> = buildKinds();

function buildKinds(): Map<string, number> {
  const kinds = new Map<string, number>();
  const add = (words: ReadonlySet<string>, kind: number) => {
    for (const word of words) kinds.set(word, (kinds.get(word) ?? 0) | kind);
  };
  add(STREET_BEFORE, BEFORE);
  // "12 am Vormittag": behind a number these are everyday words.
  for (const word of ["am", "an", "im"]) kinds.delete(word);
  add(STREET_AFTER, AFTER);
  add(STREET_AFTER_WEAK, AFTER_WEAK);
  add(STREET_PARTICLES, PARTICLE);
  return kinds;
}

/** The street name that begins after the house number ending at `from`, with at most a comma between. */
export function streetAfter(text: string, from: number): StreetAfter | undefined {
  const units = unitsOf(text);
  let at = from;
  if (units[at] === 44) at += 1;
  if (units[at] !== 32) return undefined;
  at += 1;
  let end = -1;
  let isStrong = false;
  let isBefore = false;
  let names = 0;
  for (let n = 0; n < MAX_WORDS; n += 1) {
    const markedEnd = wordEnd(text, at);
    if (markedEnd < 0) break;
    const stop = withoutMarks(units, at, markedEnd);
    const word = text.slice(at, stop);
    const lower = word.toLowerCase();
    const kinds = KINDS.get(lower) ?? 0;
    const isCapital = isCapitalised(word);
    const beginsWithDigit = units[at]! >= 48 && units[at]! < 58;
    if (n === 0 && (kinds & BEFORE) !== 0) isBefore = true;
    else if (n === 0 && beginsWithDigit && NUMBER.test(word)) names -= 1;
    else if (names > 0 && !isBefore && ((kinds & AFTER) !== 0 || hasStreetEnding(lower))) {
      end = stop;
      isStrong = true;
      const addition = isCapital ? ADDITION.exec(text.slice(end, end + 10)) : null;
      if (addition !== null) end += addition[0].length;
      break;
    } else if (isCapital && lower.length > 5 && hasStreetEnding(lower) && !NOT_A_STREET.has(lower)) {
      end = stop;
      isStrong = true;
      break;
    } else if (names > 0 && (kinds & AFTER_WEAK) !== 0 && isCapital && !isBefore) end = stop;
    else if (isBefore && (isCapital || (beginsWithDigit && NUMBER.test(word)))) {
      end = stop;
      isStrong = true;
    } else if (
      !isCapital &&
      (kinds & PARTICLE) === 0 &&
      !(beginsWithDigit && ORDINAL.test(word)) &&
      !(n === 0 && isLetters(word))
    )
      break;
    if ((kinds & PARTICLE) === 0) names += 1;
    at = stop;
    if (units[at] === 46) at += 1;
    if (units[at] !== 32) break;
    at += 1;
  }
  return end < 0 ? undefined : { end: units[end] === 46 ? end + 1 : end, isStrong };
}

const BETWEEN =
  / (\p{Lu}[\p{L}\p{M}'’.-]{2,30})(?: (?:\p{L}{1,3} )?\p{Lu}[\p{L}\p{M}'’.-]{0,30}){0,2} \d{1,4}[a-e]?(?![\p{L}\d.-])/uy;

/**
 * A name between a number that ends at `from` and a house number ("63 Tylova 42"): end of the house number, or -1. Months
 * and words that are numbered ("5 May 2010", "3 Section 4") are none.
 */
export function streetBetweenNumbers(text: string, from: number): number {
  const units = unitsOf(text);
  const first = units[from + 1]!;
  if (units[from] !== 32 || (first < 128 && (first < 65 || first > 90))) return -1;
  BETWEEN.lastIndex = from;
  const match = BETWEEN.exec(text);
  if (match === null) return -1;
  const names = match[0].trim().split(" ");
  return names.some((name) => isNoStreetWord(name.replace(/\.$/, "").toLowerCase())) ? -1 : BETWEEN.lastIndex;
}

/** The street name whose house number begins at `at`. */
export function streetBefore(text: string, at: number): StreetBefore | undefined {
  const units = unitsOf(text);
  if (at < 1 || units[at - 1] !== 32) return undefined;
  const start = wordsStart(text, at);
  if (start < 0) return undefined;
  const end = units[at - 2] === 44 ? at - 2 : at - 1;
  if (isSmallPhrase(text, start, end)) return undefined;
  const words = text.slice(start, end).split(" ");
  const last = words[words.length - 1]!;
  const lastWord = last.replace(/\.$/, "").toLowerCase();
  const startOf = (index: number) => {
    let at = start;
    for (let word = 0; word < index; word += 1) at += words[word]!.length + 1;
    return at;
  };
  if (/^c\/\p{Lu}/iu.test(words[0]!) && words.length < 5) return { start: startOf(0), isSettled: true };
  if (words.length > 1 && LOWER_AFTER.has(lastWord) && isCapitalised(words[0]!))
    return { start: startOf(capitalRun(words, words.length - 2)), isSettled: true };
  if (words.length > 1 && isCapitalised(last) && STREET_AFTER.has(lastWord) && isCapitalised(words.at(-2)!))
    return { start: startOf(capitalRun(words, words.length - 1)), isSettled: true };
  if (
    isCapitalised(last) &&
    lastWord.length > 5 &&
    hasStreetEnding(lastWord) &&
    !NOT_A_STREET.has(lastWord)
  ) {
    const first = capitalRun(words, words.length - 1);
    const isOne = words.length - first <= 2;
    return { start: startOf(isOne ? first : words.length - 1), isSettled: true };
  }
  if (LOWER_ENDING.test(last)) return { start: startOf(words.length - 1), isSettled: true };
  for (let index = words.length - 2; index >= 0; index -= 1) {
    const word = words[index]!;
    const lower = word.replace(/\.$/, "").toLowerCase();
    if (STREET_BEFORE.has(lower) && (isCapitalised(last) || LOWER_BEFORE.has(lower)))
      return { start: startOf(index), isSettled: true };
    if (!isCapitalised(word) && !STREET_PARTICLES.has(lower) && !/^\d/.test(word) && isCapitalised(last))
      break;
  }
  if (!isCapitalised(last) || last.endsWith(".") || NOT_A_STREET.has(lastWord)) return undefined;
  const first = capitalRun(words, words.length - 1);
  return { start: startOf(Math.max(first, words.length - 2)), isSettled: false };
}

/** A month, a numbered word, or a small word of English headings. */
function isNoStreetWord(word: string): boolean {
  return NOT_A_STREET.has(word) || /^(?:of|the|in|and|for|to|with|from)$/.test(word);
}

/** Index of the first of the capitalised words that end at `last`. */
function capitalRun(words: readonly string[], last: number): number {
  let first = last;
  while (first > 0 && (isCapitalised(words[first - 1]!) || STREET_PARTICLES.has(words[first - 1]!)))
    first -= 1;
  while (first < last && STREET_PARTICLES.has(words[first]!.toLowerCase())) first += 1;
  return first;
}

function isLetters(word: string): boolean {
  return word.length > 2 && LETTERS.test(word);
}
