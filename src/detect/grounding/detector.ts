/** Judges an answer against its reference text: risk of hallucination, with the claims that are not supported. */
import { sigmoid } from "./boosted.ts";
import type { ClaimFacts, GroundingReason } from "./claims.ts";
import { analyse, isPolarityConflict } from "./features.ts";
import { type GroundingModel, type RiskEstimate, riskOf } from "./model.ts";

/** What is judged. */
export interface GroundingInput {
  readonly answer: string;
  /** The reference: ground truth, retrieved passages. */
  readonly context: string;
  /** What was asked, if known. */
  readonly question?: string;
  /** Earlier turns, oldest first; they count as asked, not as true. */
  readonly history?: readonly string[];
}

/** One claim (sentence) of the answer; offsets are UTF-16 units, end exclusive. */
export interface GroundingClaim {
  readonly start: number;
  readonly end: number;
  /** Risk that the reference does not support it, [0, 1]. */
  readonly risk: number;
  readonly supported: boolean;
  readonly reasons: readonly GroundingReason[];
  /** Where the reference says most of it. */
  readonly evidence?: { readonly start: number; readonly end: number };
}

/** Judgement of one answer. */
export interface GroundingResult {
  /** False when there was nothing to check (no reference, or an answer without content words): then the risk means nothing. */
  readonly assessed: boolean;
  /** Calibrated risk in [0, 1]; 0.5 is the frozen threshold. */
  readonly hallucinationRisk: number;
  readonly isHallucination: boolean;
  /** 95 % interval around the risk. */
  readonly confidenceInterval: readonly [number, number];
  /** Width of the interval, [0, 1]. */
  readonly uncertainty: number;
  /** Whether a person should look: the interval spans the threshold. */
  readonly needsReview: boolean;
  /** Claims that are not supported, worst first. */
  readonly segments: readonly GroundingClaim[];
  readonly claims: readonly GroundingClaim[];
  readonly details: {
    /** Share of the answer's content words that the reference has, [0, 1]. */
    readonly containment: number;
    /** Lowest share over the claims. */
    readonly weakestClaim: number;
    readonly claimCount: number;
    readonly unsupportedClaims: number;
    readonly numberConflicts: number;
    readonly polarityConflicts: number;
    /** `fitted` with a model, `containment` for the plain rule without one. */
    readonly method: "fitted" | "containment";
  };
}

/** Judges answers against references. */
export interface GroundingDetector {
  assess(input: GroundingInput): GroundingResult;
}

/**
 * A grounding detector; pure, linear in answer and reference.
 * @param model the fitted model; without one a plain rule over word containment and contradictions is used
 */
export function createGroundingDetector(model?: GroundingModel): GroundingDetector {
  const estimate = (row: Float64Array, content: number): RiskEstimate =>
    model === undefined ? plainRisk(row, content) : riskOf(model, row, content);
  // A claim needs no interval: one ensemble is enough to place it.
  const claimModel = model === undefined ? undefined : { ...model, bags: model.bags.slice(0, 1) };
  const estimateClaim = (row: Float64Array, content: number): RiskEstimate =>
    claimModel === undefined ? plainRisk(row, content) : riskOf(claimModel, row, content);
  return {
    assess(input) {
      const asked = [input.question ?? "", ...(input.history ?? [])].join("\n").trim();
      const analysis = analyse(input.answer, input.context, asked);
      const content = analysis.claims.reduce((sum, claim) => sum + claim.content, 0);
      const assessed = content > 0 && analysis.reference.count > 0;
      const whole = estimate(analysis.features, content);
      const claims = analysis.claims.map((facts, index) => {
        const own = analysis.claimFeatures[index];
        const risk = own === undefined ? whole.risk : estimateClaim(own, facts.content).risk;
        return toClaim(facts, facts.content === 0 ? 0 : risk, analysis);
      });
      const segments = claims.filter((claim) => !claim.supported).sort((a, b) => b.risk - a.risk);
      return {
        assessed,
        hallucinationRisk: whole.risk,
        isHallucination: assessed && whole.risk >= 0.5,
        confidenceInterval: [whole.low, whole.high],
        uncertainty: whole.high - whole.low,
        needsReview: !assessed || (whole.low < 0.5 && whole.high >= 0.5),
        segments: assessed ? segments : [],
        claims,
        details: {
          containment: analysis.features[0]!,
          weakestClaim: analysis.features[2]!,
          claimCount: claims.length,
          unsupportedClaims: segments.length,
          numberConflicts: analysis.features[8]!,
          polarityConflicts: analysis.features[9]!,
          method: model === undefined ? "containment" : "fitted",
        },
      };
    },
  };
}

function toClaim(facts: ClaimFacts, risk: number, analysis: ReturnType<typeof analyse>): GroundingClaim {
  const { answer, reference } = analysis;
  const sentence = answer.sentence[facts.from]!;
  const claim = {
    start: answer.start[facts.from]!,
    end: Math.max(answer.sentenceEnd[sentence]!, answer.end[facts.to - 1]!),
    risk,
    supported: risk < 0.5,
    reasons: reasonsOf(facts),
  };
  return facts.evidence < 0
    ? claim
    : {
        ...claim,
        evidence: {
          start: reference.sentenceStart[facts.evidence]!,
          end: reference.sentenceEnd[facts.evidence]!,
        },
      };
}

/** What was seen, strongest first; an empty list means that every word has its evidence. */
function reasonsOf(facts: ClaimFacts): GroundingReason[] {
  const reasons: GroundingReason[] = [];
  if (facts.content === 0) return reasons;
  if (facts.evidence < 0) reasons.push("no_evidence");
  if (facts.numberConflict > 0) reasons.push("number_conflict");
  else if (facts.missingNumbers > 0) reasons.push("unsupported_number");
  if (facts.antonyms > 0) reasons.push("antonym_conflict");
  if (facts.negated !== facts.evidenceNegated && isPolarityConflict(facts)) reasons.push("negation_conflict");
  if (facts.hardSiblings + facts.softSiblings > 0) reasons.push("substitution");
  if (facts.missingEntities > 0) reasons.push("unsupported_entity");
  if (facts.missingWeight > 0 && facts.evidence >= 0) reasons.push("unsupported_words");
  if (facts.inversion > 0.5) reasons.push("order_swapped");
  if (facts.exclusives > 0) reasons.push("overstated");
  if (facts.personal > 0) reasons.push("personal_statement");
  return reasons;
}

/**
 * Risk without a fitted model: half at a containment of 0.6 (weighted mean of the whole and its weakest claim), raised by each
 * contradiction. Constants chosen by hand; the interval says how little they are worth.
 */
function plainRisk(row: Float64Array, content: number): RiskEstimate {
  const cover = 0.6 * row[1]! + 0.4 * row[3]!;
  const centre = 8 * (0.6 - cover) + 2 * row[8]! + 2 * row[9]!;
  const spread = 1.96 * Math.hypot(1, 1 / Math.sqrt(1 + content));
  return { risk: sigmoid(centre), low: sigmoid(centre - spread), high: sigmoid(centre + spread) };
}
