import { BatchTestRequestSchema, type TestAgentRequest, TestAgentRequestSchema } from "#contract";
import type { GroundingClaim } from "#detect";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { answerFacts, checkBatch } from "./batch.ts";
import { validatorOf } from "./validated.ts";

const validate = validatorOf(TestAgentRequestSchema);
const validateBatch = validatorOf(BatchTestRequestSchema);

/** `POST /test-agent`: the claims of an answer, checked against its ground truth; no other model is asked. */
export function testAgent(exchange: Exchange): void {
  const body = validate(exchange.json);
  const startedMs = exchange.context.clock();
  answerJson(exchange, { ...describe(exchange, body), ...answerFacts(exchange, startedMs) });
}

/** `POST /batch/test`: several answers with their ground truths. */
export function testAgents(exchange: Exchange): void {
  const { tests } = validateBatch(exchange.json);
  checkBatch(exchange, tests, "tests");
  const startedMs = exchange.context.clock();
  const results = tests.map((test) => describe(exchange, test));
  answerJson(exchange, {
    results,
    total: results.length,
    status: "completed",
    ...answerFacts(exchange, startedMs),
  });
}

function describe(exchange: Exchange, test: TestAgentRequest) {
  const history = (test.conversation_history ?? []).map((turn) =>
    typeof turn === "string" ? turn : (turn.content ?? ""),
  );
  const result = exchange.context.detectors.grounding.assess({
    answer: test.agent_output,
    context: test.ground_truth,
    ...(test.question === undefined ? {} : { question: test.question }),
    ...(history.length === 0 ? {} : { history }),
  });
  return {
    hallucination_risk: result.hallucinationRisk,
    is_hallucination: result.isHallucination,
    assessed: result.assessed,
    confidence_interval: result.confidenceInterval,
    uncertainty: result.uncertainty,
    details: {
      hallucinated_segments: result.segments.map((claim) => segment(test.agent_output, claim)),
      grounding_analysis: result.details,
      statistical_score: result.hallucinationRisk,
      claude_score: null,
      claude_explanation: null,
      claude_samples: [],
      needs_review: result.needsReview,
      ensemble_weights: { grounding: 1 },
      enhancement_features: { claims: result.claims.length },
    },
  };
}

function segment(answer: string, { start, end, risk, reasons }: GroundingClaim) {
  return { text: answer.slice(start, end), start_pos: start, end_pos: end, risk, reasons };
}
