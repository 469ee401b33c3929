/** Hashed features of one word in its context, and what the word lists say of it. Shared by training and use. */
import { characterTable } from "./characters.ts";
import { classesOf, type Gazetteer, phraseHash, WORD } from "./gazetteer.ts";
import { GAP, SHAPE, type TokenBuffer } from "./tokens.ts";

/** Number of features of a word. */
export const FEATURES = 35;

/** Kinds of features, so that training can hide some of them. */
export const FEATURE_KIND = { other: 0, word: 1, context: 2 } as const;

/** Kind of each feature (one of FEATURE_KIND), by its number. */
export const FEATURE_KINDS: Uint8Array = Uint8Array.from([
  0, 1, 1, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 2, 2, 0,
]);

/** What is known of every word before features are made; arrays as long as those of the token buffer. */
export interface WordFacts {
  /** Bits of WORD; -1 = not looked up yet. */
  classes: Int32Array;
  /** Position inside the longest known place phrase: 0 = none, 1 = first word, 2 = later word. */
  phrase: Uint8Array;
}

/** Hash standing for "no word there". */
const NOTHING = 0x2545f491;
/** Shape standing for "no word there". */
const NO_SHAPE = 15;
const MAX_PHRASE_WORDS = 4;

/** Facts for a buffer of `words` words. */
export function createWordFacts(words: number): WordFacts {
  return { classes: new Int32Array(words), phrase: new Uint8Array(words) };
}

/**
 * Looks up every word that is capitalised or, in lower case, may matter (see `Gazetteer.lower`), and every phrase of up
 * to four words that begins like a known place. Linear.
 */
export function lookUpWords(tokens: TokenBuffer, gazetteer: Gazetteer, facts: WordFacts): void {
  if (facts.classes.length < tokens.start.length) Object.assign(facts, createWordFacts(tokens.start.length));
  const { classes, phrase } = facts;
  const { count, shape, hash } = tokens;
  const { lower } = gazetteer;
  const lowerMask = lower.length * 32 - 1;
  for (let i = 0; i < count; i += 1) {
    phrase[i] = 0;
    const word = hash[i]!;
    const kind = shape[i]!;
    if (kind === SHAPE.lower) {
      const bit = (word ^ (word >>> 15)) & lowerMask;
      classes[i] = (lower[bit >>> 5]! & (1 << (bit & 31))) === 0 ? -1 : classesOf(gazetteer, word);
    } else classes[i] = kind === SHAPE.digits ? 0 : classesOf(gazetteer, word);
  }
  for (let i = 0; i + 1 < count; i += 1)
    if (classes[i]! > 0 && (classes[i]! & WORD.placeStart) !== 0 && shape[i] !== SHAPE.lower)
      i = markPhrase(tokens, gazetteer, phrase, i);
}

/** Marks the longest known place phrase that begins at `from`; returns its last word, or `from`. */
function markPhrase(tokens: TokenBuffer, gazetteer: Gazetteer, phrase: Uint8Array, from: number): number {
  let hash = phraseHash(0, tokens.hash[from]!);
  let longest = from;
  for (let j = from + 1; j < tokens.count && j < from + MAX_PHRASE_WORDS; j += 1) {
    const gap = tokens.gap[j]!;
    if (gap > GAP.apostrophe && gap !== GAP.period) break;
    hash = phraseHash(hash, tokens.hash[j]!);
    if ((classesOf(gazetteer, hash) & WORD.placePhrase) !== 0) longest = j;
  }
  if (longest > from) {
    phrase[from] = 1;
    for (let j = from + 1; j <= longest; j += 1) phrase[j] = 2;
  }
  return longest;
}

/** Bits of WORD of word `i`, looked up when that was not done yet; 0 beyond the text. */
export function classesAt(tokens: TokenBuffer, gazetteer: Gazetteer, facts: WordFacts, i: number): number {
  if (i < 0 || i >= tokens.count) return 0;
  let classes = facts.classes[i]!;
  if (classes < 0) {
    classes = classesOf(gazetteer, tokens.hash[i]!);
    facts.classes[i] = classes;
  }
  return classes;
}

/**
 * Writes the {@link FEATURES} features of word `i` as pairs of values into `left` and `right`; {@link featureRow} turns
 * a pair into a row of weights.
 * @param before label of the word before, `before2` of the one before that
 */
