/** Words, numbers and sentences of a text in one pass: no regular expressions, no strings, hashes instead of words. */

/** Kinds of token, combined as bits in {@link Tokens.flags}. */
export const TOKEN = {
  /** Begins with a capital letter. */
  capital: 1,
  /** First word of its sentence (a capital says nothing there). */
  opening: 2,
  /** Has a numeric value. */
  number: 4,
  /** Carried a negating contraction (`n't`). */
  negated: 8,
  /** Stands alone as a single letter. */
  letter: 16,
  /** Followed by punctuation. */
  closed: 32,
} as const;

/** Tokens of one text as parallel arrays; the first {@link Tokens.count} entries count. */
export interface Tokens {
  count: number;
  /** UTF-16 offsets, end exclusive. */
  start: Int32Array;
  end: Int32Array;
  /** Hash of the word in lower case without diacritics. */
  word: Int32Array;
  /** Hash of its stem. */
  stem: Int32Array;
  /** Hash of its first five letters, or 0 for words of fewer than six. */
  prefix: Int32Array;
  /** Length of the word in letters. */
  length: Int32Array;
  flags: Int32Array;
  /** Value of a number token, else NaN. */
  value: Float64Array;
  /** Index of the token's sentence. */
  sentence: Int32Array;
  sentenceCount: number;
  /** Where each sentence begins and ends in the text. */
  sentenceStart: Int32Array;
  sentenceEnd: Int32Array;
  /** First token of each sentence; one entry more than sentences. */
  sentenceToken: Int32Array;
}

/** Longest sentence in tokens; a longer run is cut so that no later step depends on punctuation. */
const MAX_SENTENCE_TOKENS = 60;
const LETTER = 1;
const DIGIT = 2;
const SPACE = 3;
const IDEOGRAPH = 4;
const MAX_WORD = 64;

let classes: Uint8Array | undefined;
let folded: Uint16Array | undefined;
const prefixHash = new Int32Array(MAX_WORD + 1);
const lowerUnits = new Uint16Array(MAX_WORD + 1);

