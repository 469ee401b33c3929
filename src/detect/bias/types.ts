/** What the bias detector takes and answers. */
import type { RiskLevel } from "../types.ts";

/** The nine kinds of bias. */
export const BIAS_KINDS = [
  "gender",
  "race",
  "age",
  "disability",
  "religion",
  "orientation",
  "nationality",
  "socio_economic",
  "appearance",
] as const;

/** One of {@link BIAS_KINDS}. */
export type BiasKind = (typeof BIAS_KINDS)[number];

/** What was seen: a degrading name, a group with a degrading attribute, a stereotyped role, a term with a better wording, or the model alone. */
export type BiasRule =
  | "slur"
  | "degrading_generalisation"
  | "stereotyped_role"
  | "non_inclusive_term"
  | "counterfactual"
  | "model";

/** One finding; offsets are UTF-16 units, end exclusive. */
export interface BiasIndicator {
  readonly kind: BiasKind;
  readonly rule: BiasRule;
  readonly start: number;
  readonly end: number;
  readonly severity: Exclude<RiskLevel, "safe">;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly explanation: string;
  /** A more inclusive wording for the span, when there is one. */
  readonly suggestedAlternative?: string;
}

/** One decision of a classifier about one person, for the group metrics. */
export interface LabelledPrediction {
  /** The protected group the person belongs to. */
  readonly group: string;
  /** The decision: true is the favourable one. */
  readonly predicted: boolean;
  /** What would have been right, if known; needed for equalised odds. */
  readonly actual?: boolean;
}

/** A score of fairness in [0, 1], 1 is fair. */
export interface FairnessScore {
  readonly metric: string;
  readonly score: number;
  readonly explanation: string;
  readonly affectedGroups: readonly string[];
}

/** What happened to the score when the terms of one kind were exchanged for their counterparts. */
export interface Counterfactual {
  readonly kind: BiasKind;
  /** Number of terms exchanged. */
  readonly swapped: number;
  readonly original: number;
  readonly counterfactual: number;
  /** original - counterfactual; far from 0 means that the judgement hangs on the group. */
  readonly difference: number;
}

/** What is audited. */
export interface BiasInput {
  readonly text: string;
  readonly predictions?: readonly LabelledPrediction[];
  /** Whether the text is scored again with groups exchanged; default true. Each kind found costs one more pass. */
  readonly withCounterfactuals?: boolean;
}

/** Judgement of one text. */
export interface BiasResult {
  /** Calibrated score in [0, 1]; 0.5 is the frozen threshold. */
  readonly score: number;
  /** Score at or above the threshold. */
  readonly flagged: boolean;
  /** Flagged, or at least one indicator of medium severity or more. */
  readonly hasBias: boolean;
  readonly level: RiskLevel;
  readonly indicators: readonly BiasIndicator[];
  readonly kinds: readonly BiasKind[];
  readonly counterfactuals: readonly Counterfactual[];
  readonly fairnessScores: readonly FairnessScore[];
  /** Lowest of the fairness scores; 1 when there are none. */
  readonly overallFairness: number;
  readonly recommendations: readonly string[];
}

/** Audits texts for bias. */
export interface BiasDetector {
  audit(input: BiasInput): BiasResult;
}
