import { InjectionDetectRequestSchema } from "#contract";
import type { Guard, InjectionResult, InjectionType, RiskLevel } from "#detect";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { answerTexts, checkBatch } from "./batch.ts";
import { validatorOf } from "./validated.ts";

const validate = validatorOf(InjectionDetectRequestSchema);

/** What the caller can do, by level. */
const RECOMMENDATIONS: Readonly<Record<RiskLevel, readonly string[]>> = {
  safe: ["no action needed"],
  low: ["log the prompt for review"],
  medium: ["review the prompt before acting on the answer", "do not give the model tools on this turn"],
  high: ["refuse the prompt", "do not pass tool results of this conversation on"],
  critical: ["refuse the prompt", "alert whoever watches this application"],
};

const TYPE_WORDS: Readonly<Record<InjectionType, string>> = {
  override: "asks to ignore instructions",
  role_play: "pushes the model into a role without rules",
  prompt_leak: "asks for hidden instructions or secrets",
  delimiter: "imitates the markers of another speaker",
  encoding: "hides instructions in an encoding",
  indirect: "plants instructions in a document",
  exfiltration: "tries to carry data out",
};

/** `POST /prompt-injection/detect` and `/prompt-injection/guard-prompt`: one prompt, or `prompts` as a batch. */
export function detectInjection(exchange: Exchange): void {
  const body = validate(exchange.json);
  const { guard } = exchange;
  const { metrics } = exchange.context;
  const history = body.behavioral_analysis_enabled === false ? [] : (body.user_history ?? []);
  checkBatch(exchange, history, "user_history");
  const answer = answerTexts(exchange, body.prompts, body.prompt ?? body.text, "prompt", (prompt) => {
    const result = guard.detectInjection(prompt);
    const around = body.context ? guard.detectInjection(body.context) : undefined;
    const worst = around !== undefined && around.score > result.score ? around : result;
    if (exchange.injection === null || worst.score > exchange.injection.score) exchange.injection = worst;
    if (worst.isInjection) metrics.countInjection(false);
    return {
      ...describe(worst),
      // Offsets point into the prompt; a verdict that comes from the context has none to tell.
      ...(worst === result ? {} : { segments: [], decided_by: "context" }),
      behavioral_score: worstOf(guard, history)?.score ?? null,
    };
  });
  answerJson(exchange, answer);
}

function describe(result: InjectionResult) {
  const words = result.types.map((type) => TYPE_WORDS[type]);
  return {
    is_injection: result.isInjection,
    risk_level: result.level,
    confidence: result.score,
    score: result.score,
    injection_types: result.types,
    matched_patterns: [...new Set(result.segments.map(({ rule }) => rule))],
    segments: result.segments,
    llm_analysis: null,
    explanation: result.isInjection
      ? `the prompt ${words.length > 0 ? words.join("; it ") : "resembles known injections"}`
      : "no injection found",
    recommendations: RECOMMENDATIONS[result.level],
  };
}

function worstOf(guard: Guard, texts: readonly string[]): InjectionResult | undefined {
  let worst: InjectionResult | undefined;
  for (const text of texts) {
    const result = guard.detectInjection(text);
    if (worst === undefined || result.score > worst.score) worst = result;
  }
  return worst;
}
