/** Words, numbers and sentences of a text in one pass: no regular expressions, no strings, hashes instead of words. */
import { unitsOf } from "../units.ts";
import { CLASS, unitTable } from "./characters.ts";
import { emptyTokens, growSentences, growTokens, TOKEN, type Tokens } from "./token-arrays.ts";

export { TOKEN, type Tokens } from "./token-arrays.ts";

/** Longest sentence in tokens; a longer run is cut so that no later step depends on punctuation. */
const MAX_SENTENCE_TOKENS = 60;
const MAX_WORD = 64;
/** Start and factor of the FNV-1a hash of 32 bits (draft-eastlake-fnv). */
const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
/** Hash of the first so many letters of the word being read. */
const prefixHash = new Int32Array(MAX_WORD + 1);
prefixHash[0] = FNV_START;

/** Hash of a word as {@link tokenise} computes it: FNV-1a over lower-case units without diacritics. */
export function hashWord(word: string): number {
  const table = unitTable();
  let hash = FNV_START;
  for (let index = 0; index < word.length && index < MAX_WORD; index++)
    hash = Math.imul(hash ^ (table[word.charCodeAt(index)]! & 0xffff), FNV_PRIME);
  return nonZero(hash);
}

/** Hash of the stem of a single word. */
export function hashStem(word: string): number {
  const tokens = tokenise(word);
  return tokens.count === 0 ? 0 : tokens.stem[0]!;
}

/**
 * Splits `text` into tokens and sentences; linear in its length.
 * @param reuse tokens of an earlier call whose arrays may be overwritten
 */
export function tokenise(text: string, reuse?: Tokens): Tokens {
  const table = unitTable();
  const units = unitsOf(text);
  const tokens = reuse ?? emptyTokens(Math.max(16, (text.length / 4) | 0));
  tokens.count = 0;
  tokens.sentenceCount = 0;
  tokens.sentenceToken[0] = 0;
  let { start: starts, end: ends, word, stem, prefix, length: lengths } = tokens;
  let { flags: flagsOf, value: values, sentence } = tokens;
  const length = text.length;
  let at = 0;
  let opening = true;
  let sentenceFrom = 0;
  let sentenceCount = 0;
  let count = 0;
  while (at < length) {
    const unit = units[at]!;
    const info = table[unit]!;
    if ((info & CLASS.space) !== 0 && unit !== 10) {
      at++;
      continue;
    }
    if (info <= 0xffff || unit === 10) {
      if (unit !== 10 && count > 0 && ends[count - 1] === at) flagsOf[count - 1]! |= TOKEN.closed;
      if (count > sentenceFrom && isSentenceEnd(units, length, at, tokens, count)) {
        closeSentence(tokens, count, at + 1);
        sentenceFrom = count;
        sentenceCount++;
        opening = true;
      }
      at++;
      continue;
    }
    if (count + 1 >= starts.length) {
      growTokens(tokens);
      ({ start: starts, end: ends, word, stem, prefix, length: lengths } = tokens);
      ({ flags: flagsOf, value: values, sentence } = tokens);
    }
    const index = count++;
    const start = at;
    let hash = FNV_START;
    let letters = 0;
    let flags = opening ? TOKEN.opening : 0;
    let value = Number.NaN;
    if ((info & CLASS.letter) !== 0) {
      const first = info & 0xffff;
      if (first !== unit && unit < 0x530) flags |= TOKEN.capital;
      let low = info;
      do {
        if (letters < MAX_WORD) {
          hash = Math.imul(hash ^ (low & 0xffff), FNV_PRIME);
          prefixHash[++letters] = hash;
        }
        low = table[units[++at]!]!;
      } while ((low & (CLASS.letter | CLASS.digit)) !== 0);
      if (isApostrophe(units[at]!) && (table[units[at + 1]!]! & CLASS.letter) !== 0) {
        const after = table[units[at + 1]!]! & 0xffff;
        const closes = (table[units[at + 2]!]! & CLASS.letter) === 0;
        if (closes && after === 116 && (table[units[start + letters - 1]!]! & 0xffff) === 110) {
          flags |= TOKEN.negated;
          letters = Math.max(1, letters - 1);
          at += 2;
        } else if (closes && after === 115) at += 2;
        hash = prefixHash[letters]!;
      }
      if (letters === 1) flags |= TOKEN.letter;
      stem[index] = nonZero(prefixHash[stemLength(units, table, start, letters)]!);
      prefix[index] = letters >= 6 ? prefixHash[5]! : 0;
    } else {
      if ((info & CLASS.ideograph) !== 0) {
        hash = Math.imul(hash ^ unit, FNV_PRIME);
        letters = 1;
        at++;
      } else {
        value = 0;
        let scale = 0;
        while (at < length) {
          const digit = units[at]!;
          if (digit >= 48 && digit <= 57) {
            if (scale === 0) value = value * 10 + (digit - 48);
            else {
              value += (digit - 48) * scale;
              scale /= 10;
            }
          } else if ((digit === 44 || digit === 46) && (table[units[at + 1]!]! & CLASS.digit) !== 0) {
            if (digit === 46 && scale === 0) scale = 0.1;
          } else break;
          hash = digit === 44 ? hash : Math.imul(hash ^ digit, FNV_PRIME);
          letters++;
          at++;
        }
        flags |= TOKEN.number;
        // Suffixes such as 26th or 1980s belong to the number; anything longer is a word of its own.
        let tail = at;
        while (tail - at < 3 && (table[units[tail]!]! & CLASS.letter) !== 0) tail++;
        if (tail > at && tail - at <= 2) at = tail;
      }
      stem[index] = nonZero(hash);
      prefix[index] = 0;
    }
    starts[index] = start;
    ends[index] = at;
    word[index] = nonZero(hash);
    lengths[index] = letters;
    values[index] = value;
    flagsOf[index] = flags;
    sentence[index] = sentenceCount;
    opening = false;
    if (count - sentenceFrom >= MAX_SENTENCE_TOKENS) {
      closeSentence(tokens, count, at);
      sentenceFrom = count;
      sentenceCount++;
      opening = true;
    }
  }
  tokens.count = count;
  if (count > sentenceFrom) closeSentence(tokens, count, length);
  return tokens;
}

