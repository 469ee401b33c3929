import { type CompiledTrees, compileTrees, scoreCompiled } from "./compiled-trees.ts";
import type { ConceptHits } from "./lexicon.ts";
import type { InjectionModel } from "./model.ts";
import { addFeatureSums, type FeatureSums, type PackedHeads, packHeads } from "./ngrams.ts";
import type { FoldedText } from "./normalise.ts";
import { createParts, cutParts, type Parts } from "./parts.ts";
import type { RuleMatch } from "./rules.ts";
import { describeText, FEATURE_COUNT } from "./sketch.ts";

/** A model made ready and the scratch memory for one text at a time; grows to the longest text seen. */
export interface ScoreBuffers {
  sums: FeatureSums;
  readonly packed: PackedHeads;
  readonly trees: CompiledTrees;
  /** Log-odds that become score 0.5. */
  readonly threshold: number;
  readonly parts: Parts;
  readonly features: Float64Array;
}

/** Score of one text and the folded range that looks worst. */
export interface TextScore {
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

/** Scratch memory for texts of one model. */
export function createScoreBuffers(model: InjectionModel): ScoreBuffers {
  return {
    packed: packHeads(model),
    trees: compileTrees(model.boosted),
    threshold: model.threshold,
    sums: createSums(1024),
    parts: createParts(),
    features: new Float64Array(FEATURE_COUNT),
  };
}

/** Scores a folded text with both stages of the model. Linear, nothing of the size of the text is allocated. */
export function scoreText(
  folded: FoldedText,
  hits: ConceptHits,
  matches: readonly RuleMatch[],
  ruleScore: number,
  buffers: ScoreBuffers,
): TextScore {
  if (buffers.sums.attack.length < folded.length + 2) {
    buffers.sums = createSums(2 ** Math.ceil(Math.log2(folded.length + 2)));
  }
  const { sums, parts, features, trees, threshold } = buffers;
  cutParts(folded, hits, parts);
  addFeatureSums(folded, hits, parts, buffers.packed, sums);
  const range = describeText({ folded, hits, matches, ruleScore, parts, sums }, features);
  const score = 1 / (1 + Math.exp(threshold - scoreCompiled(trees, features)));
  return { score, start: range.start, end: range.end };
}

function createSums(size: number): FeatureSums {
  return {
    attack: new Int32Array(size),
    instruction: new Int32Array(size),
    features: new Int32Array(size),
    known: new Int32Array(size),
    attackStep: 0,
    instructionStep: 0,
    distinctAttack: 0,
    distinctCount: 0,
  };
}
