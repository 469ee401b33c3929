import { MultiModelRequestSchema } from "#contract";
import { type Consensus, toStrategy } from "#detect";
import { RampartError } from "#shared";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { answerFacts } from "./batch.ts";
import { validatorOf } from "./validated.ts";

const DEFAULT_STRATEGY = "majority";
/** The first seed's default. */
const DEFAULT_CONFIDENCE_THRESHOLD = 0.7;

const validate = validatorOf(MultiModelRequestSchema);

/** `POST /multi-model/detect`: a vote of all configured judges; works with local ones alone. */
export async function detectByVote(exchange: Exchange): Promise<void> {
  const body = validate(exchange.json);
  const text = body.agent_output ?? body.text;
  if (text === undefined) throw new RampartError("RMP_REQ_INVALID", "text: is required", { field: "text" });
  const strategy = toStrategy(body.strategy ?? DEFAULT_STRATEGY);
  if (strategy === undefined)
    throw new RampartError("RMP_REQ_INVALID", "strategy: is not one that is known", { field: "strategy" });
  const { consensus } = exchange.context.detectors;
  checkNames(body.models, consensus);
  const startedMs = exchange.context.clock();
  const result = await consensus.decide(
    {
      text,
      ...(body.agent_input === undefined ? {} : { prompt: body.agent_input }),
      ...(body.context === undefined ? {} : { context: body.context }),
    },
    {
      strategy,
      threshold: body.confidence_threshold ?? DEFAULT_CONFIDENCE_THRESHOLD,
      timeoutMs: exchange.context.config.detectors.judgeTimeoutMs,
      ...(body.models === undefined ? {} : { names: body.models }),
    },
  );
  const minModels = body.min_models ?? 1;
  const hallucination = result.decisions.find(({ concern }) => concern === "hallucination");
  answerJson(exchange, {
    is_hallucination: hallucination?.flagged ?? false,
    flagged: result.flagged,
    assessed: result.assessed,
    enough_models: result.voted >= minModels,
    confidence: result.confidence,
    agreement_score: result.agreement,
    decisions: result.decisions,
    model_results: result.results.map((report) => ({
      model_name: report.name,
      concern: report.concern,
      status: report.status,
      is_hallucination: report.concern === "hallucination" && report.flagged,
      flagged: report.flagged,
      score: report.score,
      confidence: report.confidence,
      reasoning: report.reasoning,
      processing_time_ms: Math.round(report.elapsedMs * 1000) / 1000,
      tokens_used: report.tokensUsed,
      cost: report.costUsd,
      error: report.status === "failed" || report.status === "timed_out" ? report.reasoning : null,
    })),
    voting_strategy: result.strategy,
    models_voted: result.voted,
    models_agreed: result.agreed,
    final_reasoning: result.reasoning,
    total_processing_time_ms: Math.round(result.totalMs * 1000) / 1000,
    total_cost: result.totalCostUsd,
    ...answerFacts(exchange, startedMs),
  });
}

/** @throws RMP_REQ_INVALID when a judge is asked for that does not exist */
function checkNames(names: readonly string[] | undefined, consensus: Consensus): void {
  if (names === undefined) return;
  const known = consensus.judges.map(({ name }) => name);
  if (names.every((name) => known.includes(name))) return;
  throw new RampartError("RMP_REQ_INVALID", `models: there are only ${known.join(", ")}`, {
    field: "models",
  });
}
