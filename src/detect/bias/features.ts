/** Hashed n-grams of a text in four blocks: words, the roles that words play, letters, and words around the anchor. */
import { type BiasWord, ROLE } from "./lexicon.ts";
import type { BiasReading } from "./reading.ts";

/** Hash space per block; a power of two. */
export const BUCKETS = 1 << 16;
/** Blocks; each is normalised to unit length by itself. */
export const BLOCKS = 4;
/** Words looked at; the rest of a longer text is not scored. */
export const MAX_WORDS = 4096;

/** Grams of one text: slots in one shared buffer, block after block. Valid until the next call of {@link gramsOf}. */
export interface Grams {
  readonly slots: Int32Array;
  /** End of each block in `slots`. */
  readonly ends: readonly number[];
}

/** Furthest word before and after the anchor that counts. */
const AROUND = 24;
const BOUNDARY = 0x5bd1e995;
let buffer = new Int32Array(4096);

/** The grams of a reading; linear in the first {@link MAX_WORDS} words. */
export function gramsOf(text: string, reading: BiasReading): Grams {
  const { tokens } = reading;
  const count = Math.min(tokens.count, MAX_WORDS);
  // Four word grams, five role grams and at most 50 letter grams a word, and a bounded number around the anchor.
  const bound = count * 9 + letterBound(reading, count) + AROUND * 8 + 64;
  if (buffer.length < bound) buffer = new Int32Array(bound * 2);
  const words = wordGrams(reading, count, 0);
  const roles = roleGrams(reading, count, words);
  let letters = roles;
  for (let index = 0; index < count; index++)
    letters = letterGrams(text, tokens.start[index]!, tokens.end[index]!, letters);
  const around = anchorGrams(reading, count, letters);
  return { slots: buffer, ends: [words, roles, letters, around] };
}

function letterBound(reading: BiasReading, count: number): number {
  return count * 2 + 2 * ((reading.tokens.end[Math.max(0, count - 1)] ?? 0) + count);
}

function wordGrams(reading: BiasReading, count: number, from: number): number {
  const { word } = reading.tokens;
  let at = from;
  let before = BOUNDARY;
  let beforeThat = BOUNDARY;
  for (let index = 0; index < count; index++) {
    const hash = word[index]!;
    buffer[at++] = slot(hash, 1);
    buffer[at++] = slot(mix(before, hash), 2);
    buffer[at++] = slot(mix(mix(beforeThat, before), hash), 3);
    if (index > 1) buffer[at++] = slot(mix(beforeThat, hash), 4);
    beforeThat = before;
    before = hash;
  }
  buffer[at++] = slot(mix(before, BOUNDARY), 2);
  return at;
}

/** Short words stay as they are, listed words become the name of their role, others one common symbol. */
function roleGrams(reading: BiasReading, count: number, from: number): number {
  const { tokens, hits, hitOfToken } = reading;
  let at = from;
  let r1 = BOUNDARY;
  let r2 = BOUNDARY;
  let r3 = BOUNDARY;
  for (let index = 0; index < count; index++) {
    const hit = hitOfToken[index]!;
    const listed = hit < 0 ? 0 : symbolOf(hits[hit]!.word);
    const symbol = listed !== 0 ? listed : tokens.length[index]! <= 4 ? tokens.word[index]! : 77;
    const two = mix(r1, symbol);
    buffer[at++] = slot(symbol, 5);
    buffer[at++] = slot(two, 6);
    buffer[at++] = slot(mix(mix(r2, r1), symbol), 7);
    buffer[at++] = slot(mix(mix(mix(r3, r2), r1), symbol), 8);
    if (listed !== 0 && index > 1) buffer[at++] = slot(mix(r2, symbol), 9);
    r3 = r2;
    r2 = r1;
    r1 = symbol;
  }
  buffer[at++] = slot(mix(r1, BOUNDARY), 6);
  return at;
}

/** Groups of three and four letters within a word, its ends marked. */
function letterGrams(text: string, start: number, end: number, from: number): number {
  const length = Math.min(end - start, 24);
  let at = from;
  let a = 94;
  let b = 94;
  let c = 94;
  for (let offset = 0; offset <= length; offset++) {
    let unit = offset === length ? 36 : text.charCodeAt(start + offset);
    if (unit >= 65 && unit <= 90) unit += 32;
    if (offset > 0) {
      buffer[at++] = slot(mix(mix(b, c), unit), 10);
      if (offset > 1) buffer[at++] = slot(mix(mix(mix(a, b), c), unit), 11);
    }
    a = b;
    b = c;
    c = unit;
  }
  return at;
}

/** Words by their place relative to the anchor: whether a stereotype is asserted or reported shows before and after it. */
function anchorGrams(reading: BiasReading, count: number, from: number): number {
  const { tokens, anchor } = reading;
  let at = from;
  if (anchor === undefined || anchor.group.from >= count) return at;
  const { group, said } = anchor;
  const last = said ?? group;
  for (let index = Math.max(0, group.from - AROUND); index < group.from; index++) {
    const hash = tokens.word[index]!;
    const distance = group.from - index;
    buffer[at++] = slot(hash, 20);
    if (distance <= 3) buffer[at++] = slot(mix(distance, hash), 21);
    if (index > 0 && distance <= 8) buffer[at++] = slot(mix(tokens.word[index - 1]!, hash), 22);
  }
  if (group.from === 0) buffer[at++] = slot(1, 21);
  let between = 7;
  for (let index = group.to; said !== undefined && index < said.from; index++) {
    between = mix(between, tokens.word[index]!);
    buffer[at++] = slot(tokens.word[index]!, 23);
  }
  const name = tokens.word[group.from]!;
  buffer[at++] = slot(name, 24);
  buffer[at++] = slot(mix(between, 1), 25);
  if (said !== undefined) {
    const attribute = tokens.word[said.from]!;
    buffer[at++] = slot(attribute, 26);
    buffer[at++] = slot(mix(name, attribute), 27);
    buffer[at++] = slot(mix(mix(name, between), attribute), 28);
  }
  for (let index = last.to; index < Math.min(count, last.to + AROUND); index++) {
    const hash = tokens.word[index]!;
    const distance = index - last.to;
    buffer[at++] = slot(hash, 29);
    if (distance < 3) buffer[at++] = slot(mix(distance, hash), 30);
    if (distance > 0 && distance < 8) buffer[at++] = slot(mix(tokens.word[index - 1]!, hash), 31);
  }
  if (last.to >= count) buffer[at++] = slot(2, 30);
  return at;
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

/** Final mix of MurmurHash3 (Appleby, public domain) over gram and salt. */
function slot(hash: number, salt: number): number {
  let value = Math.imul(hash ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) & (BUCKETS - 1);
}
