/** Splits a text into words for the tagger: one pass, flat arrays, no strings. */
import { unitsOf } from "../../units.ts";
import { CASELESS, characterTable, DIGIT, LOWER, MARK, OTHER, UPPER } from "./characters.ts";

/** Shapes of words. */
export const SHAPE = {
  lower: 0,
  capitalised: 1,
  upper: 2,
  initial: 3,
  mixed: 4,
  digits: 5,
  alphanumeric: 6,
  caseless: 7,
  innerUpper: 8,
} as const;

/** What stands between a word and the one before it; the strongest mark of the gap wins. */
export const GAP = {
  space: 0,
  hyphen: 1,
  apostrophe: 2,
  ampersand: 3,
  comma: 4,
  slash: 5,
  quote: 6,
  parenthesis: 7,
  colon: 8,
  handle: 9,
  other: 10,
  period: 11,
  exclamation: 12,
  newline: 13,
  start: 14,
} as const;

/** Kinds of lines by the case of their words. */
export const LINE = { normal: 0, title: 1, upper: 2, lower: 3, short: 4 } as const;

/** The words of one text; arrays are longer than `count`. Reused between texts: read it before the next `scan`. */
export interface TokenBuffer {
  count: number;
  /** First UTF-16 unit of each word. */
  start: Int32Array;
  /** UTF-16 unit after each word. */
  end: Int32Array;
  /** FNV-1a hash of the lower-case word; all digits hash alike. */
  hash: Int32Array;
  /** One of SHAPE. */
  shape: Uint8Array;
  /** One of GAP: what stands before the word. */
  gap: Uint8Array;
  /** One of LINE: the line the word stands in. */
  line: Uint8Array;
}

/** Offset basis and prime of 32-bit FNV-1a (Fowler, Noll, Vo; public domain). */
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
/** Words in a buffer to start with, and the most that are kept for the next text. */
const INITIAL_WORDS = 1024;
const KEPT_WORDS = 65536;
const APOSTROPHE = 0x27;
const RIGHT_QUOTE = 0x2019;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const SMALL_S = 0x73;
const SMALL_A = 0x61;
const SMALL_Z = 0x7a;

const GAP_OF = buildGaps();

/** An empty buffer. */
export function createTokenBuffer(): TokenBuffer {
  return allocate(INITIAL_WORDS);
}

/** Hash of one lower-case ASCII or Latin word without digits and apostrophes, as {@link scanTokens} computes it. */
export function hashWord(word: string): number {
  let hash = FNV_BASIS;
  for (let i = 0; i < word.length; i += 1) hash = Math.imul(hash ^ word.charCodeAt(i), FNV_PRIME);
  return hash;
}

/**
 * Fills `buffer` with the words of `text`: runs of letters, marks and digits; an apostrophe between letters belongs to
 * the word unless it begins a possessive "'s"; a hyphen separates. Linear.
 */
export function scanTokens(text: string, buffer: TokenBuffer): void {
  const table = characterTable();
  if (buffer.start.length > KEPT_WORDS) Object.assign(buffer, allocate(INITIAL_WORDS));
  let { start, end, hash: hashes, shape: shapes, gap: gaps } = buffer;
  let capacity = start.length;
  const length = text.length;
  const units = unitsOf(text);
  let count = 0;
  let gap: number = GAP.start;
  let lineStart = 0;
  let capitals = 0;
  let uppers = 0;
  let lowers = 0;
  let i = 0;
  while (i < length) {
    let code = units[i]!;
    let entry = table[code]!;
    let kind = entry >>> 16;
    if (kind === OTHER || kind === MARK) {
      if (code !== SPACE) {
        const mark = code < 128 ? GAP_OF[code]! : gapOf(code);
        if (mark > gap) gap = mark;
        if (code === NEWLINE) {
          closeLine(buffer, lineStart, count, capitals, uppers, lowers);
          lineStart = count;
          capitals = 0;
          uppers = 0;
          lowers = 0;
        }
      }
      i += 1;
      continue;
    }
    if (count === capacity) {
      grow(buffer);
      ({ start, end, hash: hashes, shape: shapes, gap: gaps } = buffer);
      capacity = start.length;
    }
    start[count] = i;
    gaps[count] = gap;
    gap = GAP.space;
    const first = kind;
    let hash = FNV_BASIS;
    let kinds = 0;
    let upperCount = 0;
    if (code >= SMALL_A && code <= SMALL_Z) {
      // Most words of most texts are plain small letters: this loop is all the work they need.
      const from = i;
      do {
        hash = Math.imul(hash ^ code, FNV_PRIME);
        i += 1;
        code = i < length ? units[i]! : SPACE;
      } while (code >= SMALL_A && code <= SMALL_Z);
      if (code === SPACE || (code < 128 && code !== APOSTROPHE && table[code]! >>> 16 === OTHER)) {
        end[count] = i;
        hashes[count] = hash;
        shapes[count] = SHAPE.lower;
        lowers += 1;
        count += 1;
        continue;
      }
      hash = FNV_BASIS;
      i = from;
    }
    for (;;) {
      hash = Math.imul(hash ^ (entry & 0xffff), FNV_PRIME);
      kinds |= 1 << kind;
      if (kind === UPPER) upperCount += 1;
      i += 1;
      if (i >= length) break;
      code = units[i]!;
      entry = table[code]!;
      kind = entry >>> 16;
      if (kind === OTHER) {
        if ((code !== APOSTROPHE && code !== RIGHT_QUOTE) || !joinsWord(units, length, i, table)) break;
        hash = Math.imul(hash ^ APOSTROPHE, FNV_PRIME);
        i += 1;
        entry = table[units[i]!]!;
        kind = entry >>> 16;
      }
    }
    end[count] = i;
    hashes[count] = hash;
    if (kinds === 1 << LOWER) {
      shapes[count] = SHAPE.lower;
      lowers += 1;
    } else {
      const shape = shapeOf(kinds, first, upperCount);
      shapes[count] = shape;
      if (shape === SHAPE.upper) uppers += 1;
      else if (shape === SHAPE.capitalised || shape === SHAPE.mixed) capitals += 1;
    }
    count += 1;
  }
  closeLine(buffer, lineStart, count, capitals, uppers, lowers);
  buffer.count = count;
}

