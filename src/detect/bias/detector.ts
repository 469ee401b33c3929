/** Audits texts for bias: a fitted score, indicators that explain themselves, counterfactuals, and group metrics. */
import type { RiskLevel } from "../types.ts";
import { swapGroups } from "./counterfactual.ts";
import { fairnessScores, groupMetrics } from "./fairness.ts";
import { indicatorsOf } from "./indicators.ts";
import { ROLE } from "./lexicon.ts";
import { type BiasModel, type BiasWeights, scoreReading, toBiasWeights } from "./model.ts";
import { type BiasReading, readBias } from "./reading.ts";
import {
  BIAS_KINDS,
  type BiasDetector,
  type BiasIndicator,
  type BiasKind,
  type Counterfactual,
  type FairnessScore,
} from "./types.ts";

/** Difference of scores under exchange from which the judgement is said to hang on the group. */
const SWAP_TOLERANCE = 0.25;
const SEVERITY_ORDER: readonly BiasIndicator["severity"][] = ["low", "medium", "high", "critical"];

/**
 * A bias detector; pure, linear in the text.
 * @param model the fitted model; without one the score is the strongest indicator's confidence
 * @throws RMP_DETECT_MODEL_INVALID when the model does not fit this version
 */
export function createBiasDetector(model?: BiasModel): BiasDetector {
  const weights = model === undefined ? undefined : toBiasWeights(model);
  return {
    audit({ text, predictions, withCounterfactuals = true }) {
      const reading = readBias(text);
      const indicators = indicatorsOf(reading);
      const score = scoreOf(text, reading, indicators, weights);
      const flagged = score >= 0.5;
      if (flagged && !indicators.some((indicator) => indicator.confidence >= 0.5)) {
        const bySelf = modelIndicator(text, reading, score);
        if (bySelf !== undefined) indicators.push(bySelf);
      }
      const swaps = withCounterfactuals ? swapGroups(text, reading) : [];
      const counterfactuals = swaps.map((swap): Counterfactual => {
        const other = readBias(swap.text);
        const counterfactual = scoreOf(
          swap.text,
          other,
          weights === undefined ? indicatorsOf(other) : [],
          weights,
        );
        return {
          kind: swap.kind,
          swapped: swap.swapped,
          original: score,
          counterfactual,
          difference: score - counterfactual,
        };
      });
      const metrics = predictions === undefined ? undefined : groupMetrics(predictions);
      const fairness = [
        ...counterfactualScores(counterfactuals),
        ...(metrics === undefined ? [] : fairnessScores(metrics)),
      ];
      return {
        score,
        flagged,
        hasBias: flagged || indicators.some((indicator) => indicator.severity !== "low"),
        level: levelOf(score, indicators),
        indicators,
        kinds: BIAS_KINDS.filter((kind) => indicators.some((indicator) => indicator.kind === kind)),
        counterfactuals,
        fairnessScores: fairness,
        overallFairness: Math.min(1, ...fairness.map((item) => item.score)),
        recommendations: recommend(indicators, counterfactuals, fairness),
      };
    },
  };
}

function scoreOf(
  text: string,
  reading: BiasReading,
  indicators: readonly BiasIndicator[],
  weights: BiasWeights | undefined,
): number {
  if (weights === undefined) return Math.max(0, ...indicators.map((indicator) => indicator.confidence));
  return scoreReading(weights, text, reading);
}

/** When the model alone speaks: it cannot say which word; the first group named stands for the place. */
function modelIndicator(text: string, reading: BiasReading, score: number): BiasIndicator | undefined {
  const hit = reading.hits.find((item) => (item.word.roles & ROLE.group) !== 0 && item.word.kind >= 0);
  if (hit === undefined) return undefined;
  const { tokens } = reading;
  const sentence = tokens.sentence[hit.from]!;
  return {
    kind: BIAS_KINDS[hit.word.kind] ?? "gender",
    rule: "model",
    start: tokens.sentenceStart[sentence]!,
    end: Math.min(text.length, tokens.sentenceEnd[sentence]!),
    severity: score >= 0.9 ? "high" : "medium",
    confidence: score,
    explanation: "the wording resembles stereotyping or degrading texts; no single word decides",
  };
}

function counterfactualScores(counterfactuals: readonly Counterfactual[]): FairnessScore[] {
  return counterfactuals.map((item) => ({
    metric: `counterfactual_${item.kind}`,
    score: 1 - Math.abs(item.difference),
    explanation: `the score moves by ${item.difference.toFixed(2)} when ${item.swapped} term(s) are exchanged`,
    affectedGroups: Math.abs(item.difference) > SWAP_TOLERANCE ? [item.kind] : [],
  }));
}

function levelOf(score: number, indicators: readonly BiasIndicator[]): RiskLevel {
  let level: RiskLevel =
    score < 0.2 ? "safe" : score < 0.5 ? "low" : score < 0.7 ? "medium" : score < 0.9 ? "high" : "critical";
  for (const { severity } of indicators) {
    // A flagged text keeps its level; an indicator lifts one that the score alone would call safe or low.
    if (level === "safe") level = "low";
    if (level === "low" && SEVERITY_ORDER.indexOf(severity) >= 1) level = "medium";
  }
  return level;
}

function recommend(
  indicators: readonly BiasIndicator[],
  counterfactuals: readonly Counterfactual[],
  fairness: readonly FairnessScore[],
): string[] {
  const kindsOf = (rule: BiasIndicator["rule"]): BiasKind[] =>
    BIAS_KINDS.filter((kind) => indicators.some((item) => item.rule === rule && item.kind === kind));
  const out: string[] = [];
  const slurs = kindsOf("slur");
  if (slurs.length > 0) out.push(`remove the degrading names (${slurs.join(", ")})`);
  const general = kindsOf("degrading_generalisation");
  if (general.length > 0) out.push(`say it of the persons meant, not of the group (${general.join(", ")})`);
  if (kindsOf("stereotyped_role").length > 0)
    out.push("describe the task instead of traits that go with a gender; use they/their");
  if (kindsOf("non_inclusive_term").length > 0) out.push("use the suggested wordings");
  if (kindsOf("model").length > 0) out.push("have a person read the marked sentence");
  if (counterfactuals.some((item) => Math.abs(item.difference) > SWAP_TOLERANCE))
    out.push(
      "the judgement changes when the group is exchanged: check whether the text or the detector is unfair",
    );
  if (fairness.some((item) => item.metric === "disparate_impact" && item.score < 0.8))
    out.push("the decisions fail the four-fifths rule: examine the selection of the groups named");
  return out;
}
