/** Metrics of a yes/no classifier that gives scores: shared by the injection, bias and grounding evaluations. */

/** One judged item. A higher score means "more likely label 1". */
export interface ScoredItem {
  readonly id: string;
  readonly label: 0 | 1;
  readonly score: number;
  /** Where the item comes from; `bySource` groups by it. */
  readonly source?: string;
  /** BCP 47 language tag; `byLanguage` groups by it. */
  readonly lang?: string;
}

/** Figures of one group of items. A figure that needs a class which the group lacks is `null`, never a made-up 0 or 1. */
export interface BinaryMetrics {
  readonly items: number;
  readonly positives: number;
  readonly negatives: number;
  /** Area under the ROC curve, ties counted half. */
  readonly auc: number | null;
  /** Highest recall at any threshold with at most 1 % false positives. */
  readonly recallAtFpr01: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly falsePositiveRate: number | null;
  /** Mean of recall and true-negative rate at the threshold. */
  readonly balancedAccuracy: number | null;
}

/** A whole evaluation: all items, and each source and language on its own. */
export interface BinaryReport {
  /** Items with `score >= threshold` count as flagged. */
  readonly threshold: number;
  readonly overall: BinaryMetrics;
  readonly bySource: Readonly<Record<string, BinaryMetrics>>;
  readonly byLanguage: Readonly<Record<string, BinaryMetrics>>;
}

/**
 * Area under the ROC curve as the normalised Mann-Whitney U statistic (Hanley and McNeil, Radiology 143, 1982): the
 * chance that a positive outscores a negative, ties half. `null` when one class is missing. O(n log n).
 */
export function areaUnderRoc(items: readonly ScoredItem[]): number | null {
  const steps = rocSteps(items);
  const last = steps.at(-1);
  if (!last || last.truePositives === 0 || last.falsePositives === 0) return null;
  let area = 0;
  let before = { truePositives: 0, falsePositives: 0 };
  for (const step of steps) {
    area += ((step.falsePositives - before.falsePositives) * (step.truePositives + before.truePositives)) / 2;
    before = step;
  }
  return area / (last.truePositives * last.falsePositives);
}

/**
 * The lowest threshold whose false-positive rate is at most `maxFpr` (0..1), so that `score >= threshold` flags as many
 * positives as that rate allows. Infinity when even the highest score breaks the bound.
 */
export function thresholdAtFpr(items: readonly ScoredItem[], maxFpr: number): number {
  let negatives = 0;
  for (const item of items) negatives += 1 - item.label;
  let threshold = Number.POSITIVE_INFINITY;
  for (const step of rocSteps(items)) {
    if (step.falsePositives > maxFpr * negatives) break;
    threshold = step.score;
  }
  return threshold;
}

/** All figures of one group at `threshold`. O(n log n). */
export function measureBinary(items: readonly ScoredItem[], threshold: number): BinaryMetrics {
  let positives = 0;
  let truePositives = 0;
  let falsePositives = 0;
  for (const item of items) {
    positives += item.label;
    if (item.score < threshold) continue;
    if (item.label === 1) truePositives++;
    else falsePositives++;
  }
  const negatives = items.length - positives;
  const recall = ratio(truePositives, positives);
  const precision = ratio(truePositives, truePositives + falsePositives);
  const falsePositiveRate = ratio(falsePositives, negatives);
  return {
    items: items.length,
    positives,
    negatives,
    auc: areaUnderRoc(items),
    recallAtFpr01: recallAtFpr(items, 0.01),
    precision,
    recall,
    f1: ratio(2 * truePositives, truePositives + falsePositives + positives),
    falsePositiveRate,
    balancedAccuracy:
      recall === null || falsePositiveRate === null ? null : (recall + 1 - falsePositiveRate) / 2,
  };
}

/** Figures of all items, per source and per language; groups in alphabetical order so that reports compare by line. */
export function reportBinary(items: readonly ScoredItem[], threshold: number): BinaryReport {
  return {
    threshold,
    overall: measureBinary(items, threshold),
    bySource: measureGroups(items, threshold, (item) => item.source),
    byLanguage: measureGroups(items, threshold, (item) => item.lang),
  };
}

/** The highest recall at any threshold with a false-positive rate of at most `maxFpr`; `null` when a class is missing. */
export function recallAtFpr(items: readonly ScoredItem[], maxFpr: number): number | null {
  const steps = rocSteps(items);
  const last = steps.at(-1);
  if (!last || last.truePositives === 0 || last.falsePositives === 0) return null;
  let best = 0;
  for (const step of steps) {
    if (step.falsePositives > maxFpr * last.falsePositives) break;
    best = step.truePositives / last.truePositives;
  }
  return best;
}

interface RocStep {
  readonly score: number;
  /** Counts with `score >= this.score`. */
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** One step per distinct score, highest first, counts cumulated. */
function rocSteps(items: readonly ScoredItem[]): RocStep[] {
  const sorted = [...items].sort((a, b) => b.score - a.score);
  const steps: RocStep[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  for (const [index, item] of sorted.entries()) {
    if (item.label === 1) truePositives++;
    else falsePositives++;
    if (sorted[index + 1]?.score !== item.score) {
      steps.push({ score: item.score, truePositives, falsePositives });
    }
  }
  return steps;
}

function measureGroups(
  items: readonly ScoredItem[],
  threshold: number,
  keyOf: (item: ScoredItem) => string | undefined,
): Record<string, BinaryMetrics> {
  const groups = new Map<string, ScoredItem[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  const keys = [...groups.keys()].sort();
  return Object.fromEntries(keys.map((key) => [key, measureBinary(groups.get(key) ?? [], threshold)]));
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
