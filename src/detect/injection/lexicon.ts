import { LEXICON } from "./lexicon.data.ts";
import { createFoldBuffer, type FoldedText, foldText } from "./normalise.ts";

/** Names of the concepts; the place in this list is the bit in a mask. At most 31. */
export const CONCEPTS: readonly string[] = Object.keys(LEXICON);

/** Mask with the bit of each named concept. */
export function conceptMask(...names: readonly string[]): number {
  let mask = 0;
  for (const name of names) {
    const bit = CONCEPTS.indexOf(name);
    if (bit < 0) throw new RangeError(`no such concept: ${name}`);
    mask |= 1 << bit;
  }
  return mask;
}

/** Places where phrases of the lexicon start, in text order; `count` of them. */
export interface ConceptHits {
  count: number;
  /** Concepts of all phrases that start here. */
  masks: Int32Array;
  starts: Int32Array;
  /** End (exclusive) of the longest of them. */
  ends: Int32Array;
}

/** Room for the hits of one text at a time; grows and is reused. */
export function createConceptHits(): ConceptHits {
  return { count: 0, masks: new Int32Array(256), starts: new Int32Array(256), ends: new Int32Array(256) };
}

/** Longest phrase in folded units: bounds the work per position. */
const MAX_PHRASE_UNITS = 40;
/** Scripts from here on are searched at every character: no spaces (Chinese), or words with prefixes (Arabic, Hebrew). */
const FIRST_UNSPACED_UNIT = 0x0590;
/** Slots of the open-addressing table of edges; a power of two, at most half full. */
const EDGE_SLOTS = 32_768;

interface Trie {
  /** Key `node << 16 | unit`, 0 for an empty slot (the root has number 1, so no key is 0). */
  readonly edgeKeys: Int32Array;
  readonly edgeTargets: Int32Array;
  /** Concepts of the phrase that ends at a node and needs a word end after it. */
  readonly wholeMasks: Int32Array;
  /** Concepts of the phrase that ends at a node, whatever follows. */
  readonly prefixMasks: Int32Array;
  /** What may start with these one, two or three units, by {@link hashStart}: most words fail here. */
  readonly starts: Uint8Array;
}

/** Slots of the filter by first units. */
const START_SLOTS = 32_768;
/** A phrase that is these units, or starts with them all three. */
const SHORT_PHRASE = 1;
/** A longer phrase: its third unit has to be looked up too. */
const LONG_PHRASE = 2;

let trie: Trie | undefined;

/** Finds every phrase of the lexicon. Linear: at most {@link MAX_PHRASE_UNITS} steps per position, a few in ordinary text. */
export function scanConcepts(folded: FoldedText, hits: ConceptHits): ConceptHits {
  trie ??= buildTrie();
  const { edgeKeys, edgeTargets, wholeMasks, prefixMasks, starts } = trie;
  const { codes, length } = folded;
  hits.count = 0;
  let previousIsWord = false;
  for (let index = 0; index < length; index++) {
    const first = codes[index]!;
    const isLetter = first >= 97 && first <= 122;
    if (isLetter && previousIsWord) continue;
    const isWord = isLetter || first >= 128 || first === 48;
    const inside = previousIsWord && isWord && first < FIRST_UNSPACED_UNIT;
    previousIsWord = isWord;
    if (inside || first === 32) continue;
    const second = index + 1 < length ? codes[index + 1]! : 32;
    const third = index + 2 < length ? codes[index + 2]! : 32;
    const start = starts[hashStart(first, second, 0)]!;
    const starting =
      (start & SHORT_PHRASE) !== 0 ||
      ((start & LONG_PHRASE) !== 0 && starts[hashStart(first, second, third)] !== 0) ||
      (first >= FIRST_UNSPACED_UNIT && starts[hashStart(first, 0, 0)] !== 0);
    if (!starting) continue;
    let node = 1;
    let mask = 0;
    let end = index;
    for (let at = index; at < length; at++) {
      const key = (node << 16) | codes[at]!;
      let slot = hashEdge(key);
      let found = edgeKeys[slot]!;
      while (found !== key && found !== 0) {
        slot = (slot + 1) & (EDGE_SLOTS - 1);
        found = edgeKeys[slot]!;
      }
      if (found === 0) break;
      node = edgeTargets[slot]!;
      const prefix = prefixMasks[node]!;
      const whole = wholeMasks[node]!;
      if (prefix !== 0) {
        mask |= prefix;
        end = at + 1;
      }
      if (whole !== 0 && (at + 1 >= length || !isWordUnit(codes[at + 1]!) || !isWordUnit(codes[at]!))) {
        mask |= whole;
        end = at + 1;
      }
    }
    if (mask !== 0) pushHit(hits, mask, index, end);
  }
  return hits;
}

