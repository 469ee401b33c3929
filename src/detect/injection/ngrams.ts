import type { ConceptHits } from "./lexicon.ts";
import type { FoldedText } from "./normalise.ts";
import type { Parts } from "./parts.ts";
import { WINDOW_STRIDE } from "./windows.ts";

/** Slots of the hashed feature space: log2. */
export const HASH_BITS = 18;
/** Number of hashed features. */
export const HASH_SIZE = 1 << HASH_BITS;

/** Concepts further apart than this many folded units make no pair. */
const PAIR_REACH = 80;

const MULTIPLIER = 0x5bd1e995;
const WORD_SEED = 0x2545f491;
const PAIR_SEED = 0x3c6ef372;
const SKIP_SEED = 0x1f83d9ab;
const CONCEPT_SEED = 0x510e527f;

/** What {@link visitFeatures} calls for each feature: its slot and the folded position that it belongs to. */
export type FeatureVisitor = (slot: number, position: number) => void;

/**
 * Visits the hashed features of a text: character 3- and 5-grams, words, pairs of neighbours and words with one between,
 * concepts and pairs of neighbouring concepts. A feature belongs to the position of its last unit (concepts: first
 * unit), positions do not decrease within each family. Linear, nothing is allocated. Hash: multiply-xor as in MurmurHash2.
 */
export function visitFeatures(folded: FoldedText, hits: ConceptHits, visit: FeatureVisitor): void {
  const { codes, length } = folded;
  let c1 = 32;
  let c2 = 32;
  let c3 = 32;
  let c4 = 32;
  let word = 0;
  let before = 0;
  let beforeThat = 0;
  for (let index = 0; index <= length; index++) {
    const code = index < length ? codes[index]! : 32;
    let hash = Math.imul(Math.imul(code ^ MULTIPLIER, MULTIPLIER) ^ c1, MULTIPLIER);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c2, MULTIPLIER);
    visit(slotOf(hash), index);
    hash = Math.imul(Math.imul(hash ^ (hash >>> 15) ^ c3, MULTIPLIER) ^ c4, MULTIPLIER);
    visit(slotOf(hash), index);
    c4 = c3;
    c3 = c2;
    c2 = c1;
    c1 = code;
    if ((code >= 97 && code <= 122) || code >= 128 || code === 48) {
      word = Math.imul((word === 0 ? WORD_SEED : word) ^ code, MULTIPLIER);
      word ^= word >>> 15;
    } else if (word !== 0) {
      visit(slotOf(word), index);
      visit(slotOf(Math.imul(word ^ before ^ PAIR_SEED, MULTIPLIER)), index);
      visit(slotOf(Math.imul(word ^ beforeThat ^ SKIP_SEED, MULTIPLIER)), index);
      beforeThat = Math.imul(before, 31);
      before = Math.imul(word, 17);
      word = 0;
    }
  }
  visitConcepts(hits, visit);
}

/** The weights that {@link addFeatureSums} reads. */
export interface PackedHeads {
  /**
   * Per slot the attack weight in the low byte, and 128 more than the instruction weight in the high one: one load for
   * both, and the upper sum needs no sign.
   */
  readonly pairs: Uint16Array;
  readonly attackStep: number;
  readonly instructionStep: number;
}

/** Packs the interleaved heads of a model for {@link addFeatureSums}. */
export function packHeads(model: {
  readonly heads: Int8Array;
  readonly attackStep: number;
  readonly instructionStep: number;
}): PackedHeads {
  const { heads, attackStep, instructionStep } = model;
  const pairs = new Uint16Array(heads.length >> 1);
  for (let slot = 0; slot < pairs.length; slot++) {
    pairs[slot] = ((heads[2 * slot + 1]! + 128) << 8) | (heads[2 * slot]! & 0xff);
  }
  return { pairs, attackStep, instructionStep };
}

/** Room for running sums; index `p` holds the sum over all features of positions before `p`. */
export interface FeatureSums {
  /** Sums of the weight bytes; times the step they are sums of weights. */
  attack: Int32Array;
  instruction: Int32Array;
  features: Int32Array;
  known: Int32Array;
  attackStep: number;
  instructionStep: number;
  /** Sum of the attack bytes over the distinct slots of the whole text: a repeated feature counts once. */
  distinctAttack: number;
  /** Number of distinct slots. */
  distinctCount: number;
}

