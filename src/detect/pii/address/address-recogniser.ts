/** Street addresses: a house number beside a street name, with what follows: unit, postcode and town. */
import type { Finding, Recogniser } from "../../types.ts";
import { nextDigit, unitsOf } from "../../units.ts";
import { addressTailEnd } from "./address-tail.ts";
import { houseEnd as houseNumberEnd, isDecade } from "./house.ts";
import { streetAfter, streetBefore, streetBetweenNumbers } from "./street.ts";

const SOURCE = "address";
const POST_BOX =
  /(?<![\p{L}\d])(?:p\.? ?o\.? ?box|post(?:al)? box|postbox|postfach|postbus|boîte postale|apartado|casella postale|caixa postal|psc|unit) \d{1,6}(?:,? box \d{1,6})?(?!\d)/giu;
/** Post offices of the armed forces of the United States, with the unit or ship before. */
const MILITARY =
  /(?:(?<![\p{L}\d])(?:USNS|USNV|USCGC|USS|PSC|CMR|Unit) [^\n]{1,40}(?:\n|, ?))?(?<![\p{L}\d])[AFD]PO,? A[AEP] \d{5}(?!\d)/gu;
/** Units that stand alone in a line of an address. */
const UNIT_LINE = /(?<![\p{L}\d])(?:apt|suite|apartment|unit|flat)\.? #?\d{1,5}[a-z]?(?![\p{L}\d])/giu;
/** Japanese and Chinese house numbers: block, lot and number signs. */
const EAST_ASIAN =
  /(?:\p{L}{1,12})?\d{1,5}(?:丁目\d{1,3}番(?:\d{1,3}号)?|番地?|号)|\d{1,5} ?\p{Script=Han}{1,6}[路街巷道弄](?!\p{L})/gu;
/** Scores: settled by a street word or a postcode; an everyday street word beside a longer number; beside a short one. */
const STRONG = 0.92;
const WEAK = 0.7;
const DOUBTFUL = 0.4;
/** A comma and a capital, or the end of the line. */
const TOWN_FOLLOWS = /^(?:, ?\p{Lu}|[ \t\r]*\n)/u;
/** Words before an address. */
const INTRODUCTION = /(?:\b(?:at|to|from|address|lives?|living|located|is|on|in|via|chez|à|en)|[:>,])$/i;
/** The last two letters of every word that {@link POST_BOX}, {@link MILITARY} and {@link UNIT_LINE} have before a number. */
const UNIT_ENDINGS: ReadonlySet<number> = new Set(
  ["ox", "ch", "us", "le", "al", "do", "sc", "it", "pt", "te", "nt", "at", "ae", "ap", "aa"].map((ending) =>
    endingKey(ending.charCodeAt(0), ending.charCodeAt(1)),
  ),
);
const YEAR_WORD = /\b(?:in|since|of|by|until|from|year|seit|depuis|desde|dal)\s$/i;

/**
 * Finds ADDRESS: "57 Birch Road, Schuppehill SN3 4VL", "Hauptstraße 12, 10115 Berlin", "12 rue de la Paix", "Via Roma
 * 10", post boxes and units. Anchored on digits; bounded work for each number, so linear in the text.
 */
export function createAddressRecogniser(): Recogniser {
  return {
    name: SOURCE,
    types: ["ADDRESS"],
    find(text) {
      const found: Finding[] = [];
      const units = unitsOf(text);
      const { length } = text;
      let hasUnit = false;
      let patterns = 0;
      for (let at = nextDigit(units, 0, length); at < length; ) {
        const end = addressAt(text, units, at, found);
        if (end < 0) {
          hasUnit ||= mayEndUnit(units, at);
          patterns |= patternsAt(units, at);
        }
        at = nextDigit(units, end > 0 ? end : numberEnd(units, at), length);
      }
      if (hasUnit && patterns !== 0) addPatterns(text, found, patterns);
      return found;
    },
  };
}

/** Adds the address around the number at `at`; returns the end of what was read, or -1. */
function addressAt(text: string, units: Uint16Array, at: number, found: Finding[]): number {
  if (at > 0 && touchesNumber(units[at - 1]!)) return -1;
  const houseEnd = houseNumberEnd(text, at);
  if (houseEnd < 0 || isDecade(units, at, houseEnd)) return -1;
  const after = streetAfter(text, houseEnd);
  if (after !== undefined) {
    const end = addressTailEnd(text, after.end);
    if (isYear(text, at, houseEnd)) return -1;
    const isSettled = after.isStrong || end > after.end;
    const isLikely =
      houseEnd - at > 2 ||
      isIntroduced(text, at) ||
      (text.charAt(after.end - 1) !== "." && TOWN_FOLLOWS.test(text.slice(after.end, after.end + 6)));
    const score = isSettled ? STRONG : isLikely ? WEAK : DOUBTFUL;
    add(found, firstNumberBefore(text, at), end, score, "street");
    return end;
  }
  const between = streetBetweenNumbers(text, houseEnd);
  if (between > 0 && !isYear(text, at, houseEnd)) {
    const end = addressTailEnd(text, between);
    add(found, at, end, WEAK, "street");
    return end;
  }
  const name = streetBefore(text, at);
  if (name !== undefined) {
    const end = addressTailEnd(text, houseEnd);
    if (!name.isSettled && end === houseEnd) return -1;
    add(found, firstNumberBefore(text, name.start), end, name.isSettled ? STRONG : WEAK, "street");
    return end;
  }
  return -1;
}

