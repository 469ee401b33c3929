/** House numbers, read character by character; an expression decides where letters beyond ASCII stand. */
import { unitsOf } from "../../units.ts";

/** House numbers have at most six characters before the letter. */
export const HOUSE = /\d{1,5}(?: ?[A-Za-z](?![\p{L}\d]))?(?:[/-]\d{1,4}[a-z]?)?(?![\p{L}\d])/uy;
const MAX_DIGITS = 5;
/** Digits after a slash or hyphen. */
const MAX_SECOND_DIGITS = 4;

/** End of the house number that begins at `at`, as {@link HOUSE} matches it, or -1. Bounded work. */
export function houseEnd(text: string, at: number): number {
  const units = unitsOf(text);
  let end = digitsEnd(units, at, MAX_DIGITS);
  const letter = units[end] === 32 ? end + 1 : end;
  if (units[end]! > 127 || units[letter]! > 127) return byExpression(text, at);
  if (isLetter(units[letter]!)) {
    const after = units[letter + 1]!;
    if (after > 127) return byExpression(text, at);
    if (!isLetter(after) && !isDigit(after)) end = letter + 1;
  }
  const sign = units[end]!;
  if ((sign === 47 || sign === 45) && isDigit(units[end + 1]!)) {
    let second = digitsEnd(units, end + 1, MAX_SECOND_DIGITS);
    if (units[second]! >= 97 && units[second]! < 123) second += 1;
    if (units[second]! > 127) return byExpression(text, at);
    if (!isLetter(units[second]!) && !isDigit(units[second]!)) return second;
  }
  return isLetter(sign) || isDigit(sign) ? -1 : end;
}

/** Whether the house number is rather a decade: "1990s". */
export function isDecade(units: Uint16Array, start: number, end: number): boolean {
  if (end - start < 3 || end - start > 5 || units[end - 1] !== 115 || units[end - 2] !== 48) return false;
  return digitsEnd(units, start, MAX_DIGITS) === end - 1;
}

function byExpression(text: string, at: number): number {
  HOUSE.lastIndex = at;
  return HOUSE.test(text) ? HOUSE.lastIndex : -1;
}

function digitsEnd(units: Uint16Array, from: number, most: number): number {
  let end = from;
  while (end - from < most && isDigit(units[end]!)) end += 1;
  return end;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit < 58;
}

function isLetter(unit: number): boolean {
  const lower = unit | 32;
  return lower >= 97 && lower < 123;
}
