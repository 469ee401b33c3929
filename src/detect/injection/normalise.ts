import { unitsOf } from "../units.ts";
import { DROPPED, foldAstral, foldTable } from "./fold-table.ts";

/** What the one pass over a text counted; decides which decoders and heads run at all. */
export interface TextCounts {
  /** Letters of any script after folding. */
  letters: number;
  /** ASCII capitals in the original. */
  capitals: number;
  /** ASCII capitals directly after a small letter. */
  camels: number;
  /** Letters that are not ASCII after folding. */
  foreignLetters: number;
  digits: number;
  /** Invisible units that were dropped (zero-width, tags excluded). */
  invisible: number;
  /** Unicode tag characters (U+E0020-E007E) that were read as ASCII. */
  tags: number;
  /** Non-ASCII units read as an ASCII letter: accents, full width, look-alikes. */
  foldedLetters: number;
  /** Digits or leet symbols with a letter directly before or after. */
  leet: number;
  /** ASCII punctuation except comma, full stop and bar. */
  symbols: number;
  percents: number;
  backslashes: number;
  newlines: number;
  pipes: number;
  /** Longest run of letters, digits, plus, slash and equals sign, in units. */
  longestRun: number;
  /** Words of exactly one letter, ASCII. */
  singleLetters: number;
}

/** A text as the models read it. `codes[0..length)` are lower-case folded units; runs of white space are one space. */
export interface FoldedText {
  /** Folded units, then one space; longer than `length` because the buffer is reused. */
  codes: Uint16Array;
  /** For each folded unit the offset of the unit it came from; `offsets[length]` is the length of the original. */
  offsets: Int32Array;
  length: number;
  /** Folded positions at which a new line starts (first one 0), in order; `lineCount` of them. */
  lineStarts: Int32Array;
  lineCount: number;
  counts: TextCounts;
}

/** Room for one text at a time; it grows to the longest text seen and is reused. */
export function createFoldBuffer(): FoldedText {
  return {
    codes: new Uint16Array(1024),
    offsets: new Int32Array(1025),
    length: 0,
    lineStarts: new Int32Array(256),
    lineCount: 0,
    counts: emptyCounts(),
  };
}

/** Bits of {@link ASCII_CLASS}. */
const LETTER = 1;
const DIGIT = 2;
const RUN = 4;
const LEET = 8;

/** Classes of ASCII units for the counts. */
const ASCII_CLASS: Uint8Array = buildAsciiClass();

/**
 * Folds a text: case, accents, full width, look-alikes, mathematical letters, tags, zero-width characters, white space.
 * Digits all become `0` so that n-grams do not learn numbers. Linear; writes into `into` and returns it.
 */
