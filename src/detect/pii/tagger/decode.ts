/** Greedy decoding: one label per word, left to right. */
import { isCandidate } from "./candidates.ts";
import { FEATURES, featureRow, type WordFacts, wordFeatures } from "./features.ts";
import { ADDRESS_PART, isInside, LABELS, OUTSIDE } from "./labels.ts";
import type { NamesModel } from "./model.ts";
import type { TokenBuffer } from "./tokens.ts";

/** Label and confidence of every word; arrays as long as those of the token buffer. */
export interface Labelling {
  label: Uint8Array;
  /** Probability of the label's type against being outside, [0, 1]; 0 for words outside. */
  score: Float32Array;
}

/** Room for `words` words. */
export function createLabelling(words: number): Labelling {
  return { label: new Uint8Array(words), score: new Float32Array(words) };
}

const left = new Int32Array(FEATURES);
const right = new Int32Array(FEATURES);
const EVEN = 0x00ff00ff;
/** What storing weights as unsigned bytes adds to every sum. */
const OFFSET = 128 * FEATURES;
const logits = new Float64Array(LABELS);

/** Labels every word of `tokens`. Linear. */
export function decode(
  text: string,
  tokens: TokenBuffer,
  facts: WordFacts,
  model: NamesModel,
  out: Labelling,
): void {
  if (out.label.length < tokens.start.length) Object.assign(out, createLabelling(tokens.start.length));
  const { label, score } = out;
  let before = OUTSIDE;
  let before2 = OUTSIDE;
  for (let i = 0; i < tokens.count; i += 1) {
    let chosen = OUTSIDE;
    score[i] = 0;
    if (isCandidate(tokens, model.gazetteer, facts, i, before)) {
      wordFeatures(text, tokens, model.gazetteer, facts, i, before, before2, left, right);
      sumRows(model.weights, model.bits);
      chosen = bestLabel(logits);
      if (chosen !== OUTSIDE) {
        score[i] = massOf(chosen, model.scale);
        if (isInside(chosen) && before !== chosen && before !== chosen - 1) chosen -= 1;
      }
    }
    label[i] = chosen;
    before2 = before;
    before = chosen;
  }
}

/** The label with the highest value; the lowest number wins ties. */
export function bestLabel(values: Float64Array): number {
  let best = 0;
  for (let l = 1; l < LABELS; l += 1) if (values[l]! > values[best]!) best = l;
  return best;
}

/**
 * Adds the rows of all features up into `logits` (stored units): four sums of 16 bits ride in two 32-bit words each,
 * which no sum can leave (35 features of at most 255).
 */
function sumRows(weights: Uint32Array, bits: number): void {
  let labels02 = 0;
  let labels13 = 0;
  let labels46 = 0;
  let labels57 = 0;
  for (let f = 0; f < FEATURES; f += 1) {
    const at = featureRow(f, left[f]!, right[f]!, bits) << 1;
    const low = weights[at]!;
    const high = weights[at + 1]!;
    labels02 += low & EVEN;
    labels13 += (low >>> 8) & EVEN;
    labels46 += high & EVEN;
    labels57 += (high >>> 8) & EVEN;
  }
  logits[0] = (labels02 & 0xffff) - OFFSET;
  logits[1] = (labels13 & 0xffff) - OFFSET;
  logits[2] = (labels02 >>> 16) - OFFSET;
  logits[3] = (labels13 >>> 16) - OFFSET;
  logits[4] = (labels46 & 0xffff) - OFFSET;
  logits[5] = (labels57 & 0xffff) - OFFSET;
  logits[6] = (labels46 >>> 16) - OFFSET;
  logits[7] = (labels57 >>> 16) - OFFSET;
}

/** Softmax mass of the type that `chosen` belongs to, as a share of that type and outside: other types do not count. */
function massOf(chosen: number, scale: number): number {
  const first = chosen === ADDRESS_PART ? chosen : chosen - ((chosen - 1) & 1);
  const second = chosen === ADDRESS_PART ? 0 : Math.exp((logits[first + 1]! - logits[chosen]!) * scale);
  const own = Math.exp((logits[first]! - logits[chosen]!) * scale) + second;
  return own / (own + Math.exp((logits[OUTSIDE]! - logits[chosen]!) * scale));
}
