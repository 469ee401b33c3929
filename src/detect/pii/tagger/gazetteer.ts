/** A compact set of words and phrases with classes: open addressing over 32-bit hashes, no strings kept. */
import { RampartError } from "#shared";
import { createTokenBuffer, scanTokens } from "./tokens.ts";

/** Classes of words, one bit each. */
export const WORD = {
  first: 1,
  firstTop: 2,
  lastTop: 4,
  last: 8,
  place: 16,
  country: 32,
  placePhrase: 64,
  placeStart: 128,
  common: 256,
  veryCommon: 512,
  title: 1024,
  orgWord: 2048,
  geoWord: 4096,
  calendar: 8192,
  particle: 16384,
  intro: 32768,
} as const;

const NAME_OR_PLACE = WORD.first | WORD.firstTop | WORD.lastTop | WORD.place | WORD.country;
const EVERYDAY = WORD.common | WORD.veryCommon;
const HELPERS = WORD.intro | WORD.title | WORD.particle;
/** Bits of the filter for lower-case words: 64 KB. */
const LOWER_FILTER_BITS = 2 ** 19;

/** Open-addressing table: `keys[slot]` is the hash (0 = free), `classes[slot]` the bits of {@link WORD}. */
export interface Gazetteer {
  readonly keys: Int32Array;
  readonly classes: Uint16Array;
  /** Filter over the words that matter in lower case: a clear bit means that the word does not. */
  readonly lower: Int32Array;
}

/** True when a word of these classes may be a name even in lower case. */
export function isLowerCandidate(classes: number): boolean {
  return (classes & NAME_OR_PLACE) !== 0 && (classes & EVERYDAY) === 0;
}

/** A gazetteer over a filled table; makes the filter. */
export function createGazetteer(keys: Int32Array, classes: Uint16Array): Gazetteer {
  const lower = new Int32Array(LOWER_FILTER_BITS / 32);
  for (let slot = 0; slot < keys.length; slot += 1) {
    const key = keys[slot]!;
    if (key === 0 || ((classes[slot]! & HELPERS) === 0 && !isLowerCandidate(classes[slot]!))) continue;
    const bit = (key ^ (key >>> 15)) & (LOWER_FILTER_BITS - 1);
    lower[bit >>> 5]! |= 1 << (bit & 31);
  }
  return { keys, classes, lower };
}

/** Bits of the word or phrase with this hash, 0 when unknown. Collisions: about (entries / 2^32) per look-up. */
export function classesOf(gazetteer: Gazetteer, hash: number): number {
  const { keys, classes } = gazetteer;
  const mask = keys.length - 1;
  let slot = slotOf(hash) & mask;
  for (;;) {
    const key = keys[slot]!;
    if (key === hash) return classes[slot]!;
    if (key === 0) return 0;
    slot = (slot + 1) & mask;
  }
}

/** Hash of a phrase from the hashes of its words, in order. */
export function phraseHash(before: number, word: number): number {
  return Math.imul(before ^ (word + 0x9e3779b9), 0x85ebca6b) ^ (before >>> 15);
}

/**
 * Builds a table from lists of words or phrases. Phrases of two to four words get `placePhrase` under their phrase hash
 * and mark their first word `placeStart`; longer ones are left out.
 * @param lists `[class bits, entries]`
 * @param slots a power of two, larger than the number of entries by a third at least
 * @throws RMP_DETECT_MODEL_INVALID when the entries do not fit
 */
export function buildGazetteer(
  lists: readonly (readonly [number, Iterable<string>])[],
  slots: number,
): Gazetteer {
  const entries = new Map<number, number>();
  const buffer = createTokenBuffer();
  const add = (hash: number, bits: number) => entries.set(hash, (entries.get(hash) ?? 0) | bits);
  for (const [bits, words] of lists)
    for (const word of words) {
      scanTokens(word, buffer);
      if (buffer.count === 1) add(buffer.hash[0]!, bits);
      else if (buffer.count > 1 && buffer.count <= 4 && (bits & (WORD.place | WORD.country)) !== 0) {
        let hash = 0;
        for (let i = 0; i < buffer.count; i += 1) hash = phraseHash(hash, buffer.hash[i]!);
        add(hash, WORD.placePhrase | (bits & WORD.country));
        add(buffer.hash[0]!, WORD.placeStart);
      } else if (buffer.count > 1 && buffer.count <= 3 && (bits & ~(WORD.place | WORD.country)) !== 0)
        for (let i = 0; i < buffer.count; i += 1)
          if (buffer.end[i]! - buffer.start[i]! > 2) add(buffer.hash[i]!, bits);
    }
  if (entries.size > slots * 0.75)
    throw new RampartError("RMP_DETECT_MODEL_INVALID", "the gazetteer has more entries than its table holds");
  const keys = new Int32Array(slots);
  const classes = new Uint16Array(slots);
  for (const [hash, bits] of [...entries].sort((a, b) => a[0] - b[0])) {
    if (hash === 0) continue;
    let slot = slotOf(hash) & (slots - 1);
    while (keys[slot] !== 0) slot = (slot + 1) & (slots - 1);
    keys[slot] = hash;
    classes[slot] = bits;
  }
  return createGazetteer(keys, classes);
}

/** Finalizer of MurmurHash3 (Austin Appleby, public domain), shortened: spreads FNV's low bits. */
function slotOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
