/** The fitted grounding model: its shape, its check and what it makes of a row of features. */
import { RampartError } from "#shared";
import { type BoostedTrees, isEnsemble, packTrees, scoreTrees, sigmoid } from "./boosted.ts";
import { FEATURES } from "./features.ts";

/** Weights as `npm run train` writes them to `models/grounding.json`. */
export interface GroundingModel {
  readonly kind: "grounding";
  readonly version: 1;
  /** Names of the features in the order the trees use them; must equal {@link FEATURES}. */
  readonly features: readonly string[];
  /** Ensembles fitted on different samples of the rows: their mean is the score, their spread the uncertainty. */
  readonly bags: readonly BoostedTrees[];
  /** Logit at which an answer is called ungrounded; frozen on the training set. */
  readonly thresholdLogit: number;
  /** Calibration on held-out folds of the training set: risk = sigmoid(slope * (logit - thresholdLogit)). */
  readonly slope: number;
}

/** Risk of one row with the spread over the ensembles. */
export interface RiskEstimate {
  readonly risk: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Checks that a parsed file is a grounding model for these features, and packs its trees for scoring.
 * @throws RMP_DETECT_MODEL_INVALID when it is not
 */
export function toGroundingModel(value: unknown): GroundingModel {
  // The cast only names the fields that the checks below look at.
  const model = value as GroundingModel;
  const fits =
    typeof value === "object" &&
    value !== null &&
    model.kind === "grounding" &&
    model.version === 1 &&
    Array.isArray(model.features) &&
    model.features.length === FEATURES.length &&
    FEATURES.every((feature, index) => model.features[index] === feature.name) &&
    Array.isArray(model.bags) &&
    model.bags.length > 0 &&
    model.bags.every((bag) => isEnsemble(bag, FEATURES.length)) &&
    Number.isFinite(model.thresholdLogit) &&
    Number.isFinite(model.slope);
  if (!fits)
    throw new RampartError("RMP_DETECT_MODEL_INVALID", "the grounding model does not fit this version");
  return { ...model, bags: model.bags.map(packTrees) };
}

/** Mean logit of the ensembles and their standard deviation. */
export function logitOf(model: GroundingModel, row: Float64Array): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const bag of model.bags) {
    const logit = scoreTrees(bag, row);
    sum += logit;
    squares += logit * logit;
  }
  const mean = sum / model.bags.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / model.bags.length - mean * mean)) };
}

/**
 * Calibrated risk with a 95 % interval: the spread of the ensembles widened by how little there was to check
 * (`content` distinct words), as a proportion's standard error shrinks with the root of its count.
 */
export function riskOf(model: GroundingModel, row: Float64Array, content: number): RiskEstimate {
  const { mean, deviation } = logitOf(model, row);
  const centre = model.slope * (mean - model.thresholdLogit);
  const spread = 1.96 * Math.hypot(model.slope * deviation, 1 / Math.sqrt(1 + content));
  return { risk: sigmoid(centre), low: sigmoid(centre - spread), high: sigmoid(centre + spread) };
}
