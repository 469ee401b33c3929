import type { Exposition, Labels } from "./exposition.ts";
import { type HistogramSnapshot, mergeHistograms } from "./latency-histogram.ts";
import { quantiles } from "./quantiles.ts";

/** Numbers of one metric, told by a part of the gateway. Plain data: it can be sent between processes. */
export interface MetricFamily {
  /** `rampart_*`, seconds and bytes; counters end in `_total`. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** How the numbers of several processes become one; default `sum`. */
  readonly merge?: "sum" | "max" | "min";
  /** Label sets must be bounded in number. Empty for histograms. */
  readonly samples: readonly MetricSample[];
  /** Distributions of a histogram family, one for each label set. */
  readonly histograms?: readonly HistogramSample[];
}

/** One number of a family. */
export interface MetricSample {
  readonly value: number;
  readonly labels?: Labels;
}

/** One distribution of a family. */
export interface HistogramSample {
  readonly histogram: HistogramSnapshot;
  readonly labels?: Labels;
}

/** A part of the gateway that has figures of its own. */
export interface MetricsSource {
  /** Called for every `/metrics` request; must return at once. */
  families(): readonly MetricFamily[];
}

/** Writes families in the text form. */
export function exposeFamilies(out: Exposition, families: readonly MetricFamily[]): void {
  for (const { name, type, help, samples, histograms = [] } of families) {
    out.family(name, type, help);
    for (const { value, labels } of samples) out.sample(name, value, labels);
    for (const { histogram, labels } of histograms) out.histogram(name, mergeHistograms([histogram]), labels);
  }
}

/**
 * The JSON form: the name without `rampart_`; one sample without labels is a number, others are an object by label
 * values, joined by `.`; a distribution is its quantiles in milliseconds.
 */
export function familiesToJson(families: readonly MetricFamily[]): Record<string, unknown> {
  return Object.fromEntries(
    families.map((family) => [family.name.replace(/^rampart_/, ""), familyToJson(family)]),
  );
}

function familyToJson({ samples, histograms }: MetricFamily): unknown {
  const entries = [
    ...samples.map(({ value, labels }) => ({ labels, told: value })),
    ...(histograms ?? []).map(({ histogram, labels }) => ({ labels, told: quantiles(histogram) })),
  ];
  const [only] = entries;
  if (entries.length === 1 && only?.labels === undefined) return only?.told;
  return Object.fromEntries(entries.map(({ told, labels = {} }) => [Object.values(labels).join("."), told]));
}
