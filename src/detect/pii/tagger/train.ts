/** Training of the tagger: labelled texts in, weights out. Pure and seeded: the same input gives the same bits. */
import type { EntityType } from "#contract";
import { createRandom, type Random } from "#shared";
import { isCandidate } from "./candidates.ts";
import {
  classesAt,
  createWordFacts,
  FEATURE_KIND,
  FEATURE_KINDS,
  FEATURES,
  featureRow,
  lookUpWords,
  wordFeatures,
} from "./features.ts";
import { type Gazetteer, WORD } from "./gazetteer.ts";
import { beginLabel, isInside, LABELS, OUTSIDE } from "./labels.ts";
import type { NamesModel } from "./model.ts";
import { createTokenBuffer, scanTokens, type TokenBuffer } from "./tokens.ts";
import { ADDRESS_FORMS } from "./words.data.ts";

/** One labelled text. */
export interface NamesItem {
  readonly text: string;
  /** Spans in UTF-16 units; types without a label of the tagger are ignored. */
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: EntityType }[];
  /** Types that are marked wherever they occur; for others only the marked ones are known. */
  readonly labelled: readonly EntityType[];
  /**
   * True when nobody labelled the text: its words count as outside only as far as no word list knows them, and only
   * against PERSON and ADDRESS unless they are everyday words.
   */
  readonly silver?: boolean;
}

/** Settings of the training. */
export interface NamesTraining {
  readonly seed: number;
  /** Passes over all items; the weights of the second half are averaged. */
  readonly epochs: number;
  /** The weights have 2^bits rows. */
  readonly bits: number;
  /** AdaGrad step (Duchi, Hazan, Singer 2011). */
  readonly rate: number;
  /** Chance per word and pass that its own identity (word, prefix, suffix) is hidden. */
  readonly wordDropout: number;
  /** Chance per word and pass that neighbouring words are hidden. */
  readonly contextDropout: number;
  /** Chance per entity word and pass that the word lists do not know it. */
  readonly gazetteerDropout: number;
  /** Features seen less often than this in the first pass are never learnt. */
  readonly minCount: number;
  /** Weight of silver items. */
  readonly silverWeight: number;
}

/** The settings of the shipped model. */
export const NAMES_TRAINING: NamesTraining = {
  seed: 20261,
  epochs: 8,
  bits: 18,
  rate: 0.15,
  wordDropout: 0.3,
  contextDropout: 0.25,
  gazetteerDropout: 0.2,
  minCount: 2,
  silverWeight: 0.4,
};

const NAME_BITS =
  WORD.first | WORD.firstTop | WORD.lastTop | WORD.last | WORD.place | WORD.country | WORD.placeStart;
/** Countries are a closed list: training never hides them. */
const HIDDEN_BITS = NAME_BITS & ~WORD.country;
const EVERYDAY_BITS = WORD.common | WORD.veryCommon;

/** Trains the tagger. Cost: about 2 µs per candidate word and pass. */
export function trainNames(
  items: readonly NamesItem[],
  gazetteer: Gazetteer,
  training: NamesTraining = NAMES_TRAINING,
): NamesModel {
  const size = 2 ** training.bits * LABELS;
  const weights = new Float32Array(size);
  const squares = new Float32Array(size).fill(1e-2);
  const average = new Float32Array(size);
  const seen = countFeatures(items, gazetteer, training);
  const random = createRandom(training.seed);
  const order = items.map((_, index) => index);
  let averaged = 0;
  const learner = createLearner(gazetteer, training, weights, squares, seen, random);
  for (let epoch = 0; epoch < training.epochs; epoch += 1) {
    shuffle(order, random);
    const ownHistory = epoch === 0 ? 0 : 0.5;
    for (const index of order) learner(items[index]!, ownHistory);
    if (epoch < training.epochs / 2) continue;
    averaged += 1;
    for (let k = 0; k < size; k += 1) average[k]! += (weights[k]! - average[k]!) / averaged;
  }
  return { bits: training.bits, gazetteer, ...quantise(average) };
}