/** Zero stands for "none" in the tables. */
function nonZero(hash: number): number {
  return hash === 0 ? 1 : hash;
}

function closeSentence(tokens: Tokens, count: number, end: number): void {
  if (tokens.sentenceCount + 2 >= tokens.sentenceToken.length) growSentences(tokens);
  tokens.sentenceStart[tokens.sentenceCount] = tokens.start[tokens.sentenceToken[tokens.sentenceCount]!]!;
  tokens.sentenceEnd[tokens.sentenceCount] = end;
  tokens.sentenceCount++;
  tokens.sentenceToken[tokens.sentenceCount] = count;
}

/** A stem is always a prefix of the word, so its hash is already known: plural, past, gerund and adverb endings go. */
function stemLength(units: Uint16Array, table: Uint32Array, start: number, letters: number): number {
  if (letters <= 3) return letters;
  let keep = letters;
  const last = (back: number): number => table[units[start + keep - back]!]! & 0xffff;
  if (last(1) === 115 && last(2) !== 115 && last(2) !== 117 && !(last(2) === 105 && keep < 5)) keep--;
  if (keep > 5 && last(1) === 121 && last(2) === 108) keep -= 2;
  if (keep > 5 && last(1) === 103 && last(2) === 110 && last(3) === 105) keep -= 3;
  else if (keep > 4 && last(1) === 100 && last(2) === 101) keep -= 2;
  if (keep > 3 && (last(1) === 101 || last(1) === 121 || last(1) === 105)) keep--;
  if (keep > 3 && last(1) === 105) keep--;
  if (keep > 3 && last(1) === last(2) && last(1) !== 115 && last(1) !== 108) keep--;
  return keep;
}

function isSentenceEnd(
  units: Uint16Array,
  length: number,
  at: number,
  tokens: Tokens,
  count: number,
): boolean {
  const unit = units[at]!;
  if (unit === 10) return units[at + 1] === 10 || isListMark(units[at + 1]!);
  if (unit === 0x3002 || unit === 0xff01 || unit === 0xff1f || unit === 0x2026) return true;
  if (unit === 33 || unit === 63) return true;
  if (unit === 59) return true;
  if (unit !== 46) return false;
  const next = units[at + 1]!;
  const info = at + 1 < length ? unitTable()[next]! : CLASS.space;
  const last = count - 1;
  const touches = tokens.end[last] === at;
  if ((info & CLASS.letter) !== 0) {
    // "film.Another": two texts glued together; "U.S" is not.
    return touches && tokens.length[last]! > 2 && next < 91 && next > 64;
  }
  if ((info & CLASS.digit) !== 0) return false;
  if (!touches) return true;
  // Initials, "U.S." and titles do not end a sentence.
  if ((tokens.flags[last]! & TOKEN.letter) !== 0) return false;
  return !isAbbreviation(tokens.word[last]!);
}

function isListMark(unit: number): boolean {
  return unit === 45 || unit === 42 || unit === 0x2022 || (unit >= 48 && unit <= 57);
}

function isApostrophe(unit: number): boolean {
  return unit === 39 || unit === 0x2019;
}

let abbreviations: ReadonlySet<number> | undefined;

/** Titles and abbreviations that do not end a sentence; made on first use, as the table of units is. */
function isAbbreviation(word: number): boolean {
  abbreviations ??= new Set(
    "mr mrs ms dr st jr sr vs prof gen col sgt lt rev no inc ltd co corp approx ca est fig al"
      .split(" ")
      .map(hashWord),
  );
  return abbreviations.has(word);
}
