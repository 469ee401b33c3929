/** Dates in figures and with month names, with times (ISO 8601, RFC 3339 and the forms people write). */
import { CONTEXT } from "./context.data.ts";
import { MONTHS } from "./months.data.ts";
import { isAlnum, isDigit, isLetter, isWordLike, type Scan } from "./scan.ts";

/**
 * Looks for a date whose first digit stands at `start`.
 * @returns its end, or -1. Bounded work.
 */
export function checkDate(scan: Scan, start: number): number {
  const before = scan.code(start - 1);
  if (isWordLike(before)) return -1;
  return numericDate(scan, start) ?? namedDate(scan, start) ?? -1;
}

function numericDate(scan: Scan, start: number): number | undefined {
  const firstEnd = digitsEnd(scan, start);
  const separator = scan.code(firstEnd);
  if (separator !== 45 && separator !== 47 && separator !== 46) return undefined;
  const before = scan.code(start - 1);
  if (before === separator || ((before === 46 || before === 44) && isDigit(scan.code(start - 2))))
    return undefined;
  const secondEnd = digitsEnd(scan, firstEnd + 1);
  const first = value(scan, start, firstEnd);
  const second = value(scan, firstEnd + 1, secondEnd);
  const firstLength = firstEnd - start;
  const secondLength = secondEnd - firstEnd - 1;
  if (secondLength === 0) return undefined;
  if (scan.code(secondEnd) !== separator || !isDigit(scan.code(secondEnd + 1))) {
    return monthOfYear(scan, start, secondEnd, first, second, firstLength, secondLength, separator);
  }
  const thirdEnd = digitsEnd(scan, secondEnd + 1);
  const third = value(scan, secondEnd + 1, thirdEnd);
  const thirdLength = thirdEnd - secondEnd - 1;
  const isYearFirst =
    firstLength === 4 && isYear(first) && isMonth(second) && isDay(third) && thirdLength <= 2;
  const isYearLast = firstLength <= 2 && secondLength <= 2 && isDayAndMonth(first, second);
  if (!isYearFirst && !(isYearLast && (thirdLength === 2 || (thirdLength === 4 && isYear(third)))))
    return undefined;
  const end = timeEnd(scan, thirdEnd);
  if (end === thirdEnd && isAlnum(scan.code(end))) return undefined;
  if (scan.code(end) === separator && isAlnum(scan.code(end + 1))) return undefined;
  const score = isYearFirst || thirdLength === 4 ? 0.85 : separator === 47 ? 0.6 : 0.55;
  return emit(scan, start, end, score, "numeric");
}

/** `5/2021`, `05/21`: rather a fraction or a card's expiry without context. */
function monthOfYear(
  scan: Scan,
  start: number,
  end: number,
  first: number,
  second: number,
  firstLength: number,
  secondLength: number,
  separator: number,
): number | undefined {
  if (separator !== 47 || firstLength > 2 || isWordLike(scan.code(end)) || scan.code(end) === 47)
    return undefined;
  const isMonthYear = isMonth(first) && ((secondLength === 4 && isYear(second)) || secondLength === 2);
  if (!isMonthYear && !(secondLength <= 2 && isDayAndMonth(first, second))) return undefined;
  const context = scan.context(start);
  if ((context & (CONTEXT.expiry | CONTEXT.card)) !== 0 && isMonthYear) {
    const isNear = (context & CONTEXT.expiry) !== 0;
    scan.add("CARD_EXPIRY", start, end, isNear ? 0.85 : 0.45, "card-expiry", "context:expiry");
  }
  const score = (context & CONTEXT.birth) !== 0 ? 0.7 : (context & CONTEXT.date) !== 0 ? 0.5 : 0.2;
  return emit(scan, start, end, score, "month-of-year");
}

/** `5 May 2021`, `May 5th, 2021`, `21-May`, `May-21`, `May 2021` around the digits at `start`. */
function namedDate(scan: Scan, start: number): number | undefined {
  const end = digitsEnd(scan, start);
  const length = end - start;
  if (length > 4 || length === 3) return undefined;
  if (
    !isNameChar(scan.code(start - 2)) &&
    !isNameChar(scan.code(start - 1)) &&
    !mayHaveMonthBehind(scan, end)
  )
    return undefined;
  const number = value(scan, start, end);
  const dayEnd = length <= 2 && isDay(number) ? ordinalEnd(scan, end) : -1;
  const monthBefore = monthBack(scan, start);
  if (monthBefore >= 0) {
    if (dayEnd > 0) {
      const full = timeEnd(scan, yearEnd(scan, dayEnd));
      if (!isWordLike(scan.code(full)))
        return emit(scan, monthBefore, full, full > dayEnd ? 0.85 : 0.6, "month-name");
    }
    if (length === 4 && isYear(number) && !isWordLike(scan.code(end))) {
      return emit(scan, monthBefore, end, 0.6, "month-name");
    }
  }
  if (dayEnd < 0) return undefined;
  const monthEnd = monthForward(scan, dayEnd);
  if (monthEnd < 0) return undefined;
  const full = timeEnd(scan, yearEnd(scan, monthEnd));
  return emit(scan, start, full, full > monthEnd ? 0.85 : 0.6, "month-name");
}

