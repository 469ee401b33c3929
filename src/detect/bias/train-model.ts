/** Trains the whole bias model from labelled texts; pure and seeded. */
import { createRandom, type Random } from "#shared";
import { scoreTrees } from "../grounding/boosted.ts";
import { type BoostOptions, fitBoostedTrees, type Row } from "../grounding/train.ts";
import { COUNTED } from "./context-features.ts";
import { BUCKETS, gramsOf } from "./features.ts";
import {
  type BiasModel,
  LINEAR_WEIGHTS,
  type LinearStage,
  packWeights,
  STAGE_TWO_WIDTH,
  stageTwoRow,
  toBiasWeights,
} from "./model.ts";
import { type BiasReading, readBias } from "./reading.ts";
import { fitLinear, type LinearOptions, type SparseRow } from "./train.ts";

/** A labelled text. */
export interface BiasItem {
  readonly text: string;
  /** 1: hateful, offensive or stereotyping. */
  readonly label: 0 | 1;
  /** Weight in the fit. */
  readonly weight: number;
  /** Neutral or reporting mention of a group: the threshold is set so that these pass. */
  readonly mustPass: boolean;
}

/** Settings of a training run. */
export interface BiasTraining {
  readonly seed: number;
  readonly folds: number;
  readonly linear: Omit<LinearOptions, "size">;
  readonly boost: Omit<BoostOptions, "signs">;
  /** Share of the items marked `mustPass` that stays below the threshold on held-out folds. */
  readonly passShare: number;
}

/** Settings of the shipped model, chosen on held-out folds of the training set. */
export const BIAS_TRAINING: BiasTraining = {
  seed: 20240612,
  folds: 4,
  linear: { epochs: 6, rate: 0.1, decay: 2e-3 },
  boost: { trees: 120, depth: 4, rate: 0.07, lambda: 3, minHessian: 5, subsample: 0.7, columns: 0.6 },
  passShare: 0.86,
};

interface Prepared {
  readonly item: BiasItem;
  readonly reading: BiasReading;
  readonly sparse: SparseRow;
}

/** Fits both stages; the second learns from first-stage scores of folds that the first stage did not see. */
export function trainBias(items: readonly BiasItem[], settings: BiasTraining = BIAS_TRAINING): BiasModel {
  const random = createRandom(settings.seed);
  const prepared = items.map(prepare);
  const folds = items.map((item) => foldOf(item.text, settings.folds));
  const rows: Row[] = new Array(items.length);
  for (let fold = 0; fold < settings.folds; fold++) {
    const stage = linearStage(
      prepared.filter((_, index) => folds[index] !== fold),
      settings,
      random,
    );
    prepared.forEach((one, index) => {
      if (folds[index] === fold)
        rows[index] = {
          features: stageTwoRow(stage, one.item.text, one.reading),
          label: one.item.label,
          weight: one.item.weight,
        };
    });
  }
  const options: BoostOptions = {
    ...settings.boost,
    signs: Array.from({ length: STAGE_TWO_WIDTH }, (_, index) => (index === 0 ? 1 : 0)),
  };
  const heldOut = new Float64Array(items.length);
  for (let fold = 0; fold < settings.folds; fold++) {
    const part = fitBoostedTrees(
      rows.filter((_, index) => folds[index] !== fold),
      options,
      random,
    );
    rows.forEach((row, index) => {
      if (folds[index] === fold) heldOut[index] = scoreTrees(part, row.features);
    });
  }
  const full = linearStage(prepared, settings, random);
  const model: BiasModel = {
    kind: "bias",
    version: 1,
    ...packWeights(full.weights as Float64Array), // linearStage gives what was fitted, never packed bytes
    bias: full.bias,
    counted: COUNTED,
    trees: fitBoostedTrees(rows, options, random),
    thresholdLogit: passThreshold(heldOut, items, settings.passShare),
    slope: 1,
  };
  toBiasWeights(model);
  return model;
}

function prepare(item: BiasItem): Prepared {
  const reading = readBias(item.text);
  const { slots, ends } = gramsOf(item.text, reading);
  const length = ends.at(-1)!;
  const index = new Int32Array(length);
  const value = new Float32Array(length);
  let from = 0;
  ends.forEach((end, block) => {
    const size = end === from ? 0 : 1 / Math.sqrt(end - from);
    for (let at = from; at < end; at++) {
      index[at] = block * BUCKETS + slots[at]!;
      value[at] = size;
    }
    from = end;
  });
  return { item, reading, sparse: { index, value, label: item.label, weight: item.weight } };
}

function linearStage(prepared: readonly Prepared[], settings: BiasTraining, random: Random): LinearStage {
  const fit = fitLinear(
    prepared.map((one) => one.sparse),
    { ...settings.linear, size: LINEAR_WEIGHTS },
    random,
  );
  return { weights: fit.weights, scale: 1, bias: fit.bias };
}

/** The lowest threshold that lets the wanted share of the `mustPass` items through. */
function passThreshold(logits: Float64Array, items: readonly BiasItem[], share: number): number {
  const passing = logits.filter((_, index) => items[index]!.mustPass).sort();
  const at = passing[Math.min(passing.length - 1, Math.ceil(passing.length * share))] ?? 0;
  return Math.round(at * 1e6) / 1e6;
}

function foldOf(text: string, folds: number): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return Math.abs(hash) % folds;
}
