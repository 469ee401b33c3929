import type { Exposition, Labels } from "./exposition.ts";

/** Numbers of one metric, told by a part of the gateway. Plain data: it can be sent between processes. */
export interface MetricFamily {
  /** `rampart_*`, seconds and bytes; counters end in `_total`. */
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  /** How the numbers of several processes become one; default `sum`. */
  readonly merge?: "sum" | "max";
  /** Label sets must be bounded in number. */
  readonly samples: readonly MetricSample[];
}

/** One number of a family. */
export interface MetricSample {
  readonly value: number;
  readonly labels?: Labels;
}

/** A part of the gateway that has figures of its own. */
export interface MetricsSource {
  /** Called for every `/metrics` request; must return at once. */
  families(): readonly MetricFamily[];
}

/** Writes families in the text form. */
export function exposeFamilies(out: Exposition, families: readonly MetricFamily[]): void {
  for (const { name, type, help, samples } of families) {
    out.family(name, type, help);
    for (const { value, labels } of samples) out.sample(name, value, labels);
  }
}

/**
 * The JSON form: the name without `rampart_`; one sample without labels is a number, others are an object by label
 * values, joined by `.`.
 */
export function familiesToJson(families: readonly MetricFamily[]): Record<string, unknown> {
  return Object.fromEntries(
    families.map(({ name, samples }) => [name.replace(/^rampart_/, ""), samplesToJson(samples)]),
  );
}

function samplesToJson(samples: readonly MetricSample[]): unknown {
  const [only] = samples;
  if (samples.length === 1 && only?.labels === undefined) return only?.value;
  return Object.fromEntries(
    samples.map(({ value, labels = {} }) => [Object.values(labels).join("."), value]),
  );
}