/** Gold labels of the words of `tokens` by the spans of `item`; words of other types are outside. */
export function goldLabels(item: NamesItem, tokens: TokenBuffer): Uint8Array {
  const labels = new Uint8Array(tokens.count);
  for (const span of item.spans) {
    const begin = beginLabel(span.type);
    if (begin === undefined || isTitleAlone(item.text.slice(span.start, span.end))) continue;
    let first = true;
    for (let i = 0; i < tokens.count; i += 1) {
      if (tokens.end[i]! <= span.start) continue;
      if (tokens.start[i]! >= span.end) break;
      if (labels[i] !== OUTSIDE) continue;
      labels[i] = first || begin === 7 ? begin : begin + 1;
      first = false;
    }
  }
  return labels;
}

/** Some sources mark "Mr." as a person of its own; the tagger leaves forms of address outside. */
function isTitleAlone(text: string): boolean {
  return ADDRESS_FORMS.includes(text.replace(/\.$/, "").toLowerCase());
}

type Learner = (item: NamesItem, ownHistory: number) => void;

function createLearner(
  gazetteer: Gazetteer,
  training: NamesTraining,
  weights: Float32Array,
  squares: Float32Array,
  seen: Uint8Array,
  random: Random,
): Learner {
  const tokens = createTokenBuffer();
  const facts = createWordFacts(tokens.start.length);
  const left = new Int32Array(FEATURES);
  const right = new Int32Array(FEATURES);
  const active = new Int32Array(FEATURES);
  const values = new Float64Array(LABELS);
  const allowed = new Uint8Array(LABELS);
  return (item, ownHistory) => {
    scanTokens(item.text, tokens);
    lookUpWords(tokens, gazetteer, facts);
    const gold = goldLabels(item, tokens);
    for (let i = 0; i < tokens.count; i += 1)
      if (gold[i] !== OUTSIDE && random() < training.gazetteerDropout) {
        facts.classes[i] = classesAt(tokens, gazetteer, facts, i) & ~HIDDEN_BITS;
        facts.phrase[i] = 0;
      }
    let before = OUTSIDE;
    let before2 = OUTSIDE;
    for (let i = 0; i < tokens.count; i += 1) {
      let chosen = OUTSIDE;
      let target = gold[i]!;
      if (isCandidate(tokens, gazetteer, facts, i, before)) {
        wordFeatures(item.text, tokens, gazetteer, facts, i, before, before2, left, right);
        const hideWord = random() < training.wordDropout;
        const hideContext = random() < training.contextDropout;
        let count = 0;
        for (let f = 0; f < FEATURES; f += 1) {
          const row = featureRow(f, left[f]!, right[f]!, training.bits);
          if (seen[row]! < training.minCount) continue;
          const kind = FEATURE_KINDS[f];
          if (hideWord && kind === FEATURE_KIND.word) continue;
          if (hideContext && kind === FEATURE_KIND.context) continue;
          active[count] = row;
          count += 1;
        }
        values.fill(0);
        for (let k = 0; k < count; k += 1) {
          const at = active[k]! * LABELS;
          for (let l = 0; l < LABELS; l += 1) values[l]! += weights[at + l]!;
        }
        if (isInside(target) && before !== target && before !== target - 1) target -= 1;
        if (allowedLabels(item, target, classesAt(tokens, gazetteer, facts, i), allowed)) {
          const step = item.silver === true ? training.silverWeight : 1;
          chosen = update(values, target, allowed, active, count, weights, squares, training.rate, step);
        } else chosen = best(values);
        if (isInside(chosen) && before !== chosen && before !== chosen - 1) chosen -= 1;
      }
      before2 = before;
      before = item.silver !== true && random() >= ownHistory ? target : chosen;
    }
  };
}