/** Letters and digits of spaced scripts and everything beyond ASCII; not punctuation, not spaces. */
export function isWordUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || unit >= 128 || unit === 48;
}

function pushHit(hits: ConceptHits, mask: number, start: number, end: number): void {
  if (hits.count === hits.masks.length) {
    hits.masks = doubled(hits.masks);
    hits.starts = doubled(hits.starts);
    hits.ends = doubled(hits.ends);
  }
  hits.masks[hits.count] = mask;
  hits.starts[hits.count] = start;
  hits.ends[hits.count] = end;
  hits.count++;
}

function doubled(array: Int32Array): Int32Array {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

function hashEdge(key: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 16) & (EDGE_SLOTS - 1);
}

/** Slot of the first units of a phrase; 0 for units that a short phrase does not have. */
function hashStart(first: number, second: number, third: number): number {
  return (
    (Math.imul(Math.imul(first, 0x2f0b4c47) ^ Math.imul(second, 0x5bd1e995) ^ third, 0x9e3779b1) >>> 17) &
    (START_SLOTS - 1)
  );
}

function buildTrie(): Trie {
  const edgeKeys = new Int32Array(EDGE_SLOTS);
  const edgeTargets = new Int32Array(EDGE_SLOTS);
  const wholeMasks: number[] = [0, 0];
  const prefixMasks: number[] = [0, 0];
  const starts = new Uint8Array(START_SLOTS);
  const buffer = createFoldBuffer();
  for (const [bit, concept] of CONCEPTS.entries()) {
    for (const phrase of (LEXICON[concept] ?? []).join("|").split("|")) {
      const isPrefix = phrase.endsWith("*");
      const plain = (isPrefix ? phrase.slice(0, -1) : phrase).replaceAll("¦", "|");
      const folded = foldText(plain, buffer);
      const length = Math.min(folded.length, MAX_PHRASE_UNITS);
      if (length === 0) continue;
      const [first = 0, second = 0, third = 0] = folded.codes.subarray(0, Math.min(length, 3));
      if (length === 1 && first < FIRST_UNSPACED_UNIT)
        throw new RangeError(`phrase of one letter: ${phrase}`);
      starts[hashStart(first, second, 0)]! |= length > 2 ? LONG_PHRASE : SHORT_PHRASE;
      starts[hashStart(first, second, third)]! |= SHORT_PHRASE;
      let node = 1;
      for (let at = 0; at < length; at++) {
        const key = (node << 16) | folded.codes[at]!;
        let slot = hashEdge(key);
        while (edgeKeys[slot] !== key && edgeKeys[slot] !== 0) slot = (slot + 1) & (EDGE_SLOTS - 1);
        if (edgeKeys[slot] === 0) {
          edgeKeys[slot] = key;
          edgeTargets[slot] = wholeMasks.length;
          wholeMasks.push(0);
          prefixMasks.push(0);
        }
        node = edgeTargets[slot]!;
      }
      const anyEnding = isPrefix || folded.codes[length - 1]! >= FIRST_UNSPACED_UNIT;
      const masks = anyEnding ? prefixMasks : wholeMasks;
      masks[node] = (masks[node] ?? 0) | (1 << bit);
    }
  }
  if (wholeMasks.length * 2 > EDGE_SLOTS || wholeMasks.length > 0x7fff) {
    throw new RangeError(`the lexicon outgrew its table: ${wholeMasks.length} nodes`);
  }
  return {
    edgeKeys,
    edgeTargets,
    wholeMasks: Int32Array.from(wholeMasks),
    prefixMasks: Int32Array.from(prefixMasks),
    starts,
  };
}