/** Hash of a word as {@link tokenise} computes it: FNV-1a over lower-case units without diacritics. */
export function hashWord(word: string): number {
  const fold = foldTable();
  let hash = 0x811c9dc5 | 0;
  for (let index = 0; index < word.length && index < MAX_WORD; index++)
    hash = Math.imul(hash ^ fold[word.charCodeAt(index)]!, 0x01000193);
  return hash === 0 ? 1 : hash;
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
  const kind = classTable();
  const fold = foldTable();
  const tokens = reuse ?? emptyTokens(Math.max(16, (text.length / 4) | 0));
  tokens.count = 0;
  tokens.sentenceCount = 0;
  tokens.sentenceToken[0] = 0;
  let {
    start: starts,
    end: ends,
    word,
    stem,
    prefix,
    length: lengths,
    flags: flagsOf,
    value: values,
  } = tokens;
  let sentence = tokens.sentence;
  const length = text.length;
  let at = 0;
  let opening = true;
  let sentenceFrom = 0;
  let sentenceCount = 0;
  let count = 0;
  while (at < length) {
    const unit = text.charCodeAt(at);
    const unitKind = kind[unit]!;
    if (unitKind === SPACE && unit !== 10) {
      at++;
      continue;
    }
    if (unitKind === 0 || unitKind === SPACE) {
      if (unitKind === 0 && count > 0 && ends[count - 1] === at) flagsOf[count - 1]! |= TOKEN.closed;
      tokens.count = count;
      if (count > sentenceFrom && isSentenceEnd(text, at, unit, kind, tokens)) {
        closeSentence(tokens, at + 1);
        sentenceFrom = count;
        sentenceCount++;
        opening = true;
      }
      at++;
      continue;
    }
    if (count + 1 >= starts.length) {
      growTokens(tokens);
      ({
        start: starts,
        end: ends,
        word,
        stem,
        prefix,
        length: lengths,
        flags: flagsOf,
        value: values,
      } = tokens);
      sentence = tokens.sentence;
    }
    const index = count++;
    const start = at;
    let hash = 0x811c9dc5 | 0;
    let letters = 0;
    let flags = opening ? TOKEN.opening : 0;
    let value = Number.NaN;
    if (unitKind === DIGIT) {
      value = 0;
      let scale = 0;
      while (at < length) {
        const digit = text.charCodeAt(at);
        if (digit >= 48 && digit <= 57) {
          if (scale === 0) value = value * 10 + (digit - 48);
          else {
            value += (digit - 48) * scale;
            scale /= 10;
          }
        } else if ((digit === 44 || digit === 46) && kind[text.charCodeAt(at + 1)] === DIGIT) {
          if (digit === 46 && scale === 0) scale = 0.1;
        } else break;
        hash = digit === 44 ? hash : Math.imul(hash ^ digit, 0x01000193);
        letters++;
        at++;
      }
      flags |= TOKEN.number;
      // Suffixes such as 26th or 1980s belong to the number; anything longer is a word of its own.
      let tail = at;
      while (tail < length && tail - at < 3 && kind[text.charCodeAt(tail)] === LETTER) tail++;
      if (tail > at && tail - at <= 2 && kind[text.charCodeAt(tail)] !== LETTER) at = tail;
    } else if (unitKind === IDEOGRAPH) {
      hash = Math.imul(hash ^ unit, 0x01000193);
      letters = 1;
      at++;
    } else {
      const first = fold[unit]!;
      if (first !== unit && unit < 0x530) flags |= TOKEN.capital;
      prefixHash[0] = hash;
      while (at < length) {
        const next = text.charCodeAt(at);
        const nextKind = kind[next]!;
        if (nextKind === LETTER || nextKind === DIGIT) {
          const low = fold[next]!;
          if (letters < MAX_WORD) {
            hash = Math.imul(hash ^ low, 0x01000193);
            lowerUnits[letters] = low;
            letters++;
            prefixHash[letters] = hash;
          }
          at++;
        } else break;
      }
      if (at + 1 < length && isApostrophe(text.charCodeAt(at)) && kind[text.charCodeAt(at + 1)] === LETTER) {
        const after = fold[text.charCodeAt(at + 1)]!;
        const ends = kind[text.charCodeAt(at + 2)] !== LETTER || at + 2 >= length;
        if (ends && after === 116 && lowerUnits[letters - 1] === 110) {
          flags |= TOKEN.negated;
          letters = Math.max(1, letters - 1);
          at += 2;
        } else if (ends && after === 115) at += 2;
        hash = prefixHash[letters]!;
      }
    }
    starts[index] = start;
    ends[index] = at;
    word[index] = hash === 0 ? 1 : hash;
    lengths[index] = letters;
    values[index] = value;
    const isWord = unitKind === LETTER;
    if (isWord && letters === 1) flags |= TOKEN.letter;
    stem[index] = isWord ? stemHash(letters) : hash === 0 ? 1 : hash;
    prefix[index] = isWord && letters >= 6 ? prefixHash[5]! : 0;
    flagsOf[index] = flags;
    sentence[index] = sentenceCount;
    opening = false;
    if (count - sentenceFrom >= MAX_SENTENCE_TOKENS) {
      tokens.count = count;
      closeSentence(tokens, at);
      sentenceFrom = count;
      sentenceCount++;
      opening = true;
    }
  }
  tokens.count = count;
  if (count > sentenceFrom) closeSentence(tokens, length);
  return tokens;
}

function closeSentence(tokens: Tokens, end: number): void {
  if (tokens.sentenceCount + 2 >= tokens.sentenceToken.length) growSentences(tokens);
  tokens.sentenceStart[tokens.sentenceCount] = tokens.start[tokens.sentenceToken[tokens.sentenceCount]!]!;
  tokens.sentenceEnd[tokens.sentenceCount] = end;
  tokens.sentenceCount++;
  tokens.sentenceToken[tokens.sentenceCount] = tokens.count;
}

/** A stem is always a prefix of the word, so its hash is already known: plural, past, gerund and adverb endings go. */
function stemHash(letters: number): number {
  let keep = letters;
  const last = (back: number): number => lowerUnits[keep - back]!;
  if (keep > 3 && last(1) === 115 && last(2) !== 115 && last(2) !== 117 && !(last(2) === 105 && keep < 5))
    keep--;
  if (keep > 5 && last(1) === 121 && last(2) === 108) keep -= 2;
  if (keep > 5 && last(1) === 103 && last(2) === 110 && last(3) === 105) keep -= 3;
  else if (keep > 4 && last(1) === 100 && last(2) === 101) keep -= 2;
  if (keep > 3 && (last(1) === 101 || last(1) === 121 || last(1) === 105)) keep--;
  if (keep > 3 && last(1) === 105) keep--;
  if (keep > 3 && last(1) === last(2) && last(1) !== 115 && last(1) !== 108) keep--;
  const hash = prefixHash[keep]!;
  return hash === 0 ? 1 : hash;
}

