import { BiasAuditRequestSchema } from "#contract";
import type { BiasResult, LabelledPrediction } from "#detect";
import { RampartError } from "#shared";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { answerTexts } from "./batch.ts";
import { validatorOf } from "./validated.ts";

/** Score of fairness below which a selection is called adverse: the four-fifths rule, 29 CFR 1607.4(D). */
const FOUR_FIFTHS_BOUND = 0.8;
const MAX_PREDICTIONS = 100_000;

const validate = validatorOf(BiasAuditRequestSchema);

/** `POST /bias-fairness/audit` and `/bias/audit`: bias in a text, and group metrics of labelled decisions. */
export function auditBias(exchange: Exchange): void {
  const body = validate(exchange.json);
  const predictions: LabelledPrediction[] | undefined = body.predictions?.map(
    ({ group, predicted, actual }) => ({
      group,
      predicted,
      ...(actual === undefined ? {} : { actual }),
    }),
  );
  if ((predictions?.length ?? 0) > MAX_PREDICTIONS)
    throw new RampartError("RMP_REQ_INVALID", `predictions: at most ${MAX_PREDICTIONS} entries`, {
      field: "predictions",
    });
  const wantsCompliance = body.check_compliance !== false;
  // Decisions without a text are audited for their group metrics alone.
  const single = body.text ?? (predictions === undefined ? undefined : "");
  const answer = answerTexts(exchange, body.texts, single, "text", (text) =>
    describe(
      text,
      exchange.context.detectors.bias.audit({ text, ...(predictions === undefined ? {} : { predictions }) }),
      wantsCompliance,
    ),
  );
  answerJson(exchange, answer);
}

function describe(text: string, result: BiasResult, wantsCompliance: boolean) {
  return {
    has_bias: result.hasBias,
    overall_bias_level: result.level,
    bias_score: result.score,
    bias_indicators: result.indicators.map((indicator) => ({
      bias_type: indicator.kind,
      rule: indicator.rule,
      start_pos: indicator.start,
      end_pos: indicator.end,
      indicator_text: text.slice(indicator.start, indicator.end),
      severity: indicator.severity,
      confidence: indicator.confidence,
      explanation: indicator.explanation,
      suggested_alternative: indicator.suggestedAlternative ?? null,
    })),
    detected_bias_types: result.kinds,
    counterfactuals: result.counterfactuals,
    fairness_scores: result.fairnessScores.map(({ metric, score, explanation, affectedGroups }) => ({
      metric,
      score,
      explanation,
      affected_groups: affectedGroups,
    })),
    overall_fairness_score: result.overallFairness,
    recommendations: result.recommendations,
    ...(wantsCompliance
      ? {
          compliance_status: {
            four_fifths_rule:
              result.fairnessScores.length === 0
                ? "not_assessed"
                : result.overallFairness >= FOUR_FIFTHS_BOUND
                  ? "met"
                  : "violated",
            inclusive_language: result.indicators.length === 0 ? "met" : "review",
          },
        }
      : {}),
  };
}
