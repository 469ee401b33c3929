/** Local judges: the library's own detectors behind the judge interface. */
import type { BiasDetector } from "../bias/types.ts";
import type { GroundingDetector } from "../grounding/detector.ts";
import type { RemoteClassifier } from "../remote.ts";
import type { InjectionDetector } from "../types.ts";
import { checkKnownFacts } from "./known-facts.ts";
import type { Judge, Judgement } from "./types.ts";

/** Judges an answer against `context` (or abstains without one). */
export function groundingJudge(detector: GroundingDetector): Judge {
  return localJudge("grounding", "hallucination", 1, (input) => {
    if (input.context === undefined || input.context.trim() === "")
      return { kind: "not_assessed", reasoning: "no reference text was given" };
    const result = detector.assess({
      answer: input.text,
      context: input.context,
      ...(input.prompt === undefined ? {} : { question: input.prompt }),
    });
    if (!result.assessed) return { kind: "not_assessed", reasoning: "the answer has nothing to check" };
    const reasons = [...new Set(result.segments.flatMap((segment) => segment.reasons))];
    return {
      kind: "assessed",
      score: result.hallucinationRisk,
      flagged: result.isHallucination,
      confidence: Math.max(result.hallucinationRisk, 1 - result.hallucinationRisk),
      reasoning: result.isHallucination
        ? `${result.segments.length} claim(s) without support (${reasons.join(", ")})`
        : `${Math.round(result.details.containment * 100)} % of the content words are in the reference`,
    };
  });
}

/** Judges the few well-known facts and misconceptions that the library carries; abstains on everything else. */
export function knownFactsJudge(): Judge {
  return localJudge("known-facts", "hallucination", 0, (input) => {
    const verdict = checkKnownFacts(input.text);
    if (verdict.checked === 0)
      return { kind: "not_assessed", reasoning: "says nothing that the built-in list of facts covers" };
    const flagged = verdict.contradicted.length > 0;
    return {
      kind: "assessed",
      score: flagged ? 0.95 : 0.05,
      flagged,
      confidence: 0.9,
      reasoning: flagged
        ? `contradicts well-known facts: ${verdict.contradicted.map((item) => item.fact).join("; ")}`
        : `agrees with ${verdict.checked} well-known fact(s); the rest was not checked`,
    };
  });
}

/** Judges a text for prompt injection with one detector (rules or model) under the name given. */
export function injectionJudge(name: string, detector: InjectionDetector): Judge {
  return localJudge(name, "injection", 0, (input) => {
    const result = detector.inspect(input.text);
    return {
      kind: "assessed",
      score: result.score,
      flagged: result.isInjection,
      confidence: Math.max(result.score, 1 - result.score),
      reasoning: result.isInjection ? `injection: ${result.types.join(", ")}` : "no sign of injection",
    };
  });
}

/** Judges a text for bias. */
export function biasJudge(detector: BiasDetector): Judge {
  return localJudge("bias", "bias", 1, (input) => {
    const result = detector.audit({ text: input.text });
    return {
      kind: "assessed",
      score: result.score,
      flagged: result.flagged,
      confidence: Math.max(result.score, 1 - result.score),
      reasoning: result.flagged ? `bias: ${result.kinds.join(", ")}` : "no sign of bias above the threshold",
    };
  });
}

/** Judges a text by a classifier that answers later, such as an ONNX model; 0.5 flags. */
export function classifierJudge(
  classifier: RemoteClassifier,
  concern: Judge["concern"],
  weight: number = 1,
): Judge {
  return {
    name: classifier.name,
    concern,
    costRank: CLASSIFIER_RANK,
    weight,
    async judge(input, signal) {
      const score = await classifier.classify(input.text, signal);
      const flagged = score >= 0.5;
      return {
        kind: "assessed",
        score,
        flagged,
        confidence: Math.max(score, 1 - score),
        reasoning: `${concern} ${flagged ? "" : "un"}likely: probability ${score.toFixed(2)}`,
      };
    },
  };
}

/** Dearer than a local rule or linear model, cheaper than a remote one. */
const CLASSIFIER_RANK = 5;

function localJudge(
  name: string,
  concern: Judge["concern"],
  costRank: number,
  decide: (input: Parameters<Judge["judge"]>[0]) => Judgement,
): Judge {
  return { name, concern, costRank, weight: 1, judge: async (input) => decide(input) };
}
