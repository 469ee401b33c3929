/** Boosted trees laid out for scoring: no pointer to follow, no branch to guess. */
import type { BoostedModel, BoostedTree } from "./boost.ts";

/**
 * A {@link BoostedModel} as records of 16 bytes, all nodes of all trees one after another, the right child behind the left
 * one: a 64-bit threshold (or the value of a leaf), then 32 bits of {@link SPLIT}, feature and left child.
 */
export interface CompiledTrees {
  readonly base: number;
  readonly roots: Int32Array;
  /** Steps that reach a leaf of every tree; a leaf steps to itself. */
  readonly depth: number;
  /** Threshold or value of node `n` at `2 * n`. */
  readonly numbers: Float64Array;
  /** The other half of node `n` at `4 * n + 2`. */
  readonly links: Int32Array;
}

/** Set in a link when the node is a split. */
const SPLIT = 1;
const FEATURE_SHIFT = 1;
const FEATURE_MASK = 0xff;
const CHILD_SHIFT = 9;

/** Packs a model for {@link scoreCompiled}. Features are below 256, nodes below 2^22. */
export function compileTrees(model: BoostedModel): CompiledTrees {
  const size = model.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const numbers = new Float64Array(2 * size);
  const compiled = {
    base: model.base,
    roots: new Int32Array(model.trees.length),
    depth: 0,
    numbers,
    links: new Int32Array(numbers.buffer),
  };
  let next = 0;
  for (const [index, tree] of model.trees.entries()) {
    compiled.roots[index] = next;
    next = pack(tree, 0, next, next + 1, compiled, 0);
  }
  return compiled;
}

/** Writes node `from` of a tree to place `to` and its children from `free` on; returns the next free place. */
function pack(
  tree: BoostedTree,
  from: number,
  to: number,
  free: number,
  into: { depth: number; numbers: Float64Array; links: Int32Array },
  depth: number,
): number {
  into.depth = Math.max(into.depth, depth);
  into.numbers[2 * to] = tree.threshold[from]!;
  const feature = tree.feature[from]!;
  if (feature < 0) {
    into.links[4 * to + 2] = to << CHILD_SHIFT;
    return free;
  }
  into.links[4 * to + 2] = SPLIT | (feature << FEATURE_SHIFT) | (free << CHILD_SHIFT);
  const afterLeft = pack(tree, tree.left[from]!, free, free + 2, into, depth + 1);
  return pack(tree, tree.right[from]!, free + 1, afterLeft, into, depth + 1);
}

/**
 * The same log-odds as `scoreBoosted`, every tree in the same number of steps: which way a split goes depends on the text,
 * and a processor guesses it wrong every other time.
 */
export function scoreCompiled(trees: CompiledTrees, row: Float64Array): number {
  const { roots, depth, numbers, links } = trees;
  let sum = trees.base;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!;
    for (let step = 0; step < depth; step++) {
      const link = links[4 * node + 2]!;
      const goesRight = row[(link >> FEATURE_SHIFT) & FEATURE_MASK]! <= numbers[2 * node]! ? 0 : SPLIT;
      node = (link >>> CHILD_SHIFT) + (goesRight & link);
    }
    sum += numbers[2 * node]!;
  }
  return sum;
}
