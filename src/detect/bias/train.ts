/** Fits the bias model: logistic regression over sparse rows, by AdaGrad with L2 decay. Pure and seeded. */
import type { Random } from "#shared";

/** One row to learn from. */
export interface SparseRow {
  readonly index: Int32Array;
  readonly value: Float32Array;
  readonly label: 0 | 1;
  readonly weight: number;
}

/** Settings of a fit. */
export interface LinearOptions {
  readonly size: number;
  readonly epochs: number;
  readonly rate: number;
  /** L2 penalty per visit of a feature. */
  readonly decay: number;
}

/** A fitted linear model. */
export interface LinearFit {
  readonly weights: Float64Array;
  readonly bias: number;
}

/** AdaGrad (Duchi et al. 2011) on the logistic loss; the same rows and random source give the same bits. */
export function fitLinear(rows: readonly SparseRow[], options: LinearOptions, random: Random): LinearFit {
  const weights = new Float64Array(options.size);
  const squares = new Float64Array(options.size).fill(1e-2);
  let bias = 0;
  let biasSquares = 1e-2;
  const order = Int32Array.from(rows, (_, index) => index);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (let index = order.length - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1));
      const held = order[index]!;
      order[index] = order[other]!;
      order[other] = held;
    }
    for (const at of order) {
      const row = rows[at]!;
      let logit = bias;
      for (let k = 0; k < row.index.length; k++) logit += weights[row.index[k]!]! * row.value[k]!;
      const error = (1 / (1 + Math.exp(-logit)) - row.label) * row.weight;
      for (let k = 0; k < row.index.length; k++) {
        const feature = row.index[k]!;
        const gradient = error * row.value[k]! + options.decay * weights[feature]!;
        squares[feature]! += gradient * gradient;
        weights[feature]! -= (options.rate * gradient) / Math.sqrt(squares[feature]!);
      }
      biasSquares += error * error;
      bias -= (options.rate * error) / Math.sqrt(biasSquares);
    }
  }
  return { weights, bias };
}
