/** Fits the boosted trees of the grounding detector: Newton boosting on the logistic loss under monotone constraints. */
import type { Random } from "#shared";
import { type BoostedTrees, sigmoid } from "./boosted.ts";

/** Settings of a fit. */
export interface BoostOptions {
  readonly trees: number;
  readonly depth: number;
  /** Step per tree, (0, 1]. */
  readonly rate: number;
  /** L2 penalty on leaf values. */
  readonly lambda: number;
  /** Smallest sum of second derivatives in a leaf. */
  readonly minHessian: number;
  /** Share of the rows that each tree sees. */
  readonly subsample: number;
  /** Share of the features that each tree may split on. */
  readonly columns: number;
  /** Direction in which the logit may move with each feature. */
  readonly signs: readonly (-1 | 0 | 1)[];
}

/** One row to learn from. */
export interface Row {
  readonly features: Float64Array;
  readonly label: 0 | 1;
  readonly weight: number;
}

const BINS = 64;

/**
 * Fits an ensemble (Friedman 2001, with second derivatives as in Chen and Guestrin 2016; monotone bounds on leaf values as in
 * LightGBM's "basic" method). Same rows, options and random source give the same bits.
 */
export function fitBoostedTrees(rows: readonly Row[], options: BoostOptions, random: Random): BoostedTrees {
  const width = options.signs.length;
  const cuts = Array.from({ length: width }, (_, feature) => cutsOf(rows, feature));
  const binned = rows.map((row) => {
    const bins = new Uint8Array(width);
    for (let feature = 0; feature < width; feature++)
      bins[feature] = binOf(cuts[feature]!, row.features[feature]!);
    return bins;
  });
  let positive = 0;
  let total = 0;
  for (const row of rows) {
    total += row.weight;
    positive += row.weight * row.label;
  }
  const bias = Math.log(Math.max(1e-6, positive) / Math.max(1e-6, total - positive));
  const logits = new Float64Array(rows.length).fill(bias);
  const gradient = new Float64Array(rows.length);
  const hessian = new Float64Array(rows.length);
  const trees = { feature: [] as number[], threshold: [] as number[], leaf: [] as number[] };
  const inner = (1 << options.depth) - 1;
  for (let round = 0; round < options.trees; round++) {
    const sample: number[] = [];
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const p = sigmoid(logits[index]!);
      gradient[index] = row.weight * (p - row.label);
      hessian[index] = row.weight * Math.max(1e-6, p * (1 - p));
      if (random() < options.subsample) sample.push(index);
    }
    const usable = Array.from({ length: width }, () => random() < options.columns);
    const tree = {
      feature: new Array<number>(inner).fill(0),
      threshold: new Array<number>(inner).fill(Number.MAX_VALUE),
      leaf: new Array<number>(inner + 1).fill(0),
    };
    grow({ binned, gradient, hessian, cuts, usable, options, tree }, 0, 0, sample, -4, 4);
    trees.feature.push(...tree.feature);
    trees.threshold.push(...tree.threshold.map((cut) => round6(cut)));
    trees.leaf.push(...tree.leaf.map((value) => round6(value * options.rate)));
    const one: BoostedTrees = {
      depth: options.depth,
      bias: 0,
      feature: tree.feature,
      threshold: tree.threshold.map((cut) => round6(cut)),
      leaf: trees.leaf.slice(-inner - 1),
    };
    for (let index = 0; index < rows.length; index++) logits[index]! += scoreOne(one, rows[index]!.features);
  }
  return { depth: options.depth, bias: round6(bias), ...trees };
}

interface Growth {
  readonly binned: readonly Uint8Array[];
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly cuts: readonly Float64Array[];
  readonly usable: readonly boolean[];
  readonly options: BoostOptions;
  readonly tree: { feature: number[]; threshold: number[]; leaf: number[] };
}

