import { createRandom } from "#shared";
import { HASH_SIZE } from "./ngrams.ts";

/** One training row of a linear head: the slots of its features, with repetitions. */
export interface LinearRow {
  readonly slots: Int32Array;
  readonly label: 0 | 1;
  readonly weight: number;
}

/** How a linear head is trained. */
export interface LinearOptions {
  readonly epochs: number;
  /** Step of AdaGrad. */
  readonly rate: number;
  readonly seed: number;
}

/** Least error that still moves weights: a row that is learned costs no time. */
const LEARNED = 0.01;

/**
 * Logistic regression by AdaGrad (Duchi, Hazan, Singer 2011) on counts divided by the square root of their number, no
 * bias: a score of a range needs only running sums. The order of rows is shuffled from the seed.
 */
export function trainLinear(rows: readonly LinearRow[], options: LinearOptions): Float32Array {
  const weights = new Float32Array(HASH_SIZE);
  const squares = new Float32Array(HASH_SIZE).fill(1e-3);
  const random = createRandom(options.seed);
  const order = rows.map((_, index) => index);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (let last = order.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      const swapped = order[last]!;
      order[last] = order[other]!;
      order[other] = swapped;
    }
    for (const index of order) {
      const { slots, label, weight } = rows[index]!;
      if (slots.length === 0) continue;
      const scale = 1 / Math.sqrt(slots.length);
      let sum = 0;
      for (let at = 0; at < slots.length; at++) sum += weights[slots[at]!]!;
      const error = 1 / (1 + Math.exp(-sum * scale)) - label;
      if (Math.abs(error) < LEARNED) continue;
      const step = error * scale * weight;
      const square = step * step;
      const move = options.rate * step;
      for (let at = 0; at < slots.length; at++) {
        const slot = slots[at]!;
        const grown = squares[slot]! + square;
        squares[slot] = grown;
        weights[slot] = weights[slot]! - move / Math.sqrt(grown);
      }
    }
  }
  return weights;
}

/** Weights as signed bytes and the value of one step. The largest 0.02 % are clipped so that they do not set the step. */
export function quantise(weights: Float32Array): { bytes: Int8Array; step: number } {
  const sizes = Float32Array.from(weights, Math.abs).sort();
  const top = sizes[Math.floor(sizes.length * 0.9998)]!;
  const step = top > 0 ? top / 127 : 1;
  const bytes = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / step))));
  return { bytes, step };
}
