/** What the bias model sees of a text: hashed n-grams of words, of letters, and of the roles that words play. */
import { type Tokens, tokenise } from "../grounding/tokens.ts";
import { type BiasWord, biasLexicon, ROLE } from "./lexicon.ts";

/** Hash space per block of features; a power of two. */
export const BUCKETS = 1 << 16;
/** Blocks: word n-grams, role n-grams, letter n-grams. Each is normalised to unit length by itself. */
export const BLOCKS = 3;
/** Dense features, in order. */
export const DENSE = [
  "slurs",
  "profanities",
  "groups",
  "negatives",
  "assertions",
  "reports",
  "generalisers",
  "negations",
  "question",
  "length",
  "slurNearPerson",
  "groupNearNegative",
  "reportedAssertion",
  "negatedAssertion",
  "exclamations",
] as const;
/** Offsets of the dense features in the weight vector. */
export const DENSE_AT = BLOCKS * BUCKETS;
/** Length of the weight vector. */
export const WEIGHTS = DENSE_AT + DENSE.length;
/** Words looked at; a longer text is scored in windows by the caller. */
const MAX_WORDS = 4096;

/** A listed word or phrase at its place in the text. */
export interface BiasHit {
  readonly word: BiasWord;
  /** First token and token after the last. */
  readonly from: number;
  readonly to: number;
}

/** A text read by the bias detector. */
export interface BiasReading {
  readonly tokens: Tokens;
  readonly hits: readonly BiasHit[];
  /** Hit of each token, -1 if none. */
  readonly hitOfToken: Int32Array;
}

/** Sparse features of a text. */
export interface BiasRow {
  readonly index: Int32Array;
  readonly value: Float32Array;
}

/** Finds the listed words; linear. */
export function readBias(text: string): BiasReading {
  const tokens = tokenise(text);
  const { words, phrases } = biasLexicon();
  const hits: BiasHit[] = [];
  const hitOfToken = new Int32Array(tokens.count).fill(-1);
  let index = 0;
  while (index < tokens.count) {
    const hash = tokens.word[index]!;
    let to = index + 1;
    let word: BiasWord | undefined;
    for (const phrase of phrases.get(hash) ?? NO_PHRASES) {
      if (index + phrase.rest.length >= tokens.count) continue;
      let same = true;
      for (let part = 0; part < phrase.rest.length; part++)
        if (tokens.word[index + 1 + part] !== phrase.rest[part]) {
          same = false;
          break;
        }
      if (same) {
        word = phrase.word;
        to = index + 1 + phrase.rest.length;
        break;
      }
    }
    word ??= words.get(hash);
    if (word !== undefined) {
      for (let at = index; at < to; at++) hitOfToken[at] = hits.length;
      hits.push({ word, from: index, to });
    }
    index = to;
  }
  return { tokens, hits, hitOfToken };
}

const NO_PHRASES: readonly { readonly rest: readonly number[]; readonly word: BiasWord }[] = [];

/** The features of a reading; linear. */
export function rowOf(text: string, reading: BiasReading): BiasRow {
  const { tokens, hits, hitOfToken } = reading;
  const count = Math.min(tokens.count, MAX_WORDS);
  const words: number[] = [];
  const roles: number[] = [];
  const letters: number[] = [];
  const symbols = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const hit = hitOfToken[index]!;
    symbols[index] = hit < 0 ? 0 : symbolOf(hits[hit]!.word);
  }
  const boundary = 0x5bd1e995;
  let before = boundary;
  let beforeThat = boundary;
  for (let index = 0; index < count; index++) {
    const hash = tokens.word[index]!;
    words.push(slot(hash, 1), slot(mix(before, hash), 2), slot(mix(mix(beforeThat, before), hash), 3));
    if (index > 1) words.push(slot(mix(beforeThat, hash), 4));
    beforeThat = before;
    before = hash;
  }
  words.push(slot(mix(before, boundary), 2));
  // Roles keep function words as they are and put the name of its role for every listed word.
  let r1 = boundary;
  let r2 = boundary;
  let r3 = boundary;
  for (let index = 0; index < count; index++) {
    const symbol =
      symbols[index] !== 0 ? symbols[index]! : tokens.length[index]! <= 4 ? tokens.word[index]! : 77;
    roles.push(slot(symbol, 5), slot(mix(r1, symbol), 6), slot(mix(mix(r2, r1), symbol), 7));
    roles.push(slot(mix(mix(mix(r3, r2), r1), symbol), 8));
    if (symbols[index] !== 0 && index > 1) roles.push(slot(mix(r2, symbol), 9));
    r3 = r2;
    r2 = r1;
    r1 = symbol;
  }
  roles.push(slot(mix(r1, boundary), 6));
  for (let index = 0; index < count; index++)
    letterGrams(text, tokens.start[index]!, tokens.end[index]!, letters);
  const dense = denseOf(text, reading, count);
  const total = words.length + roles.length + letters.length + DENSE.length;
  const row = { index: new Int32Array(total), value: new Float32Array(total) };
  let at = 0;
  [words, roles, letters].forEach((list, block) => {
    const value = list.length === 0 ? 0 : 1 / Math.sqrt(list.length);
    for (const feature of list) {
      row.index[at] = block * BUCKETS + feature;
      row.value[at] = value;
      at++;
    }
  });
  dense.forEach((value, feature) => {
    row.index[at] = DENSE_AT + feature;
    row.value[at] = value;
    at++;
  });
  return row;
}

