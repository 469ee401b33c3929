import { PiiDetectRequestSchema } from "#contract";
import type { Finding, Guard } from "#detect";
import { RampartError } from "#shared";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { COMPLIANCE, DEFAULT_COMPLIANCE } from "./compliance.data.ts";
import { validatorOf } from "./validated.ts";

const validate = validatorOf(PiiDetectRequestSchema);

/**
 * `POST /pii-protection/detect`: what is found where, without the values. `include_values: true` asks for the values and
 * the text as well. `texts` answers a batch in `results`.
 */
export function detectPii(exchange: Exchange): void {
  const body = validate(exchange.json);
  const { guard, config, clock, epoch } = exchange.context;
  const startedMs = clock();
  const options = {
    includeValues: body.include_values === true,
    standard: body.compliance_standard,
  };
  const meta = () => ({
    processing_time_ms: Math.round((clock() - startedMs) * 1000) / 1000,
    timestamp: new Date(epoch()).toISOString(),
    request_id: exchange.requestId,
  });
  if (body.texts !== undefined) {
    if (body.texts.length > config.bounds.batchTexts)
      throw new RampartError("RMP_REQ_INVALID", `texts: at most ${config.bounds.batchTexts} entries`, {
        field: "texts",
      });
    const results = body.texts.map((text) => describe(text, guard, options));
    for (const result of results) count(exchange, result.detections);
    answerJson(exchange, { results, total_texts: results.length, ...meta() });
    return;
  }
  if (body.text === undefined)
    throw new RampartError("RMP_REQ_INVALID", "text: is required", { field: "text" });
  const result = describe(body.text, guard, options);
  count(exchange, result.detections);
  answerJson(exchange, { ...result, ...meta() });
}

interface Options {
  readonly includeValues: boolean;
  readonly standard: string | undefined;
}

function describe(text: string, guard: Guard, { includeValues, standard }: Options) {
  const findings = guard.inspect(text);
  return {
    ...(includeValues ? { text } : {}),
    pii_detected: findings.length > 0,
    entities: findings.map(({ type, start, end, score, source, evidence }) => ({
      type,
      start,
      end,
      score,
      source,
      evidence,
      ...(includeValues ? { value: text.slice(start, end) } : {}),
    })),
    detections: findings.map((finding) => ({
      pii_type: finding.type,
      pattern_id: finding.source,
      ...(includeValues ? { value: text.slice(finding.start, finding.end) } : {}),
      start_pos: finding.start,
      end_pos: finding.end,
      confidence: finding.score,
      compliance_standards: standardsOf(finding),
    })),
    total_detections: findings.length,
    pii_types_found: [...new Set(findings.map(({ type }) => type))],
    compliance_violations: violations(findings, standard),
  };
}

function standardsOf(finding: Finding): readonly string[] {
  return COMPLIANCE[finding.type] ?? DEFAULT_COMPLIANCE;
}

/** One entry a standard: how many findings it protects, of which types. */
function violations(findings: readonly Finding[], only: string | undefined) {
  const found = new Map<string, Finding[]>();
  for (const finding of findings)
    for (const standard of standardsOf(finding))
      if (only === undefined || only === "custom" || only === standard)
        found.set(standard, [...(found.get(standard) ?? []), finding]);
  return [...found].map(([standard, list]) => ({
    standard,
    count: list.length,
    pii_types: [...new Set(list.map(({ type }) => type))],
  }));
}

function count(exchange: Exchange, detections: readonly { readonly pii_type: string }[]): void {
  exchange.findingCount += detections.length;
  for (const { pii_type } of detections) exchange.context.metrics.countFinding(pii_type);
}
