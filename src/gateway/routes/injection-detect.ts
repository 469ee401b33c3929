import { InjectionDetectRequestSchema } from "#contract";
import type { Guard, InjectionResult, InjectionType, RiskLevel } from "#detect";
import { RampartError } from "#shared";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
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
  const { guard, config, clock, epoch } = exchange.context;
  const startedMs = clock();
  const meta = () => ({
    processing_time_ms: Math.round((clock() - startedMs) * 1000) / 1000,
    timestamp: new Date(epoch()).toISOString(),
    request_id: exchange.requestId,
  });
  if (body.prompts !== undefined) {
    if (body.prompts.length > config.bounds.batchTexts)
      throw new RampartError("RMP_REQ_INVALID", `prompts: at most ${config.bounds.batchTexts} entries`, {
        field: "prompts",
      });
    const results = body.prompts.map((prompt) => describe(guard.detectInjection(prompt)));
    answerJson(exchange, { results, total_prompts: results.length, ...meta() });
    return;
  }
  const prompt = body.prompt ?? body.text;
  if (prompt === undefined)
    throw new RampartError("RMP_REQ_INVALID", "prompt: is required", { field: "prompt" });
  const result = guard.detectInjection(prompt);
  const around =
    body.context === undefined || body.context === "" ? undefined : guard.detectInjection(body.context);
  const history = body.behavioral_analysis_enabled === false ? [] : (body.user_history ?? []);
  const earlier = worstOf(guard, history.slice(0, config.bounds.batchTexts));
  const worst = around !== undefined && around.score > result.score ? around : result;
  if (worst.isInjection) exchange.context.metrics.countInjection(false);
  answerJson(exchange, {
    ...describe(worst),
    // Offsets point into the prompt; a verdict that comes from the context has none to tell.
    ...(worst === result ? {} : { segments: [], decided_by: "context" }),
    behavioral_score: earlier === undefined ? null : earlier.score,
    ...meta(),
  });
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
    behavioral_score: null as number | null,
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