/** One bit per slot: met in the text at hand. 32 KiB, so that it stays in the first-level cache. */
const MET = new Int32Array(HASH_SIZE >> 5);

/**
 * Running sums of both heads over the same features as {@link visitFeatures}, in one pass without a call per feature:
 * this is the hot loop of the detector (a test holds the two together). Written only where they are read: at the edges
 * of windows and of `parts`, and at the end. Whether a weight is known, and whether its slot is new, is counted without a
 * branch, which would be mispredicted half the time. Features at the end count to the last position.
 */
export function addFeatureSums(
  folded: FoldedText,
  hits: ConceptHits,
  parts: Parts,
  model: PackedHeads,
  sums: FeatureSums,
): void {
  const { codes, length } = folded;
  const { pairs } = model;
  const { starts, count } = parts;
  sums.attackStep = model.attackStep;
  sums.instructionStep = model.instructionStep;
  const { attack, instruction, features, known } = sums;
  MET.fill(0);
  let distinctAttack = 0;
  let distinctCount = 0;
  let attackSum = 0;
  let instructionSum = 0;
  let featureCount = 0;
  let knownCount = 0;
  let nextHit = 0;
  let part = 0;
  let c1 = 32;
  let c2 = 32;
  let c3 = 32;
  let c4 = 32;
  let word = 0;
  let before = 0;
  let beforeThat = 0;
  for (let from = 0; ; ) {
    attack[from] = attackSum;
    instruction[from] = instructionSum - 128 * featureCount;
    features[from] = featureCount;
    known[from] = knownCount;
    while (part < count && starts[part]! <= from) part++;
    const next = from - (from % WINDOW_STRIDE) + WINDOW_STRIDE;
    const edge = part < count && starts[part]! < next ? starts[part]! : next;
    const to = edge < length ? edge : length + 1;
    for (let index = from; index < to; index++) {
      const code = codes[index]!;
      let hash = Math.imul(Math.imul(code ^ MULTIPLIER, MULTIPLIER) ^ c1, MULTIPLIER);
      hash = Math.imul(hash ^ (hash >>> 13) ^ c2, MULTIPLIER);
      let slot = slotOf(hash);
      let pair = pairs[slot]!;
      let weight = (pair << 24) >> 24;
      attackSum += weight;
      knownCount += weight !== 0 ? 1 : 0;
      instructionSum += pair >> 8;
      let met = MET[slot >> 5]!;
      let isNew = ~(met >>> slot) & 1;
      MET[slot >> 5] = met | (1 << slot);
      distinctCount += isNew;
      distinctAttack += weight & -isNew;
      hash = Math.imul(Math.imul(hash ^ (hash >>> 15) ^ c3, MULTIPLIER) ^ c4, MULTIPLIER);
      slot = slotOf(hash);
      pair = pairs[slot]!;
      weight = (pair << 24) >> 24;
      attackSum += weight;
      knownCount += weight !== 0 ? 1 : 0;
      instructionSum += pair >> 8;
      met = MET[slot >> 5]!;
      isNew = ~(met >>> slot) & 1;
      MET[slot >> 5] = met | (1 << slot);
      distinctCount += isNew;
      distinctAttack += weight & -isNew;
      c4 = c3;
      c3 = c2;
      c2 = c1;
      c1 = code;
      if ((code >= 97 && code <= 122) || code >= 128 || code === 48) {
        word = Math.imul((word === 0 ? WORD_SEED : word) ^ code, MULTIPLIER);
        word ^= word >>> 15;
      } else if (word !== 0) {
        slot = slotOf(word);
        pair = pairs[slot]!;
        weight = (pair << 24) >> 24;
        attackSum += weight;
        knownCount += weight !== 0 ? 1 : 0;
        instructionSum += pair >> 8;
        met = MET[slot >> 5]!;
        isNew = ~(met >>> slot) & 1;
        MET[slot >> 5] = met | (1 << slot);
        distinctCount += isNew;
        distinctAttack += weight & -isNew;
        slot = slotOf(Math.imul(word ^ before ^ PAIR_SEED, MULTIPLIER));
        pair = pairs[slot]!;
        weight = (pair << 24) >> 24;
        attackSum += weight;
        knownCount += weight !== 0 ? 1 : 0;
        instructionSum += pair >> 8;
        met = MET[slot >> 5]!;
        isNew = ~(met >>> slot) & 1;
        MET[slot >> 5] = met | (1 << slot);
        distinctCount += isNew;
        distinctAttack += weight & -isNew;
        slot = slotOf(Math.imul(word ^ beforeThat ^ SKIP_SEED, MULTIPLIER));
        pair = pairs[slot]!;
        weight = (pair << 24) >> 24;
        attackSum += weight;
        knownCount += weight !== 0 ? 1 : 0;
        instructionSum += pair >> 8;
        met = MET[slot >> 5]!;
        isNew = ~(met >>> slot) & 1;
        MET[slot >> 5] = met | (1 << slot);
        distinctCount += isNew;
        distinctAttack += weight & -isNew;
        featureCount += 3;
        beforeThat = Math.imul(before, 31);
        before = Math.imul(word, 17);
        word = 0;
      }
    }
    featureCount += 2 * (to - from);
    while (nextHit < hits.count && hits.starts[nextHit]! < to) {
      const slotCount = conceptSlots(hits, nextHit++);
      for (let which = 0; which < slotCount; which++) {
        const slot = CONCEPT_SLOTS[which]!;
        const pair = pairs[slot]!;
        const weight = (pair << 24) >> 24;
        attackSum += weight;
        knownCount += weight !== 0 ? 1 : 0;
        instructionSum += pair >> 8;
        const met = MET[slot >> 5]!;
        const isNew = ~(met >>> slot) & 1;
        MET[slot >> 5] = met | (1 << slot);
        distinctCount += isNew;
        distinctAttack += weight & -isNew;
      }
      featureCount += slotCount;
    }
    if (to > length) break;
    from = to;
  }
  sums.distinctAttack = distinctAttack;
  sums.distinctCount = distinctCount;
  attack[length] = attackSum;
  instruction[length] = instructionSum - 128 * featureCount;
  features[length] = featureCount;
  known[length] = knownCount;
}