function grow(
  growth: Growth,
  node: number,
  level: number,
  sample: readonly number[],
  low: number,
  high: number,
): void {
  const { options, tree, gradient, hessian, binned, cuts } = growth;
  let g = 0;
  let h = 0;
  for (const index of sample) {
    g += gradient[index]!;
    h += hessian[index]!;
  }
  const clip = (value: number): number => Math.min(high, Math.max(low, value));
  const value = clip(-g / (h + options.lambda));
  const inner = (1 << options.depth) - 1;
  if (level === options.depth) {
    tree.leaf[node - inner] = value;
    return;
  }
  const gainAt = (gSum: number, hSum: number, w: number): number =>
    -(gSum * w + 0.5 * (hSum + options.lambda) * w * w);
  const here = gainAt(g, h, value);
  let bestGain = 1e-9;
  let bestFeature = -1;
  let bestBin = 0;
  let bestLeft = 0;
  let bestRight = 0;
  const gBins = new Float64Array(BINS);
  const hBins = new Float64Array(BINS);
  for (let feature = 0; feature < options.signs.length; feature++) {
    if (!growth.usable[feature] || cuts[feature]!.length === 0) continue;
    gBins.fill(0);
    hBins.fill(0);
    for (const index of sample) {
      const bin = binned[index]![feature]!;
      gBins[bin]! += gradient[index]!;
      hBins[bin]! += hessian[index]!;
    }
    let gLeft = 0;
    let hLeft = 0;
    const sign = options.signs[feature]!;
    for (let bin = 0; bin < cuts[feature]!.length; bin++) {
      gLeft += gBins[bin]!;
      hLeft += hBins[bin]!;
      if (hLeft < options.minHessian || h - hLeft < options.minHessian) continue;
      const left = clip(-gLeft / (hLeft + options.lambda));
      const right = clip(-(g - gLeft) / (h - hLeft + options.lambda));
      if (sign !== 0 && sign * (right - left) < 0) continue;
      const gain = gainAt(gLeft, hLeft, left) + gainAt(g - gLeft, h - hLeft, right) - here;
      if (gain > bestGain) {
        bestGain = gain;
        bestFeature = feature;
        bestBin = bin;
        bestLeft = left;
        bestRight = right;
      }
    }
  }
  if (bestFeature < 0) {
    fill(growth, node, level, value);
    return;
  }
  tree.feature[node] = bestFeature;
  tree.threshold[node] = cuts[bestFeature]![bestBin]!;
  const left: number[] = [];
  const right: number[] = [];
  for (const index of sample) (binned[index]![bestFeature]! <= bestBin ? left : right).push(index);
  const sign = options.signs[bestFeature]!;
  const middle = (bestLeft + bestRight) / 2;
  grow(growth, 2 * node + 1, level + 1, left, sign < 0 ? middle : low, sign > 0 ? middle : high);
  grow(growth, 2 * node + 2, level + 1, right, sign > 0 ? middle : low, sign < 0 ? middle : high);
}

/** A node that cannot be split: everything below goes left and gets the same value. */
function fill(growth: Growth, node: number, level: number, value: number): void {
  const inner = (1 << growth.options.depth) - 1;
  if (level === growth.options.depth) {
    growth.tree.leaf[node - inner] = value;
    return;
  }
  fill(growth, 2 * node + 1, level + 1, value);
  fill(growth, 2 * node + 2, level + 1, value);
}

function scoreOne(tree: BoostedTrees, row: Float64Array): number {
  let node = 0;
  for (let level = 0; level < tree.depth; level++)
    node = 2 * node + (row[tree.feature[node]!]! <= tree.threshold[node]! ? 1 : 2);
  return tree.leaf[node - ((1 << tree.depth) - 1)]!;
}

/** Cut points at quantiles of the distinct values, between neighbours. */
function cutsOf(rows: readonly Row[], feature: number): Float64Array {
  const distinct = [...new Set(rows.map((row) => row.features[feature]!))].sort((a, b) => a - b);
  if (distinct.length < 2) return new Float64Array(0);
  const sorted = rows.map((row) => row.features[feature]!).sort((a, b) => a - b);
  const cuts = new Set<number>();
  const steps = Math.min(BINS, distinct.length);
  for (let step = 1; step < steps; step++) {
    const at =
      distinct.length <= BINS ? distinct[step - 1]! : sorted[Math.floor((step * sorted.length) / steps)]!;
    cuts.add(round6(at));
  }
  return Float64Array.from([...cuts].sort((a, b) => a - b));
}

function binOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= cuts[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function round6(value: number): number {
  return Number.isFinite(value) && Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value;
}
