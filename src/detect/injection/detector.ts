import { riskLevel } from "../risk-level.ts";
import type { InjectionDetector, InjectionResult, InjectionType } from "../types.ts";
import { DECODER_PATTERNS, decodeSegments } from "./decoders.ts";
import { type ConceptHits, createConceptHits, scanConcepts } from "./lexicon.ts";
import type { InjectionModel } from "./model.ts";
import { createFoldBuffer, type FoldedText, foldText } from "./normalise.ts";
import { certainScore, matchRules, RULES, type RuleMatch, scoreByRules } from "./rules.ts";
import { createScoreBuffers, type ScoreBuffers, scoreText, type TextScore } from "./score-text.ts";

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

/** Everything one detector works with. */
interface Workspace {
  readonly folded: FoldedText;
  readonly hits: ConceptHits;
  /** Absent when the rules judge alone. */
  readonly buffers: ScoreBuffers | undefined;
}

/** An {@link InjectionDetector} that says what it judges by. */
export interface CreatedInjectionDetector extends InjectionDetector {
  /** `rules` without a model: explains itself, but sees only what a rule describes. */
  readonly judgesBy: "rules" | "model and rules";
}

/**
 * Judges texts for prompt injection: with a model by both stages of it, without one by the rules alone. One instance
 * judges one text at a time and reuses its buffers; linear in the text.
 */
export function createInjectionDetector(model?: InjectionModel): CreatedInjectionDetector {
  const work: Workspace = {
    folded: createFoldBuffer(),
    hits: createConceptHits(),
    buffers: model && createScoreBuffers(model),
  };
  return {
    judgesBy: model ? "model and rules" : "rules",
    inspect(text: string): InjectionResult {
      const { score, types, segments } = judge(text, 0, work);
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

function judge(text: string, depth: number, work: Workspace): Judgement {
  const { folded, hits, buffers } = work;
  foldText(text, folded);
  scanConcepts(folded, hits);
  const matches = matchRules(hits);
  const ruleScore = scoreByRules(matches);
  const segments: Segment[] = matches.map((match) => toSegment(match, folded));
  let score = ruleScore;
  if (buffers) {
    const scored = scoreText(folded, hits, matches, ruleScore, buffers);
    score = Math.max(scored.score, certainScore(matches));
    if (scored.score >= INJECTION_THRESHOLD) segments.push(modelSegment(scored, folded));
  }
  const types = new Set<InjectionType>();
  if (score >= INJECTION_THRESHOLD) {
    for (const segment of segments) types.add(segment.type);
  }
  if (depth === MAX_DEPTH) return { score, types, segments };
  // The buffers are overwritten below: nothing of this text may be read from them any more.
  for (const hidden of decodeSegments(text, folded.counts, hits)) {
    const inner = judge(hidden.text, depth + 1, work);
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

/** The range the model found worst. Inside a longer text that is a planted part, else the text as a whole. */
function modelSegment(scored: TextScore, folded: FoldedText): Segment {
  const planted = scored.end - scored.start < folded.length / 2;
  return {
    start: folded.offsets[scored.start]!,
    end: folded.offsets[scored.end]!,
    type: planted ? "indirect" : "override",
    rule: "linear-model",
    score: scored.score,
  };
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
