/** Scoring of PII findings against labelled texts: strict and overlap, per entity, source and language. */
import type { EntityType } from "#contract";
import type { Guard } from "../types.ts";

/** One labelled text, a line of the PII data files. */
export interface PiiItem {
  readonly id: string;
  readonly text: string;
  readonly spans: readonly PiiSpan[];
  readonly source: string;
  readonly lang?: string;
  /** Types that the source marks; only these can be false positives. Absent: every type. */
  readonly labelled?: readonly EntityType[];
}

/** A labelled span; offsets in UTF-16 code units, `end` exclusive. */
export interface PiiSpan {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
}

/** A candidate as `--scores` writes it. */
export interface ScoredSpan extends PiiSpan {
  readonly score: number;
  /** Whether the policy acts on it: at or above its threshold and not beaten by an overlapping finding. */
  readonly flagged: boolean;
}

/** What was found in one item. */
export interface PiiPrediction {
  readonly id: string;
  readonly spans: readonly ScoredSpan[];
}

/** Precision, recall and their harmonic mean; NaN where nothing was there to judge. */
export interface SpanScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** Both ways of matching. */
export interface PiiScores {
  /** Same start, end and type. */
  readonly strict: SpanScores;
  /** Same type and at least one character in common; each labelled span counts once. */
  readonly overlap: SpanScores;
}

/** Result of {@link scorePii}. */
export interface PiiReport {
  readonly items: number;
  readonly all: PiiScores;
  readonly perEntity: Readonly<Record<EntityType, PiiScores>>;
  readonly perSource: Readonly<Record<string, Readonly<Record<EntityType, PiiScores>>>>;
  readonly perLanguage: Readonly<Record<string, Readonly<Record<EntityType, PiiScores>>>>;
}

/**
 * Every candidate of a text, marked by whether the guard acts on it. A candidate that stands on the very span of a
 * finding with another type is an alternative reading of the same value (an identifier without context may belong to
 * two countries) and counts as flagged when it reaches its own threshold.
 */
export function predictPii(guard: Guard, item: Pick<PiiItem, "id" | "text">): PiiPrediction {
  const winners = guard.inspect(item.text);
  const spanKeys = new Set(winners.map((finding) => `${finding.start}-${finding.end}`));
  const spans = new Map<string, ScoredSpan>();
  for (const { start, end, type, score } of guard.candidates(item.text)) {
    const key = `${start}-${end}-${type}`;
    if ((spans.get(key)?.score ?? -1) >= score) continue;
    const threshold = guard.policy.entities[type]?.threshold;
    const flagged = threshold !== undefined && score >= threshold && spanKeys.has(`${start}-${end}`);
    spans.set(key, { start, end, type, score, flagged });
  }
  return { id: item.id, spans: [...spans.values()].sort((a, b) => a.start - b.start || a.end - b.end) };
}

/**
 * Scores predictions against labels. Only the types that an item's source labels count as false positives.
 * @param predictions in the order of `items`, one each
 */
export function scorePii(items: readonly PiiItem[], predictions: readonly PiiPrediction[]): PiiReport {
  const all = new Tally();
  const perEntity = new Tallies();
  const perSource = new Map<string, Tallies>();
  const perLanguage = new Map<string, Tallies>();
  for (const [index, item] of items.entries()) {
    const source = getOrMake(perSource, item.source);
    const language = getOrMake(perLanguage, item.lang ?? "unknown");
    for (const judged of judgeItem(item, predictions[index]?.spans ?? [])) {
      all.add(judged);
      perEntity.of(judged.type).add(judged);
      source.of(judged.type).add(judged);
      language.of(judged.type).add(judged);
    }
  }
  return {
    items: items.length,
    all: all.scores(),
    perEntity: perEntity.scores(),
    perSource: mapScores(perSource),
    perLanguage: mapScores(perLanguage),
  };
}

/** The line of one item in a `--scores` file. */
export function piiScoreLine(prediction: PiiPrediction): string {
  return JSON.stringify({ id: prediction.id, spans: prediction.spans });
}

interface Judged {
  readonly type: EntityType;
  readonly kind: "label" | "finding";
  readonly isStrictHit: boolean;
  readonly isOverlapHit: boolean;
}

function judgeItem(item: PiiItem, spans: readonly ScoredSpan[]): Judged[] {
  const labelled = item.labelled === undefined ? undefined : new Set(item.labelled);
  const flagged = spans.filter((span) => span.flagged && labelled?.has(span.type) !== false);
  const judged: Judged[] = [];
  for (const label of item.spans) {
    judged.push({
      type: label.type,
      kind: "label",
      isStrictHit: flagged.some((span) => isSame(span, label)),
      isOverlapHit: flagged.some((span) => isOverlap(span, label)),
    });
  }
  for (const span of flagged) {
    judged.push({
      type: span.type,
      kind: "finding",
      isStrictHit: item.spans.some((label) => isSame(span, label)),
      isOverlapHit: item.spans.some((label) => isOverlap(span, label)),
    });
  }
  return judged;
}

function isSame(a: PiiSpan, b: PiiSpan): boolean {
  return a.type === b.type && a.start === b.start && a.end === b.end;
}

function isOverlap(a: PiiSpan, b: PiiSpan): boolean {
  return a.type === b.type && a.start < b.end && b.start < a.end;
}

/** Counts of one group. A labelled span is found or missed; a finding is right or a false positive. */
class Tally {
  readonly #strict = { found: 0, missed: 0, wrong: 0, right: 0 };
  readonly #overlap = { found: 0, missed: 0, wrong: 0, right: 0 };

  add(judged: Judged): void {
    for (const [counts, isHit] of [
      [this.#strict, judged.isStrictHit],
      [this.#overlap, judged.isOverlapHit],
    ] as const) {
      if (judged.kind === "label") isHit ? counts.found++ : counts.missed++;
      else isHit ? counts.right++ : counts.wrong++;
    }
  }

  scores(): PiiScores {
    return { strict: toScores(this.#strict), overlap: toScores(this.#overlap) };
  }
}

class Tallies {
  readonly #byType = new Map<EntityType, Tally>();

  of(type: EntityType): Tally {
    let tally = this.#byType.get(type);
    if (tally === undefined) this.#byType.set(type, (tally = new Tally()));
    return tally;
  }

  scores(): Record<EntityType, PiiScores> {
    return Object.fromEntries([...this.#byType].sort().map(([type, tally]) => [type, tally.scores()]));
  }
}

function toScores(counts: { found: number; missed: number; wrong: number; right: number }): SpanScores {
  const precision = counts.right / (counts.right + counts.wrong);
  const recall = counts.found / (counts.found + counts.missed);
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    truePositives: counts.found,
    falsePositives: counts.wrong,
    falseNegatives: counts.missed,
  };
}

function getOrMake(map: Map<string, Tallies>, key: string): Tallies {
  let tallies = map.get(key);
  if (tallies === undefined) map.set(key, (tallies = new Tallies()));
  return tallies;
}

function mapScores(map: ReadonlyMap<string, Tallies>): Record<string, Record<EntityType, PiiScores>> {
  return Object.fromEntries([...map].sort().map(([key, tallies]) => [key, tallies.scores()]));
}