/** Whether the apostrophe at `i` stands between two letters and begins no possessive. */
function joinsWord(units: Uint16Array, length: number, i: number, table: Uint32Array): boolean {
  if (i + 1 >= length) return false;
  const code = units[i + 1]!;
  const next = table[code]! >>> 16;
  if (next !== LOWER && next !== UPPER) return false;
  return (code | 32) !== SMALL_S || (i + 2 < length && table[units[i + 2]!]! >>> 16 !== OTHER);
}

function shapeOf(kinds: number, first: number, upperCount: number): number {
  if ((kinds & (1 << DIGIT)) !== 0) return (kinds & ~(1 << DIGIT)) === 0 ? SHAPE.digits : SHAPE.alphanumeric;
  if ((kinds & (1 << CASELESS)) !== 0) return SHAPE.caseless;
  if (upperCount === 0) return SHAPE.lower;
  if (first !== UPPER) return SHAPE.innerUpper;
  if ((kinds & (1 << LOWER)) === 0) return upperCount === 1 ? SHAPE.initial : SHAPE.upper;
  return upperCount === 1 ? SHAPE.capitalised : SHAPE.mixed;
}

function closeLine(
  buffer: TokenBuffer,
  from: number,
  to: number,
  capitals: number,
  uppers: number,
  lowers: number,
): void {
  const words = capitals + uppers + lowers;
  let kind: number;
  if (words < 4) kind = words > 0 && capitals + uppers === 0 ? LINE.lower : LINE.short;
  else if (uppers >= words * 0.7) kind = LINE.upper;
  else if (capitals + uppers >= words * 0.65) kind = LINE.title;
  else kind = capitals + uppers === 0 ? LINE.lower : LINE.normal;
  const { line } = buffer;
  for (let i = from; i < to; i += 1) line[i] = kind;
}

function allocate(words: number): TokenBuffer {
  return {
    count: 0,
    start: new Int32Array(words),
    end: new Int32Array(words),
    hash: new Int32Array(words),
    shape: new Uint8Array(words),
    gap: new Uint8Array(words),
    line: new Uint8Array(words),
  };
}

function grow(buffer: TokenBuffer): void {
  const larger = allocate(buffer.start.length * 2);
  larger.start.set(buffer.start);
  larger.end.set(buffer.end);
  larger.hash.set(buffer.hash);
  larger.shape.set(buffer.shape);
  larger.gap.set(buffer.gap);
  larger.line.set(buffer.line);
  Object.assign(buffer, larger, { count: buffer.count });
}

function buildGaps(): Uint8Array {
  const gaps = new Uint8Array(128).fill(GAP.other);
  const set = (characters: string, gap: number) => {
    for (const character of characters) gaps[character.charCodeAt(0)] = gap;
  };
  set(" \t\r", GAP.space);
  set("-", GAP.hyphen);
  set("'`", GAP.apostrophe);
  set("&+", GAP.ampersand);
  set(",;", GAP.comma);
  set("/\\|", GAP.slash);
  set('"', GAP.quote);
  set("()[]{}<>", GAP.parenthesis);
  set(":", GAP.colon);
  set("@#", GAP.handle);
  set(".", GAP.period);
  set("!?", GAP.exclamation);
  set("\n", GAP.newline);
  return gaps;
}

function gapOf(code: number): number {
  if (code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200b)) return GAP.space;
  if (code === 0x2010 || code === 0x2011) return GAP.hyphen;
  if (code === RIGHT_QUOTE || code === 0x2018) return GAP.apostrophe;
  if (code === 0x201c || code === 0x201d || code === 0x201e || code === 0xab || code === 0xbb)
    return GAP.quote;
  if (code === 0x3001 || code === 0xff0c) return GAP.comma;
  if (code === 0x3002) return GAP.period;
  if (code === 0x2028 || code === 0x2029) return GAP.newline;
  return GAP.other;
}
