/** Check-digit schemes of national identifiers. All take text without separators, letters in upper case. */

/** Value of the digit at `at`. */
export function digitAt(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

/** Sum of digits times weights, over as many digits as there are weights. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += digitAt(digits, i) * weights[i]!;
  return sum;
}

/** Value of a letter or digit as ISO 7064 and ICAO 9303 count it: A = 10 ... Z = 35. */
export function alphanumericValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 58 ? code - 48 : code - 55;
}

/** ICAO 9303 part 3: weights 7, 3, 1 over letters and digits, modulo 10; the last character is the check digit. */
export function isIcao(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < text.length - 1; i += 1) sum += alphanumericValue(text, i) * [7, 3, 1][i % 3]!;
  return sum % 10 === digitAt(text, text.length - 1);
}

/** ISO 7064 mod 11,10 over decimal digits, check digit last. */
export function isMod1110(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i += 1) {
    let sum = (digitAt(digits, i) + product) % 10;
    if (sum === 0) sum = 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** Multiplication and permutation tables of the dihedral group D5 (J. Verhoeff, 1969). */
const VERHOEFF_PRODUCT = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
] as const;
const VERHOEFF_PERMUTATION = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
] as const;

/** Verhoeff's check digit (last). */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const value = digitAt(VERHOEFF_PERMUTATION[i % 8]!, digitAt(digits, digits.length - 1 - i));
    check = digitAt(VERHOEFF_PRODUCT[check]!, value);
  }
  return check === 0;
}

/**
 * True for a calendar date.
 * @param year four digits, or two (then 29 February counts when either century has it)
 */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (month !== 2) return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
  return day <= (isLeap(year) ? 29 : 28);
}

/** Whether six digits YYMMDD are a date. */
export function isShortDate(digits: string): boolean {
  return isDate(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}

/** A two-digit year divisible by four was or will be a leap year: 2000 is one. */
function isLeap(year: number): boolean {
  return year % 4 === 0 && (year < 100 || year % 100 !== 0 || year % 400 === 0);
}
