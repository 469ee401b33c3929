/** Group fairness of labelled decisions. */
import type { FairnessScore, LabelledPrediction } from "./types.ts";

/** Rates of one group. */
export interface GroupRates {
  readonly group: string;
  readonly count: number;
  /** Share of favourable decisions. */
  readonly selectionRate: number;
  /** Favourable among those who should have got it; NaN when none is labelled so. */
  readonly truePositiveRate: number;
  /** Favourable among those who should not have got it; NaN when none is labelled so. */
  readonly falsePositiveRate: number;
}

/** Group metrics of a set of decisions. */
export interface GroupMetrics {
  readonly groups: readonly GroupRates[];
  /** Highest minus lowest selection rate (Dwork et al. 2012); 0 is fair. */
  readonly demographicParityDifference: number;
  /** Lowest over highest selection rate; 1 is fair. NaN when nobody was selected. */
  readonly demographicParityRatio: number;
  /** Larger of the gaps in true and false positive rates (Hardt et al. 2016); NaN without labels. */
  readonly equalisedOddsDifference: number;
  /** Each group's selection rate over the best group's. */
  readonly disparateImpact: readonly { readonly group: string; readonly ratio: number }[];
  /** Whether every ratio is at least 0.8 (EEOC Uniform Guidelines, 29 CFR 1607.4 D); null when nobody was selected. */
  readonly passesFourFifths: boolean | null;
}

/** The four-fifths rule's bound. */
export const FOUR_FIFTHS = 0.8;

/** Computes the group metrics; undefined for fewer than two groups, since then there is nothing to compare. */
export function groupMetrics(predictions: readonly LabelledPrediction[]): GroupMetrics | undefined {
  const groups = new Map<string, LabelledPrediction[]>();
  for (const prediction of predictions) {
    const list = groups.get(prediction.group);
    if (list === undefined) groups.set(prediction.group, [prediction]);
    else list.push(prediction);
  }
  if (groups.size < 2) return undefined;
  const rates = [...groups].map(([group, list]) => ({
    group,
    count: list.length,
    selectionRate: share(list, () => true),
    truePositiveRate: share(list, (item) => item.actual === true),
    falsePositiveRate: share(list, (item) => item.actual === false),
  }));
  const selection = rates.map((rate) => rate.selectionRate);
  const top = Math.max(...selection);
  const low = Math.min(...selection);
  const disparateImpact = rates.map((rate) => ({
    group: rate.group,
    ratio: top === 0 ? Number.NaN : rate.selectionRate / top,
  }));
  const gaps = [
    gap(rates.map((rate) => rate.truePositiveRate)),
    gap(rates.map((rate) => rate.falsePositiveRate)),
  ].filter((value) => !Number.isNaN(value));
  return {
    groups: rates,
    demographicParityDifference: top - low,
    demographicParityRatio: top === 0 ? Number.NaN : low / top,
    equalisedOddsDifference: gaps.length === 0 ? Number.NaN : Math.max(...gaps),
    disparateImpact,
    passesFourFifths: top === 0 ? null : disparateImpact.every((item) => item.ratio >= FOUR_FIFTHS - 1e-12),
  };
}

/** The metrics as fairness scores; what cannot be computed is left out rather than invented. */
export function fairnessScores(metrics: GroupMetrics): FairnessScore[] {
  const scores: FairnessScore[] = [];
  const worst = metrics.disparateImpact.filter((item) => item.ratio < FOUR_FIFTHS).map((item) => item.group);
  const names = metrics.groups.map((group) => group.group);
  scores.push({
    metric: "demographic_parity",
    score: 1 - metrics.demographicParityDifference,
    explanation: `selection rates differ by ${percent(metrics.demographicParityDifference)} between the groups`,
    affectedGroups: metrics.demographicParityDifference > 0.1 ? extremes(metrics) : [],
  });
  if (!Number.isNaN(metrics.equalisedOddsDifference))
    scores.push({
      metric: "equalised_odds",
      score: 1 - metrics.equalisedOddsDifference,
      explanation: `true or false positive rates differ by up to ${percent(metrics.equalisedOddsDifference)}`,
      affectedGroups: metrics.equalisedOddsDifference > 0.1 ? names : [],
    });
  if (metrics.passesFourFifths !== null)
    scores.push({
      metric: "disparate_impact",
      score: metrics.demographicParityRatio,
      explanation: metrics.passesFourFifths
        ? "every group is selected at four fifths of the best group's rate or more"
        : `selected at less than four fifths of the best group's rate: ${worst.length} group(s)`,
      affectedGroups: worst,
    });
  return scores;
}

function share(list: readonly LabelledPrediction[], among: (item: LabelledPrediction) => boolean): number {
  let count = 0;
  let favourable = 0;
  for (const item of list) {
    if (!among(item)) continue;
    count++;
    if (item.predicted) favourable++;
  }
  return count === 0 ? Number.NaN : favourable / count;
}

function gap(rates: readonly number[]): number {
  const known = rates.filter((rate) => !Number.isNaN(rate));
  return known.length < 2 ? Number.NaN : Math.max(...known) - Math.min(...known);
}

function extremes(metrics: GroupMetrics): string[] {
  const sorted = [...metrics.groups].sort((a, b) => a.selectionRate - b.selectionRate);
  return [sorted[0]!.group, sorted[sorted.length - 1]!.group];
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