export function foldText(text: string, into: FoldedText): FoldedText {
  const table = foldTable();
  const units = unitsOf(text);
  const textLength = text.length;
  reserve(into, textLength);
  const { codes, offsets, counts } = into;
  resetCounts(counts);
  let { lineStarts } = into;
  lineStarts[0] = 0;
  let lineCount = 1;
  let length = 0;
  let previous = 32;
  let run = 0;
  let longestRun = 0;
  let letters = 0;
  let digits = 0;
  let previousClass = 0;
  let wordLetters = 0;
  let previousUnit = 0;
  for (let index = 0; index < textLength; index++) {
    const start = index;
    let unit = units[index]!;
    if (unit >= 97 && unit <= 122) {
      // Most of most texts are runs of small letters: this loop is all the work they need.
      if ((previousClass & LEET) !== 0) counts.leet++;
      const from = index;
      do {
        codes[length] = unit;
        offsets[length] = index;
        length++;
        index++;
        previousUnit = unit;
        unit = units[index]!;
      } while (unit >= 97 && unit <= 122);
      const size = index - from;
      run += size;
      letters += size;
      wordLetters += size;
      previousClass = LETTER | RUN;
      previous = previousUnit;
      index--;
      continue;
    }
    if (unit >= 0xdb40 && isAsciiTwin(unit)) {
      // Full width and tags repeat ASCII: read them as it, so that capitals and symbols count alike.
      if (unit >= 0xff01) unit -= 0xfee0;
      else {
        const tag = units[index + 1]!;
        if (tag >= 0xdc20 && tag <= 0xdc7e) {
          unit = tag & 0x7f;
          index++;
          counts.tags++;
        }
      }
    }
    let code: number;
    if (unit < 128) {
      const kind = ASCII_CLASS[unit]!;
      if ((kind & RUN) !== 0) run++;
      else {
        if (run > longestRun) longestRun = run;
        run = 0;
      }
      if ((kind & LETTER) !== 0) {
        letters++;
        wordLetters++;
        if (unit < 97) {
          counts.capitals++;
          if (previousUnit >= 97 && previousUnit <= 122) counts.camels++;
          code = unit + 32;
        } else code = unit;
        if ((previousClass & LEET) !== 0) counts.leet++;
      } else {
        if (wordLetters === 1 && (kind & DIGIT) === 0) counts.singleLetters++;
        if ((kind & LEET) !== 0 && wordLetters > 0) counts.leet++;
        wordLetters = 0;
        if ((kind & DIGIT) !== 0) {
          digits++;
          code = 48;
        } else if (unit <= 32) {
          if (unit === 10) {
            counts.newlines++;
            if (lineCount === lineStarts.length) lineStarts = growLines(into);
            lineStarts[lineCount++] = previous === 32 ? length : length + 1;
          }
          code = 32;
        } else {
          code = unit;
          if (unit !== 44 && unit !== 46 && unit !== 124) counts.symbols++;
          if (unit === 37) counts.percents++;
          else if (unit === 92) counts.backslashes++;
          else if (unit === 124) counts.pipes++;
        }
      }
      previousClass = kind;
      previousUnit = unit;
    } else {
      if (run > longestRun) longestRun = run;
      run = 0;
      if (unit >= 0xd800 && unit <= 0xdbff && index + 1 < text.length) {
        const codePoint = text.codePointAt(index) ?? unit;
        code = foldAstral(codePoint);
        if (code === DROPPED) counts.invisible++;
        if (codePoint > 0xffff) index++;
      } else {
        code = table[unit]!;
        if (code === DROPPED) {
          if (unit < 0x0300 || unit > 0x0670) counts.invisible++;
          continue;
        }
      }
      if (code === DROPPED) continue;
      previousUnit = 0;
      if (code < 128) {
        const kind = ASCII_CLASS[code]!;
        if ((kind & LETTER) !== 0) {
          counts.foldedLetters++;
          letters++;
          wordLetters++;
        } else if ((kind & DIGIT) !== 0) {
          digits++;
          code = 48;
        } else wordLetters = 0;
        previousClass = kind & LETTER;
      } else {
        letters++;
        counts.foreignLetters++;
        wordLetters += 2;
        previousClass = LETTER;
      }
    }
    if (code === 32) {
      if (previous === 32) continue;
    }
    codes[length] = code;
    offsets[length] = start;
    length++;
    previous = code;
  }
  if (run > longestRun) longestRun = run;
  if (wordLetters === 1) counts.singleLetters++;
  codes[length] = 32;
  offsets[length] = text.length;
  counts.letters = letters;
  counts.digits = digits;
  counts.longestRun = longestRun;
  into.length = length;
  into.lineCount = lineCount;
  return into;
}

function emptyCounts(): TextCounts {
  return {
    letters: 0,
    capitals: 0,
    camels: 0,
    foreignLetters: 0,
    digits: 0,
    invisible: 0,
    tags: 0,
    foldedLetters: 0,
    leet: 0,
    symbols: 0,
    percents: 0,
    backslashes: 0,
    newlines: 0,
    pipes: 0,
    longestRun: 0,
    singleLetters: 0,
  };
}

/** High surrogate of the tags (U+E0000), or full-width ASCII. */
function isAsciiTwin(unit: number): boolean {
  return unit === 0xdb40 || (unit >= 0xff01 && unit <= 0xff5e);
}

function resetCounts(counts: TextCounts): void {
  counts.letters = 0;
  counts.capitals = 0;
  counts.camels = 0;
  counts.foreignLetters = 0;
  counts.digits = 0;
  counts.invisible = 0;
  counts.tags = 0;
  counts.foldedLetters = 0;
  counts.leet = 0;
  counts.symbols = 0;
  counts.percents = 0;
  counts.backslashes = 0;
  counts.newlines = 0;
  counts.pipes = 0;
  counts.longestRun = 0;
  counts.singleLetters = 0;
}

function reserve(into: FoldedText, textLength: number): void {
  if (into.codes.length > textLength) return;
  const size = 2 ** Math.ceil(Math.log2(textLength + 1));
  into.codes = new Uint16Array(size);
  into.offsets = new Int32Array(size + 1);
}

function growLines(into: FoldedText): Int32Array {
  const grown = new Int32Array(into.lineStarts.length * 2);
  grown.set(into.lineStarts);
  into.lineStarts = grown;
  return grown;
}

function buildAsciiClass(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 65; code <= 90; code++) classes[code] = LETTER | RUN;
  for (let code = 97; code <= 122; code++) classes[code] = LETTER | RUN;
  for (let code = 48; code <= 57; code++) classes[code] = DIGIT | RUN;
  for (const symbol of "+/=") classes[symbol.charCodeAt(0)]! |= RUN;
  for (const symbol of "0134578@$") classes[symbol.charCodeAt(0)]! |= LEET;
  return classes;
}
