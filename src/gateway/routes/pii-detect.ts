import { PiiDetectRequestSchema } from "#contract";
import { type CombinedInspection, type Finding, inspectWithRemotes } from "#detect";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { answerTexts, checkBatch } from "./batch.ts";
import { COMPLIANCE, DEFAULT_COMPLIANCE } from "./compliance.data.ts";
import { validatorOf } from "./validated.ts";

const validate = validatorOf(PiiDetectRequestSchema);

/**
 * `POST /pii-protection/detect`: what is found where, without the values. `include_values: true` asks for the values and
 * the text as well. `texts` answers a batch in `results`. Services of the configuration are asked beside the guard; one that
 * failed is named and not counted.
 */
export async function detectPii(exchange: Exchange): Promise<void> {
  const body = validate(exchange.json);
  const remote = await askServices(exchange, body.texts ?? (body.text === undefined ? [] : [body.text]));
  const options = { includeValues: body.include_values === true, standard: body.compliance_standard };
  const answer = answerTexts(exchange, body.texts, body.text, "text", (text) => {
    const combined = remote?.get(text);
    if (combined === undefined) return describe(text, findAndCount(exchange, text), options);
    for (const { type } of combined.findings) exchange.countFinding(type);
    return { ...describe(text, combined.findings, options), failed_recognisers: combined.failed };
  });
  answerJson(exchange, answer);
}

/** Findings of the guard and the services together by text; undefined when no service is configured. */
async function askServices(
  exchange: Exchange,
  texts: readonly string[],
): Promise<ReadonlyMap<string, CombinedInspection> | undefined> {
  const { recognisers } = exchange.context.detectors;
  if (recognisers.length === 0) return undefined;
  checkBatch(exchange, texts, "texts");
  const combined = new Map<string, CombinedInspection>();
  for (const text of texts)
    if (!combined.has(text)) combined.set(text, await inspectWithRemotes(exchange.guard, recognisers, text));
  return combined;
}

/** Findings of one text, counted in the metrics. */
export function findAndCount(exchange: Exchange, text: string): readonly Finding[] {
  const findings = exchange.guard.inspect(text);
  for (const { type } of findings) exchange.countFinding(type);
  return findings;
}

interface Options {
  readonly includeValues: boolean;
  readonly standard: string | undefined;
}

function describe(text: string, findings: readonly Finding[], { includeValues, standard }: Options) {
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
