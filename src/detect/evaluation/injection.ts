import { INJECTION_THRESHOLD } from "../injection/detector.ts";
import type { InjectionDetector } from "../types.ts";
import { type BinaryReport, reportBinary, type ScoredItem } from "./binary.ts";

/** One labelled text; the fields of the injection data set's JSON lines that the evaluation needs. */
export interface InjectionItem {
  readonly id: string;
  readonly text: string;
  readonly label: 0 | 1;
  readonly source: string;
  readonly lang: string;
}

/** The judgement of one item as `rampart eval injection --scores` writes it. */
export interface InjectionScore {
  readonly id: string;
  readonly score: number;
  readonly flagged: boolean;
}

/** Figures and the judgements they come from. */
export interface InjectionEvaluation {
  readonly report: BinaryReport;
  readonly scores: readonly InjectionScore[];
}

/** Judges every item once and reports at the shipped threshold. */
export function evaluateInjection(
  detector: InjectionDetector,
  items: readonly InjectionItem[],
): InjectionEvaluation {
  const scored: ScoredItem[] = [];
  const scores: InjectionScore[] = [];
  for (const { id, text, label, source, lang } of items) {
    const { score, isInjection } = detector.inspect(text);
    scored.push({ id, label, score, source, lang });
    scores.push({ id, score, flagged: isInjection });
  }
  return { report: reportBinary(scored, INJECTION_THRESHOLD), scores };
}