/** Whether the unit before a number makes it part of a word, an amount or a handle. */
function touchesNumber(code: number): boolean {
  if (code > 127) return /[\p{L}€£]/u.test(String.fromCharCode(code));
  const isDigit = code >= 48 && code < 58;
  const isLetter = (code >= 65 && code < 91) || (code >= 97 && code < 123);
  return isDigit || isLetter || code === 95 || code === 64 || code === 35 || code === 36;
}

/** A house number and a second number may stand before the street: "80 87 Rue Joseph Vernet". */
function firstNumberBefore(text: string, start: number): number {
  const match = /(?:^|[\s,(])(\d{1,5}[a-z]?)[ ,]{1,2}$/.exec(text.slice(Math.max(0, start - 10), start));
  return match === null ? start : start - (match[0].length - match[0].indexOf(match[1]!));
}

function isIntroduced(text: string, at: number): boolean {
  const near = text.slice(Math.max(0, at - 12), at);
  const words = near.trimEnd();
  return words === "" || near.slice(words.length).includes("\n") || INTRODUCTION.test(words);
}

/** A number from 1900 to 2099 after "in" or "since" is a year. */
function isYear(text: string, start: number, end: number): boolean {
  return (
    end - start === 4 &&
    /^(?:19|20)\d\d$/.test(text.slice(start, end)) &&
    YEAR_WORD.test(text.slice(Math.max(0, start - 8), start))
  );
}

function numberEnd(units: Uint16Array, at: number): number {
  let end = at + 1;
  while (units[end]! >= 48 && units[end]! < 58) end += 1;
  return end;
}

/**
 * Cheap test before the expressions over the whole text: does a word that may name a box or unit, an army post office, or
 * an East Asian sign stand at this number? Only the last two letters of the word before are looked at.
 */
function mayEndUnit(units: Uint16Array, at: number): boolean {
  const last = at > 1 && units[at - 2] === 46 ? at - 3 : at - 2;
  if (last > 0 && UNIT_ENDINGS.has(endingKey(units[last - 1]!, units[last]!))) return true;
  const end = numberEnd(units, at);
  const after = units[end]!;
  return (
    (after === 32 && units[end + 1]! > 0x2fff) || after === 0x4e01 || after === 0x756a || after === 0x53f7
  );
}

/** Bits of the expressions over the whole text. */
const BOX = 1;
const POST_OFFICE = 2;
const BLOCK = 4;
const UNIT = 8;
/** Expressions over the whole text, with the score and the evidence of what they find. */
const PATTERNS = [
  [BOX, POST_BOX, STRONG, "post-box"],
  [POST_OFFICE, MILITARY, STRONG, "military"],
  [BLOCK, EAST_ASIAN, 0.8, "block"],
  [UNIT, UNIT_LINE, 0.75, "unit"],
] as const;
/** The last two letters of the words before a box number (box, postfach, postbus, postale, apartado, postal, psc, unit). */
const BOX_ENDINGS: ReadonlySet<number> = new Set(
  ["ox", "ch", "us", "le", "do", "al", "sc", "it"].map((end) =>
    endingKey(end.charCodeAt(0), end.charCodeAt(1)),
  ),
);

/**
 * Which expressions can match with the number at `at`, by the characters around it: the end of the word before, an East
 * Asian sign after. Wider than the expressions themselves, never narrower.
 */
function patternsAt(units: Uint16Array, at: number): number {
  let patterns = 0;
  const direct = at > 1 ? units[at - 1]! : 0;
  if (direct === 32) {
    const letter = units[at - 2]!;
    const before = at > 2 ? units[at - 3]! : 0;
    // A long s is an s without case.
    if (letter > 127 || before > 127 || BOX_ENDINGS.has(endingKey(before, letter))) patterns |= BOX;
    if (letter === 65 || letter === 69 || letter === 80) patterns |= POST_OFFICE;
  }
  const space = direct === 35 ? at - 2 : at - 1;
  if (space > 0 && units[space] === 32 && endsUnit(units[space - 1]!)) patterns |= UNIT;
  const end = numberEnd(units, at);
  const after = units[end]!;
  if ((after === 32 ? units[end + 1]! : after) > 0x2e7f) patterns |= BLOCK;
  return patterns;
}

/** Full stop, t or e: the last character of the words before the number of a unit. */
function endsUnit(unit: number): boolean {
  return unit === 46 || (unit | 32) === 116 || (unit | 32) === 101;
}

function addPatterns(text: string, found: Finding[], patterns: number): void {
  for (const [bit, pattern, score, evidence] of PATTERNS) {
    if ((patterns & bit) === 0) continue;
    found.sort((one, other) => one.start - other.start);
    const known = found.slice();
    let next = 0;
    let last = 0;
    for (const match of text.matchAll(pattern)) {
      const start = evidence === "unit" ? match.index : firstNumberBefore(text, match.index);
      const tail = match.index + match[0].length;
      const end = evidence === "unit" || evidence === "military" ? tail : addressTailEnd(text, tail);
      while (next < known.length && known[next]!.end <= start) next += 1;
      if (start < last || (next < known.length && known[next]!.start < end)) continue;
      add(found, start, end, score, evidence);
      last = end;
    }
  }
}

/** Two letters as one number, without case. */
function endingKey(first: number, second: number): number {
  return ((first | 32) << 16) | (second | 32);
}

function add(found: Finding[], start: number, end: number, score: number, evidence: string): void {
  found.push({ type: "ADDRESS", start, end, score, source: SOURCE, evidence: [evidence] });
}
