import type { InjectionDetector, InjectionResult, InjectionType, RiskLevel } from "../types.ts";
import { DECODER_PATTERNS, decodeSegments } from "./decoders.ts";
import { type ConceptHits, createConceptHits, scanConcepts } from "./lexicon.ts";
import { createFoldBuffer, type FoldedText, foldText } from "./normalise.ts";
import { matchRules, RULES, type RuleMatch, scoreByRules } from "./rules.ts";

/** Every regular expression of the injection detector, for the common ReDoS test. */
export const injectionPatterns: readonly RegExp[] = DECODER_PATTERNS;

/** Score from which on a text counts as an injection; the calibration maps the trained threshold here. */
export const INJECTION_THRESHOLD = 0.5;

/** Hidden texts inside hidden texts are opened this deep (Base64 of Base64 of ...). */
const MAX_DEPTH = 3;

type Segment = InjectionResult["segments"][number];

interface Judgement {
  readonly score: number;
  readonly types: ReadonlySet<InjectionType>;
  readonly segments: readonly Segment[];
}

/**
 * Judges texts by rules. One instance judges one text at a time and reuses its buffers.
 */
export function createInjectionDetector(): InjectionDetector {
  const folded = createFoldBuffer();
  const hits = createConceptHits();
  return {
    inspect(text: string): InjectionResult {
      const { score, types, segments } = judge(text, 0, folded, hits);
      return {
        score,
        isInjection: score >= INJECTION_THRESHOLD,
        level: riskLevel(score),
        types: [...types],
        segments,
      };
    },
  };
}

/** Level of a score; bounds as documented on {@link RiskLevel}. */
export function riskLevel(score: number): RiskLevel {
  if (score < 0.2) return "safe";
  if (score < 0.5) return "low";
  if (score < 0.7) return "medium";
  return score < 0.9 ? "high" : "critical";
}

function judge(text: string, depth: number, folded: FoldedText, hits: ConceptHits): Judgement {
  foldText(text, folded);
  scanConcepts(folded, hits);
  const matches = matchRules(hits);
  let score = scoreByRules(matches);
  const segments: Segment[] = matches.map((match) => toSegment(match, folded));
  const types = new Set<InjectionType>();
  for (const segment of segments) if (segment.score >= 0.5) types.add(segment.type);
  if (depth === MAX_DEPTH) return { score, types, segments };
  // The buffers are overwritten below: nothing of this text may be read from them any more.
  for (const hidden of decodeSegments(text, folded.counts, hits)) {
    const inner = judge(hidden.text, depth + 1, folded, hits);
    if (inner.score < INJECTION_THRESHOLD) continue;
    score = Math.max(score, inner.score);
    types.add("encoding");
    for (const type of inner.types) types.add(type);
    segments.push({
      start: hidden.start,
      end: hidden.end,
      type: "encoding",
      rule: `decoded:${hidden.encoding}`,
      score: inner.score,
    });
  }
  return { score, types, segments };
}

function toSegment(match: RuleMatch, folded: FoldedText): Segment {
  const rule = RULES[match.rule]!;
  return {
    start: folded.offsets[match.start]!,
    end: folded.offsets[match.end]!,
    type: rule.type,
    rule: rule.name,
    score: rule.score,
  };
}
