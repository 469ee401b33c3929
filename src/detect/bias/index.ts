/** Bias and fairness of texts and decisions. */
export { createBiasDetector } from "./detector.ts";
export { FOUR_FIFTHS, type GroupMetrics, type GroupRates, groupMetrics } from "./fairness.ts";
export { type BiasModel, toBiasWeights } from "./model.ts";
export {
  BIAS_KINDS,
  type BiasDetector,
  type BiasIndicator,
  type BiasInput,
  type BiasKind,
  type BiasResult,
  type BiasRule,
  type Counterfactual,
  type FairnessScore,
  type LabelledPrediction,
} from "./types.ts";

/** Every expression that the bias detector runs over texts: none, its scanner works unit by unit. */
export const biasPatterns: readonly RegExp[] = [];