/** Which labels the truth about a word rules in or out; false when nothing is known. */
function allowedLabels(item: NamesItem, target: number, classes: number, allowed: Uint8Array): boolean {
  allowed.fill(1);
  if (target !== OUTSIDE) return true;
  if (item.silver === true) {
    if ((classes & NAME_BITS) !== 0) return false;
    if ((classes & EVERYDAY_BITS) === 0) for (let l = 3; l < 7; l += 1) allowed[l] = 0;
    return true;
  }
  if (!item.labelled.includes("PERSON")) allowed[1] = allowed[2] = 0;
  if (!item.labelled.includes("LOCATION")) allowed[3] = allowed[4] = 0;
  if (!item.labelled.includes("ORGANIZATION")) allowed[5] = allowed[6] = 0;
  return true;
}

/** One AdaGrad step of softmax regression over the allowed labels; returns the best label before the step. */
function update(
  values: Float64Array,
  target: number,
  allowed: Uint8Array,
  active: Int32Array,
  count: number,
  weights: Float32Array,
  squares: Float32Array,
  rate: number,
  step: number,
): number {
  let highest = -Infinity;
  for (let l = 0; l < LABELS; l += 1) if (allowed[l] === 1 && values[l]! > highest) highest = values[l]!;
  const chosen = best(values);
  let total = 0;
  for (let l = 0; l < LABELS; l += 1)
    if (allowed[l] === 1) {
      values[l] = Math.exp(values[l]! - highest);
      total += values[l]!;
    }
  for (let l = 0; l < LABELS; l += 1) {
    if (allowed[l] === 0) continue;
    const gradient = (values[l]! / total - (l === target ? 1 : 0)) * step;
    if (Math.abs(gradient) < 1e-3) continue;
    const square = gradient * gradient;
    for (let k = 0; k < count; k += 1) {
      const at = active[k]! * LABELS + l;
      squares[at]! += square;
      weights[at]! -= (rate * gradient) / Math.sqrt(squares[at]!);
    }
  }
  return chosen;
}

function best(values: Float64Array): number {
  let at = 0;
  for (let l = 1; l < LABELS; l += 1) if (values[l]! > values[at]!) at = l;
  return at;
}

/** How often each row occurs with gold labels as history, capped at 255. */
function countFeatures(
  items: readonly NamesItem[],
  gazetteer: Gazetteer,
  training: NamesTraining,
): Uint8Array {
  const seen = new Uint8Array(2 ** training.bits);
  const tokens = createTokenBuffer();
  const facts = createWordFacts(tokens.start.length);
  const left = new Int32Array(FEATURES);
  const right = new Int32Array(FEATURES);
  for (const item of items) {
    scanTokens(item.text, tokens);
    lookUpWords(tokens, gazetteer, facts);
    const gold = goldLabels(item, tokens);
    for (let i = 0; i < tokens.count; i += 1) {
      const before = i > 0 ? gold[i - 1]! : OUTSIDE;
      if (!isCandidate(tokens, gazetteer, facts, i, before)) continue;
      const before2 = i > 1 ? gold[i - 2]! : OUTSIDE;
      wordFeatures(item.text, tokens, gazetteer, facts, i, before, before2, left, right);
      for (let f = 0; f < FEATURES; f += 1) {
        const row = featureRow(f, left[f]!, right[f]!, training.bits);
        if (seen[row]! < 255) seen[row]! += 1;
      }
    }
  }
  return seen;
}

/** Rounds to bytes, packed as `NamesModel.weights` says; weights beyond the 99.99th percentile of the non-zero ones are clipped. */
function quantise(weights: Float32Array): { scale: number; weights: Uint32Array } {
  const sizes = weights.filter((weight) => weight !== 0).map((weight) => Math.abs(weight));
  sizes.sort();
  const limit = sizes.length === 0 ? 1 : sizes[Math.floor((sizes.length - 1) * 0.9999)]!;
  const scale = Math.fround(limit / 127);
  const stored = new Uint32Array(weights.length / 4);
  for (let k = 0; k < weights.length; k += 1) {
    const byte = 128 + Math.max(-127, Math.min(127, Math.round(weights[k]! / scale)));
    stored[k >>> 2]! |= byte << ((k & 3) << 3);
  }
  return { scale, weights: stored };
}

/** Fisher-Yates shuffle in place. */
function shuffle(order: number[], random: Random): void {
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
}