function letterGrams(text: string, start: number, end: number, out: number[]): void {
  const length = Math.min(end - start, 24);
  let a = 94;
  let b = 94;
  let c = 94;
  for (let offset = 0; offset <= length; offset++) {
    let unit = offset === length ? 36 : text.charCodeAt(start + offset);
    if (unit >= 65 && unit <= 90) unit += 32;
    if (offset > 0) {
      out.push(slot(mix(mix(b, c), unit), 10));
      if (offset > 1) out.push(slot(mix(mix(mix(a, b), c), unit), 11));
    }
    a = b;
    b = c;
    c = unit;
  }
}

function denseOf(text: string, reading: BiasReading, count: number): number[] {
  const { hits, tokens } = reading;
  let slurs = 0;
  let profanities = 0;
  let groups = 0;
  let negatives = 0;
  let reports = 0;
  let generalisers = 0;
  let negations = 0;
  let assertions = 0;
  let slurNear = 0;
  let groupNear = 0;
  let reported = 0;
  let negated = 0;
  let lastGroup = -99;
  let lastBeing = -99;
  let lastReport = -99;
  let lastNegation = -99;
  let lastPerson = -99;
  for (const hit of hits) {
    const { roles } = hit.word;
    const at = hit.from;
    if ((roles & ROLE.report) !== 0) {
      reports++;
      lastReport = at;
    }
    if ((roles & ROLE.general) !== 0) generalisers++;
    if ((roles & ROLE.negation) !== 0) {
      negations++;
      lastNegation = at;
    }
    if ((roles & ROLE.being) !== 0) lastBeing = at;
    if ((roles & (ROLE.person | ROLE.female | ROLE.male)) !== 0) lastPerson = at;
    if ((roles & ROLE.slur) !== 0) {
      slurs++;
      if (at - lastPerson < 4) slurNear++;
    }
    if ((roles & ROLE.profane) !== 0) profanities++;
    if ((roles & ROLE.group) !== 0) {
      groups++;
      lastGroup = at;
    }
    if ((roles & ROLE.negative) !== 0) {
      negatives++;
      if (at - lastGroup < 8) {
        groupNear++;
        if (lastBeing > lastGroup && at - lastBeing < 5) {
          assertions++;
          if (lastGroup - lastReport < 8) reported++;
          if (lastNegation > lastGroup || lastGroup - lastNegation < 4) negated++;
        }
      }
    }
  }
  let question = 0;
  let exclamations = 0;
  for (let index = 0; index < text.length && index < 4096; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 63) question = 1;
    else if (unit === 33) exclamations++;
  }
  const soft = (value: number): number => Math.log1p(value);
  return [
    soft(slurs),
    soft(profanities),
    soft(groups),
    soft(negatives),
    soft(assertions),
    soft(reports),
    soft(generalisers),
    soft(negations),
    question,
    Math.log1p(Math.min(count, tokens.count)) / 4,
    soft(slurNear),
    soft(groupNear),
    soft(reported),
    soft(negated),
    soft(exclamations) / 2,
  ];
}

function symbolOf(word: BiasWord): number {
  const { roles } = word;
  if ((roles & ROLE.slur) !== 0) return 1;
  if ((roles & ROLE.group) !== 0)
    return 2 + ((roles & ROLE.female) !== 0 ? 50 : (roles & ROLE.male) !== 0 ? 60 : word.kind + 1);
  if ((roles & ROLE.negative) !== 0) return 20;
  if ((roles & ROLE.profane) !== 0) return 21;
  if ((roles & ROLE.femaleRole) !== 0) return 22;
  if ((roles & ROLE.maleRole) !== 0) return 23;
  if ((roles & ROLE.trait) !== 0) return 24;
  if ((roles & ROLE.report) !== 0) return 25;
  return 0;
}

function mix(first: number, second: number): number {
  return (Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) ^ second) | 0;
}

function slot(hash: number, salt: number): number {
  let value = Math.imul(hash ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) & (BUCKETS - 1);
}