function visitConcepts(hits: ConceptHits, visit: FeatureVisitor): void {
  for (let index = 0; index < hits.count; index++) {
    const slotCount = conceptSlots(hits, index);
    for (let which = 0; which < slotCount; which++) visit(CONCEPT_SLOTS[which]!, hits.starts[index]!);
  }
}

/** Most features one hit can have: every concept, each paired with every concept of two hits before. */
const CONCEPT_SLOTS = new Int32Array(32 * (1 + 2 * 32));

/**
 * Writes the features of one hit into {@link CONCEPT_SLOTS} and returns how many: its concepts and their pairs with the
 * two hits before, so that a filler between does not hide a pair. An array and no callback: a closure would move the
 * counters of the hot loop to the heap.
 */
function conceptSlots(hits: ConceptHits, index: number): number {
  const mask = hits.masks[index]!;
  const start = hits.starts[index]!;
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const concept = 31 - Math.clz32(rest & -rest);
    CONCEPT_SLOTS[count++] = slotOf(Math.imul(concept ^ CONCEPT_SEED, MULTIPLIER));
    for (let back = Math.max(0, index - 2); back < index; back++) {
      if (start - hits.starts[back]! > PAIR_REACH) continue;
      for (let other = hits.masks[back]!; other !== 0; other &= other - 1) {
        const earlier = 31 - Math.clz32(other & -other);
        CONCEPT_SLOTS[count++] = slotOf(Math.imul((earlier * 32 + concept) ^ CONCEPT_SEED, 0x27d4eb2f));
      }
    }
  }
  return count;
}

function slotOf(hash: number): number {
  return ((hash ^ (hash >>> 16)) >>> 3) & (HASH_SIZE - 1);
}
