/** Trains the whole grounding model from labelled items and plain passages; pure and seeded. */
import type { Random } from "#shared";
import { createRandom } from "#shared";
import { analyse, FEATURES } from "./features.ts";
import { type GroundingModel, logitOf } from "./model.ts";
import { makePairs, type Passage } from "./perturb.ts";
import { type BoostOptions, fitBoostedTrees, type Row } from "./train.ts";

/** A labelled item as the data sets have it. */
export interface GroundingItem {
  readonly answer: string;
  readonly context: string;
  readonly question?: string;
  /** 1: the answer says something that the context does not support. */
  readonly label: 0 | 1;
}

/** Passages of one source and how many pairs are made of each. */
export interface PassageSource {
  readonly passages: readonly Passage[];
  readonly perPassage: number;
}

/** Settings of a training run. */
export interface GroundingTraining {
  readonly seed: number;
  readonly bags: number;
  readonly folds: number;
  /** Weight of a made pair beside a labelled item's 1. */
  readonly madeWeight: number;
  readonly boost: Omit<BoostOptions, "signs">;
}

/** Settings of the shipped model, chosen on held-out folds of the training set. */
export const GROUNDING_TRAINING: GroundingTraining = {
  seed: 20240611,
  bags: 4,
  folds: 4,
  madeWeight: 0.4,
  boost: { trees: 60, depth: 4, rate: 0.12, lambda: 2, minHessian: 4, subsample: 0.6, columns: 0.6 },
};

/** What a training run gives beside the model. */
export interface GroundingTrained {
  readonly model: GroundingModel;
  readonly labelled: number;
  readonly made: number;
  readonly madePositive: number;
}

/**
 * Fits the bags, freezes the threshold at the best balanced accuracy of out-of-fold logits on the labelled items, and calibrates
 * the slope (Platt 1999, one parameter). Folds go by context, so that none is on both sides.
 */
export function trainGrounding(
  items: readonly GroundingItem[],
  sources: readonly PassageSource[],
  settings: GroundingTraining = GROUNDING_TRAINING,
): GroundingTrained {
  const random = createRandom(settings.seed);
  const made = sources.flatMap((source) => makePairs(source.passages, source.perPassage, random));
  const labelledRows = items.map((item) => toRow(item, 1));
  const madeRows = made.map((pair) => toRow(pair, settings.madeWeight));
  const foldOf = (context: string): number => foldOfContext(context, settings.folds);
  const itemFold = items.map((item) => foldOf(item.context));
  const madeFold = made.map((pair) => foldOf(pair.context));
  const heldOut = new Float64Array(items.length);
  for (let fold = 0; fold < settings.folds; fold++) {
    const rows = [
      ...labelledRows.filter((_, index) => itemFold[index] !== fold),
      ...madeRows.filter((_, index) => madeFold[index] !== fold),
    ];
    const part = bagsOf(rows, settings, random, 1);
    labelledRows.forEach((row, index) => {
      if (itemFold[index] === fold) heldOut[index] = logitOf(part, row.features).mean;
    });
  }
  const labels = items.map((item) => item.label);
  const thresholdLogit = bestThreshold(heldOut, labels);
  const model: GroundingModel = {
    ...bagsOf([...labelledRows, ...madeRows], settings, random, settings.bags),
    thresholdLogit,
    slope: slopeOf(heldOut, labels, thresholdLogit),
  };
  return {
    model,
    labelled: items.length,
    made: made.length,
    madePositive: made.reduce((sum, pair) => sum + pair.label, 0),
  };
}

function toRow(item: GroundingItem, weight: number): Row {
  return { features: analyse(item.answer, item.context, item.question).features, label: item.label, weight };
}

function bagsOf(
  rows: readonly Row[],
  settings: GroundingTraining,
  random: Random,
  bags: number,
): GroundingModel {
  const options: BoostOptions = { ...settings.boost, signs: FEATURES.map((feature) => feature.sign) };
  return {
    kind: "grounding",
    version: 1,
    features: FEATURES.map((feature) => feature.name),
    bags: Array.from({ length: bags }, () => fitBoostedTrees(rows, options, random)),
    thresholdLogit: 0,
    slope: 1,
  };
}

/** Threshold of the best balanced accuracy, in the middle of its gap. */
function bestThreshold(logits: Float64Array, labels: readonly (0 | 1)[]): number {
  const order = Array.from(logits, (logit, index) => ({ logit, label: labels[index]! })).sort(
    (a, b) => a.logit - b.logit,
  );
  const positives = labels.reduce<number>((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return 0;
  let below = 0;
  let trueNegatives = 0;
  let best = -1;
  let threshold = 0;
  for (let index = 0; index + 1 < order.length; index++) {
    if (order[index]!.label === 1) below++;
    else trueNegatives++;
    const balanced = (1 - below / positives + trueNegatives / negatives) / 2;
    if (balanced > best) {
      best = balanced;
      threshold = (order[index]!.logit + order[index + 1]!.logit) / 2;
    }
  }
  return Math.round(threshold * 1e6) / 1e6;
}

/** Slope that minimises the log loss of sigmoid(slope * (logit - threshold)), by golden-section search on [0.2, 3]. */
function slopeOf(logits: Float64Array, labels: readonly (0 | 1)[], threshold: number): number {
  const loss = (slope: number): number => {
    let sum = 0;
    for (let index = 0; index < logits.length; index++) {
      const margin = slope * (logits[index]! - threshold) * (labels[index] === 1 ? 1 : -1);
      sum += margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
    }
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = 0.2;
  let high = 3;
  for (let step = 0; step < 40; step++) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return Math.round(((low + high) / 2) * 1e6) / 1e6;
}

function foldOfContext(context: string, folds: number): number {
  let hash = 0;
  for (let index = 0; index < context.length; index++)
    hash = (Math.imul(hash, 31) + context.charCodeAt(index)) | 0;
  return Math.abs(hash) % folds;
}