/** Whether a word may follow the day: `5 May`, `5th of May`, `5. Mai`, `5-May`. */
function mayHaveMonthBehind(scan: Scan, end: number): boolean {
  const code = scan.code(end);
  return (code === 32 || code === 45 || code === 46 || isLetter(code)) && scan.code(end + 1) > 32;
}

function emit(scan: Scan, start: number, end: number, score: number, form: string): number {
  scan.add("DATE_TIME", start, end, score, "date", form);
  if ((scan.contextSinceNumber(start) & CONTEXT.birth) !== 0) {
    scan.add("DATE_OF_BIRTH", start, end, Math.min(1, score + 0.1), "date", form, "context:birth");
  }
  return end;
}

/** End of a time behind a date: `T10:20`, ` 10:20:30.5`, with `Z`, offset or am/pm. */
function timeEnd(scan: Scan, at: number): number {
  const separator = scan.code(at);
  let from = at;
  if (separator === 84 || separator === 116 || separator === 32) from = at + 1;
  else if (separator === 44 && scan.code(at + 1) === 32) from = at + 2;
  else return at;
  const match = TIME.exec(scan.text.slice(from, from + 40));
  return match === null ? at : from + match[0].length;
}

/** RFC 3339 full-time with optional parts, and am/pm. */
export const TIME =
  /^(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\b\.?| ?(?:Z|UTC|GMT)\b|[+-]\d\d:?\d\d)?(?![\d:])/;

function yearEnd(scan: Scan, at: number): number {
  let from = at;
  if (scan.code(from) === 46) from++;
  if (scan.code(from) === 44) from++;
  while (from < at + 3 && (scan.code(from) === 32 || scan.code(from) === 45)) from++;
  if (from === at) return at;
  const end = digitsEnd(scan, from);
  return end - from === 4 && isYear(value(scan, from, end)) && !isWordLike(scan.code(end)) ? end : at;
}

function ordinalEnd(scan: Scan, end: number): number {
  const suffix = scan.text.slice(end, end + 2).toLowerCase();
  const isOrdinal = suffix === "st" || suffix === "nd" || suffix === "rd" || suffix === "th";
  const stop = isOrdinal ? end + 2 : end;
  return isWordLike(scan.code(stop)) ? -1 : stop;
}

/** Start of a month name that ends one or two characters before `start`, or -1. */
function monthBack(scan: Scan, start: number): number {
  let end = start;
  while (
    end > start - 3 &&
    (scan.code(end - 1) === 32 || scan.code(end - 1) === 45 || scan.code(end - 1) === 46)
  )
    end--;
  if (end === start) return -1;
  let from = end;
  while (from > end - 12 && isNameChar(scan.code(from - 1))) from--;
  return MONTHS.has(scan.text.slice(from, end).toLowerCase()) && !isWordLike(scan.code(from - 1)) ? from : -1;
}

/** End of a month name behind `at` (`5. de May`), or -1. */
function monthForward(scan: Scan, at: number): number {
  let from = at;
  if (scan.code(from) === 46) from++;
  while (from < at + 3 && (scan.code(from) === 32 || scan.code(from) === 45)) from++;
  if (from === at) return -1;
  const joint = scan.text.slice(from, from + 3).toLowerCase();
  if (joint === "de " || joint === "of ") from += 3;
  let end = from;
  while (end < from + 12 && isNameChar(scan.code(end))) end++;
  return MONTHS.has(scan.text.slice(from, end).toLowerCase()) && !isWordLike(scan.code(end)) ? end : -1;
}

function isNameChar(code: number): boolean {
  return isLetter(code) || (code >= 0xc0 && code < 0x250);
}

function digitsEnd(scan: Scan, from: number): number {
  let end = from;
  while (end < from + 5 && isDigit(scan.code(end))) end++;
  return end;
}

function value(scan: Scan, start: number, end: number): number {
  return Number(scan.text.slice(start, end));
}

function isYear(year: number): boolean {
  return year >= 1850 && year <= 2150;
}

function isMonth(month: number): boolean {
  return month >= 1 && month <= 12;
}

function isDay(day: number): boolean {
  return day >= 1 && day <= 31;
}

function isDayAndMonth(a: number, b: number): boolean {
  return isDay(a) && isDay(b) && (a <= 12 || b <= 12);
}
