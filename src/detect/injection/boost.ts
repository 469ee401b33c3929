/** Gradient-boosted trees with a logistic loss: the second stage. Deterministic; no sampling. */

/** Split candidates per feature. */
const BINS = 24;

/** One tree as parallel arrays; node 0 is the root, children of a split follow in `left` and `right`. */
export interface BoostedTree {
  /** Feature of the split, or -1 for a leaf. */
  readonly feature: readonly number[];
  /** `value <= threshold` goes left. For a leaf: its value. */
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** A sum of trees over a base value; the result is a log-odds. */
export interface BoostedModel {
  readonly base: number;
  readonly trees: readonly BoostedTree[];
}

/** How trees are grown. */
export interface BoostOptions {
  readonly trees: number;
  readonly depth: number;
  /** Share of each tree's step, (0, 1]. */
  readonly rate: number;
  /** Least sum of weights in a leaf. */
  readonly minLeafWeight: number;
  /** Ridge penalty on leaf values, in sums of second derivatives. */
  readonly ridge: number;
}

/** Log-odds of one row. */
export function scoreBoosted(model: BoostedModel, row: Float64Array): number {
  let sum = model.base;
  for (const tree of model.trees) {
    let node = 0;
    for (let feature = tree.feature[0]!; feature >= 0; feature = tree.feature[node]!) {
      node = row[feature]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
    }
    sum += tree.threshold[node]!;
  }
  return sum;
}

/**
 * Newton boosting (Friedman 2001; second-order leaf values as in Chen and Guestrin 2016) on binned features.
 * @param rows feature rows of equal length
 * @param labels 0 or 1 per row
 * @param weights importance per row
 */
export function trainBoosted(
  rows: readonly Float64Array[],
  labels: readonly number[],
  weights: readonly number[],
  options: BoostOptions,
): BoostedModel {
  const featureCount = rows[0]?.length ?? 0;
  const edges = Array.from({ length: featureCount }, (_, feature) => binEdges(rows, feature));
  const binned: Binned = { featureCount, bins: new Uint8Array(rows.length * featureCount) };
  for (const [index, row] of rows.entries()) {
    for (let feature = 0; feature < featureCount; feature++) {
      binned.bins[index * featureCount + feature] = binOf(edges[feature]!, row[feature]!);
    }
  }
  let positive = 0;
  let all = 0;
  for (const [index, weight] of weights.entries()) {
    all += weight;
    positive += weight * labels[index]!;
  }
  const base = Math.log(positive / (all - positive));
  const scores = new Float64Array(rows.length).fill(base);
  const gradient = new Float64Array(rows.length);
  const curvature = new Float64Array(rows.length);
  const trees: BoostedTree[] = [];
  for (let round = 0; round < options.trees; round++) {
    for (let index = 0; index < rows.length; index++) {
      const chance = 1 / (1 + Math.exp(-scores[index]!));
      gradient[index] = weights[index]! * (labels[index]! - chance);
      curvature[index] = weights[index]! * chance * (1 - chance);
    }
    const tree = growTree({ binned, gradient, curvature, weights }, edges, options);
    trees.push(tree);
    for (const [index, row] of rows.entries()) scores[index] = scores[index]! + leafValue(tree, row);
  }
  return { base, trees };
}

function leafValue(tree: BoostedTree, row: Float64Array): number {
  return scoreBoosted({ base: 0, trees: [tree] }, row);
}

/** Bin of each feature, row after row. */
interface Binned {
  readonly featureCount: number;
  readonly bins: Uint8Array;
}

/** Sums of gradient, curvature and weight per feature and bin: three numbers each. */
type Histogram = Float64Array;

/** What a tree is grown on. */
interface Sample {
  readonly binned: Binned;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly weights: readonly number[];
}

function growTree(sample: Sample, edges: readonly Float64Array[], options: BoostOptions): BoostedTree {
  const { bins, featureCount } = sample.binned;
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const grow = (members: Int32Array, depth: number, histogram: Histogram | undefined): number => {
    const node = feature.length;
    feature.push(-1);
    threshold.push(0);
    left.push(0);
    right.push(0);
    const split = histogram && bestSplit(histogram, featureCount, options);
    if (!split) {
      let sumGradient = 0;
      let sumCurvature = 0;
      for (const member of members) {
        sumGradient += sample.gradient[member]!;
        sumCurvature += sample.curvature[member]!;
      }
      threshold[node] = (options.rate * sumGradient) / (sumCurvature + options.ridge);
      return node;
    }
    const goesLeft = (member: number): boolean => bins[member * featureCount + split.feature]! <= split.bin;
    const leftMembers = members.filter(goesLeft);
    const rightMembers = members.filter((member) => !goesLeft(member));
    const splits = depth + 1 < options.depth;
    const leftIsSmaller = leftMembers.length <= rightMembers.length;
    // Only the smaller side is counted; the other is what remains of the parent.
    const smaller = splits ? sumBins(sample, leftIsSmaller ? leftMembers : rightMembers) : undefined;
    const larger = smaller && subtract(histogram, smaller);
    feature[node] = split.feature;
    threshold[node] = edges[split.feature]![split.bin]!;
    left[node] = grow(leftMembers, depth + 1, leftIsSmaller ? smaller : larger);
    right[node] = grow(rightMembers, depth + 1, leftIsSmaller ? larger : smaller);
    return node;
  };
  const all = Int32Array.from(sample.gradient, (_, index) => index);
  grow(all, 0, options.depth > 0 ? sumBins(sample, all) : undefined);
  return { feature, threshold, left, right };
}

function sumBins({ binned, gradient, curvature, weights }: Sample, members: Int32Array): Histogram {
  const { bins, featureCount } = binned;
  const sums = new Float64Array(featureCount * BINS * 3);
  for (const member of members) {
    const memberGradient = gradient[member]!;
    const memberCurvature = curvature[member]!;
    const memberWeight = weights[member]!;
    const row = member * featureCount;
    for (let feature = 0; feature < featureCount; feature++) {
      const at = (feature * BINS + bins[row + feature]!) * 3;
      sums[at] = sums[at]! + memberGradient;
      sums[at + 1] = sums[at + 1]! + memberCurvature;
      sums[at + 2] = sums[at + 2]! + memberWeight;
    }
  }
  return sums;
}

/** The parent's histogram without the child's; overwrites the parent's. */
function subtract(parent: Histogram, child: Histogram): Histogram {
  for (let at = 0; at < parent.length; at++) parent[at] = parent[at]! - child[at]!;
  return parent;
}

function bestSplit(
  sums: Histogram,
  featureCount: number,
  options: BoostOptions,
): { feature: number; bin: number } | undefined {
  let best: { feature: number; bin: number } | undefined;
  let bestGain = 1e-6;
  for (let feature = 0; feature < featureCount; feature++) {
    const offset = feature * BINS * 3;
    let allGradient = 0;
    let allCurvature = 0;
    let allWeight = 0;
    for (let bin = 0; bin < BINS; bin++) {
      allGradient += sums[offset + bin * 3]!;
      allCurvature += sums[offset + bin * 3 + 1]!;
      allWeight += sums[offset + bin * 3 + 2]!;
    }
    const parent = (allGradient * allGradient) / (allCurvature + options.ridge);
    let leftGradient = 0;
    let leftCurvature = 0;
    let leftWeight = 0;
    for (let bin = 0; bin + 1 < BINS; bin++) {
      leftGradient += sums[offset + bin * 3]!;
      leftCurvature += sums[offset + bin * 3 + 1]!;
      leftWeight += sums[offset + bin * 3 + 2]!;
      if (leftWeight < options.minLeafWeight || allWeight - leftWeight < options.minLeafWeight) continue;
      const rightGradient = allGradient - leftGradient;
      const gain =
        (leftGradient * leftGradient) / (leftCurvature + options.ridge) +
        (rightGradient * rightGradient) / (allCurvature - leftCurvature + options.ridge) -
        parent;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, bin };
      }
    }
  }
  return best;
}

/**
 * Up to `BINS - 1` cuts, half of them at quantiles of all values, half at quantiles of the distinct ones, so that rare
 * flags and long tails get theirs. A value belongs to the first bin whose cut is not below it.
 */
function binEdges(rows: readonly Float64Array[], feature: number): Float64Array {
  const values = Float64Array.from(rows, (row) => row[feature]!).sort();
  const distinct = Float64Array.from(new Set(values));
  const cuts = new Set<number>();
  const half = BINS >> 1;
  for (const sorted of [values, distinct]) {
    for (let cut = 1; cut < half; cut++) cuts.add(sorted[Math.floor((cut * sorted.length) / half)]!);
  }
  if (distinct.length > 0) {
    cuts.add(distinct[0]!);
    cuts.delete(distinct.at(-1)!);
  }
  return Float64Array.from(cuts).sort();
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