export function wordFeatures(
  text: string,
  tokens: TokenBuffer,
  gazetteer: Gazetteer,
  facts: WordFacts,
  i: number,
  before: number,
  before2: number,
  left: Int32Array,
  right: Int32Array,
): void {
  const { hash, shape, gap, line, start, end } = tokens;
  const last = tokens.count - 1;
  const w = hash[i]!;
  const s = shape[i]!;
  const g = classesAt(tokens, gazetteer, facts, i);
  const pg = classesAt(tokens, gazetteer, facts, i - 1);
  const ng = classesAt(tokens, gazetteer, facts, i + 1);
  const gapBefore = gap[i]!;
  const gapAfter = i < last ? gap[i + 1]! : GAP.start;
  const p1 = i > 0 ? hash[i - 1]! : NOTHING;
  const p2 = i > 1 ? hash[i - 2]! : NOTHING;
  const n1 = i < last ? hash[i + 1]! : NOTHING;
  const n2 = i + 1 < last ? hash[i + 2]! : NOTHING;
  const ps = i > 0 ? shape[i - 1]! : NO_SHAPE;
  const ns = i < last ? shape[i + 1]! : NO_SHAPE;
  const lineKind = line[i]!;
  const isStart = gapBefore >= GAP.quote ? 1 : 0;
  const from = start[i]!;
  const to = end[i]!;
  const length = to - from;
  const table = characterTable();
  const a = table[text.charCodeAt(to - 1)]! & 0xffff;
  const b = length > 1 ? table[text.charCodeAt(to - 2)]! & 0xffff : 1;
  const c = length > 2 ? table[text.charCodeAt(to - 3)]! & 0xffff : 1;
  const d = length > 3 ? table[text.charCodeAt(to - 4)]! & 0xffff : 1;
  const suffix2 = (a << 16) ^ b;
  const suffix3 = Math.imul(suffix2, 31) ^ c;
  const first = table[text.charCodeAt(from)]! & 0xffff;
  const second = length > 1 ? table[text.charCodeAt(from + 1)]! & 0xffff : 1;
  const third = length > 2 ? table[text.charCodeAt(from + 2)]! & 0xffff : 1;
  const sizeClass = length < 4 ? length : length < 7 ? 4 : length < 11 ? 5 : 6;
  const context = (gapBefore << 4) | gapAfter;
  const around = (s << 8) | (ps << 4) | ns;
  const phrase = facts.phrase[i]!;

  left[0] = s | (sizeClass << 4);
  right[0] = lineKind;
  left[1] = w;
  right[1] = 0;
  left[2] = w;
  right[2] = s | (isStart << 4);
  left[3] = g;
  right[3] = s | (isStart << 4) | (lineKind << 5);
  left[4] = Math.imul(suffix3, 31) ^ d;
  right[4] = s;
  left[5] = suffix3;
  right[5] = s;
  left[6] = Math.imul((first << 16) ^ second, 37) ^ third;
  right[6] = s;
  left[7] = p1;
  right[7] = gapBefore;
  left[8] = n1;
  right[8] = gapAfter;
  left[9] = p1;
  right[9] = s;
  left[10] = p2;
  right[10] = gapBefore;
  left[11] = n2;
  right[11] = gapAfter;
  left[12] = p1;
  right[12] = w;
  left[13] = w;
  right[13] = n1;
  left[14] = p2;
  right[14] = p1;
  left[15] = p1;
  right[15] = n1;
  left[16] = context;
  right[16] = s;
  left[17] = context;
  right[17] = around;
  left[18] = pg;
  right[18] = gapBefore | (s << 4);
  left[19] = ng;
  right[19] = gapAfter | (s << 4);
  left[20] = g;
  right[20] = ng ^ (gapAfter << 17);
  left[21] = g;
  right[21] = pg ^ (gapBefore << 17);
  left[22] = before;
  right[22] = (s << 4) | gapBefore;
  left[23] = before;
  right[23] = w;
  left[24] = before;
  right[24] = (before2 << 8) | (ps << 4) | s;
  left[25] = before;
  right[25] = g ^ (gapBefore << 17);
  left[26] = before;
  right[26] = (gapBefore << 12) | (s << 8) | (gapAfter << 4) | ns;
  left[27] = lineKind;
  right[27] = g ^ (before << 17);
  left[28] = p1;
  right[28] = g;
  left[29] = phrase | (before << 2);
  right[29] = g;
  left[30] = pg;
  right[30] = ng ^ (s << 17);
  left[31] = suffix2;
  right[31] = before | (ns << 4);
  left[32] = n1;
  right[32] = s;
  left[33] = n1;
  right[33] = n2;
  left[34] = phrase;
  right[34] = s | (gapBefore << 4);
}

/**
 * Row of weights of feature number `feature` with these values, below 2^bits: multiply-xorshift mixing with constants of
 * MurmurHash3 (Austin Appleby, public domain).
 */
export function featureRow(feature: number, left: number, right: number, bits: number): number {
  let mixed = Math.imul(left ^ Math.imul(right + Math.imul(feature + 1, 0x9e3779b1), 0x85ebca6b), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f);
  return (mixed ^ (mixed >>> 16)) >>> (32 - bits);
}
