import { ImageDetectRequestSchema } from "#contract";
import type { ImageAssessment } from "#detect";
import { RampartError } from "#shared";
import { parseMultipart } from "../body/multipart.ts";
import type { Exchange } from "../exchange.ts";
import { parseJson } from "../steps/read.ts";
import { answerJson } from "./answer-json.ts";
import { answerFacts } from "./batch.ts";
import { validatorOf } from "./validated.ts";

const validate = validatorOf(ImageDetectRequestSchema);
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

interface Input {
  readonly image: Uint8Array | null;
  readonly description: string | undefined;
}

/**
 * `POST /multimodal/detect-image`: what a picture carries, from a form or from JSON. Without a picture nothing is assessed,
 * and the answer says so; no score is made up.
 */
export async function detectInImage(exchange: Exchange): Promise<void> {
  const startedMs = exchange.context.clock();
  const { image, description } = readInput(exchange);
  if (image === null) {
    answerJson(exchange, { ...NOTHING_ASSESSED, ...facts(exchange, startedMs) });
    return;
  }
  const assessment = await exchange.context.detectors.image.assess(image, description);
  answerJson(exchange, { ...describe(assessment), ...facts(exchange, startedMs) });
}

/** @throws RMP_REQ_BAD, RMP_REQ_MALFORMED_JSON, RMP_REQ_INVALID */
function readInput(exchange: Exchange): Input {
  const body = exchange.body ?? Buffer.alloc(0);
  const contentType = exchange.request.headers["content-type"] ?? "";
  if (/^multipart\/form-data/i.test(contentType)) {
    const parts = parseMultipart(body, contentType);
    const image = parts.find(({ name }) => name === "image" || name === "file");
    const description = parts.find(({ name }) => name === "text_description")?.body.toString("utf8");
    return { image: image === undefined || image.body.length === 0 ? null : image.body, description };
  }
  const { image, text_description } = validate(parseJson(body));
  return { image: image === undefined || image === "" ? null : decode(image), description: text_description };
}

function decode(image: string): Uint8Array {
  const base64 = image.startsWith("data:") ? image.slice(image.indexOf(",") + 1) : image;
  if (!BASE64.test(base64))
    throw new RampartError("RMP_REQ_INVALID", "image: is not base64", { field: "image" });
  return Buffer.from(base64, "base64");
}

const NOTHING_ASSESSED = {
  is_hallucination: null,
  risk_level: "not_assessed",
  confidence: null,
  consistency_score: null,
  modality_scores: {},
  detected_objects: [],
  cross_modal_issues: [],
  recommendations: ["send an image to have it assessed"],
  not_assessed: [{ part: "image", reason: "no image was sent" }],
};

function describe(assessment: ImageAssessment) {
  const { consistency } = assessment;
  return {
    is_hallucination: consistency === null ? null : consistency < 0.5,
    risk_level: assessment.level,
    risk_score: assessment.riskScore,
    confidence: assessment.textConfidence,
    consistency_score: consistency,
    modality_scores: { text: assessment.textConfidence },
    // No object recogniser is part of Rampart; see not_assessed.
    detected_objects: [],
    cross_modal_issues: assessment.issues,
    recommendations:
      assessment.issues.length === 0
        ? ["no action needed"]
        : ["look at the issues before passing the image on"],
    image: { ...assessment.header, bytes: assessment.bytes, has_position: assessment.hasPosition },
    texts: assessment.texts.map(({ origin, characters, pii, injection }) => ({
      origin,
      characters,
      entities: pii.map(({ type, start, end, score }) => ({ type, start, end, score })),
      is_injection: injection.isInjection,
      injection_score: injection.score,
    })),
    unsupported_claims: assessment.unsupported,
    not_assessed: assessment.notAssessed,
  };
}

function facts(exchange: Exchange, startedMs: number) {
  const common = answerFacts(exchange, startedMs);
  return { ...common, processing_time: common.processing_time_ms / 1000 };
}