function isSentenceEnd(text: string, at: number, unit: number, kind: Uint8Array, tokens: Tokens): boolean {
  if (unit === 10) return text.charCodeAt(at + 1) === 10 || isListMark(text.charCodeAt(at + 1));
  if (unit === 0x3002 || unit === 0xff01 || unit === 0xff1f || unit === 0x2026) return true;
  if (unit === 33 || unit === 63) return true;
  if (unit === 59) return true;
  if (unit !== 46) return false;
  const next = text.charCodeAt(at + 1);
  const nextKind = at + 1 < text.length ? kind[next]! : SPACE;
  const last = tokens.count - 1;
  if (last < 0) return false;
  const touches = tokens.end[last] === at;
  if (nextKind === LETTER) {
    // "film.Another": two texts glued together; "U.S" is not.
    return touches && tokens.length[last]! > 2 && next < 91 && next > 64;
  }
  if (nextKind === DIGIT) return false;
  if (!touches) return true;
  // Initials, "U.S." and titles do not end a sentence.
  if ((tokens.flags[last]! & TOKEN.letter) !== 0) return false;
  return !ABBREVIATIONS.has(tokens.word[last]!);
}

function isListMark(unit: number): boolean {
  return unit === 45 || unit === 42 || unit === 0x2022 || (unit >= 48 && unit <= 57);
}

function isApostrophe(unit: number): boolean {
  return unit === 39 || unit === 0x2019;
}

function emptyTokens(capacity: number): Tokens {
  return {
    count: 0,
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    word: new Int32Array(capacity),
    stem: new Int32Array(capacity),
    prefix: new Int32Array(capacity),
    length: new Int32Array(capacity),
    flags: new Int32Array(capacity),
    value: new Float64Array(capacity),
    sentence: new Int32Array(capacity),
    sentenceCount: 0,
    sentenceStart: new Int32Array(16),
    sentenceEnd: new Int32Array(16),
    sentenceToken: new Int32Array(17),
  };
}

function growTokens(tokens: Tokens): void {
  tokens.start = doubled(tokens.start);
  tokens.end = doubled(tokens.end);
  tokens.word = doubled(tokens.word);
  tokens.stem = doubled(tokens.stem);
  tokens.prefix = doubled(tokens.prefix);
  tokens.length = doubled(tokens.length);
  tokens.flags = doubled(tokens.flags);
  tokens.sentence = doubled(tokens.sentence);
  const value = new Float64Array(tokens.value.length * 2);
  value.set(tokens.value);
  tokens.value = value;
}

function growSentences(tokens: Tokens): void {
  tokens.sentenceStart = doubled(tokens.sentenceStart);
  tokens.sentenceEnd = doubled(tokens.sentenceEnd);
  tokens.sentenceToken = doubled(tokens.sentenceToken);
}

function doubled(array: Int32Array): Int32Array {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

function classTable(): Uint8Array {
  if (classes !== undefined) return classes;
  const table = new Uint8Array(65536);
  for (let unit = 0; unit < 65536; unit++) {
    if (unit >= 48 && unit <= 57) table[unit] = DIGIT;
    else if ((unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)) table[unit] = LETTER;
    else if (unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || (unit >= 0x2000 && unit <= 0x200a))
      table[unit] = SPACE;
    else if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7) table[unit] = 0;
    else if (
      (unit >= 0x2000 && unit <= 0x2bff) ||
      (unit >= 0x3000 && unit <= 0x303f) ||
      (unit >= 0xfe00 && unit <= 0xfe6f)
    )
      table[unit] = 0;
    else if (unit >= 0xff00 && unit <= 0xff0f) table[unit] = 0;
    else if (unit >= 0xd800 && unit <= 0xf8ff) table[unit] = 0;
    else if ((unit >= 0x3040 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7af))
      table[unit] = IDEOGRAPH;
    else table[unit] = LETTER;
  }
  classes = table;
  return table;
}

function foldTable(): Uint16Array {
  if (folded !== undefined) return folded;
  const table = new Uint16Array(65536);
  for (let unit = 0; unit < 65536; unit++) table[unit] = unit;
  for (let unit = 65; unit <= 90; unit++) table[unit] = unit + 32;
  for (let unit = 0xc0; unit < 0x250; unit++) {
    const base = String.fromCharCode(unit).toLowerCase().normalize("NFD").charCodeAt(0);
    table[unit] = base;
  }
  for (let unit = 0x370; unit < 0x530; unit++) {
    const lower = String.fromCharCode(unit).toLowerCase();
    if (lower.length === 1) table[unit] = lower.charCodeAt(0);
  }
  folded = table;
  return table;
}

const ABBREVIATIONS: ReadonlySet<number> = new Set(
  [
    "mr",
    "mrs",
    "ms",
    "dr",
    "st",
    "jr",
    "sr",
    "vs",
    "prof",
    "gen",
    "col",
    "sgt",
    "lt",
    "rev",
    "no",
    "inc",
    "ltd",
    "co",
    "corp",
    "approx",
    "ca",
    "est",
    "fig",
    "al",
  ].map(hashWord),
);
