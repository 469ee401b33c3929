import type { HistogramSample, MetricFamily, MetricSample } from "./family.ts";
import { mergeHistograms } from "./latency-histogram.ts";

/**
 * Families of several processes as one list: samples with the same labels become one by the family's rule, distributions
 * are added up. A family keeps the place where it was first seen. Linear in the number of samples.
 */
export function mergeFamilies(lists: readonly (readonly MetricFamily[])[]): MetricFamily[] {
  if (lists.length === 1) return [...lists[0]!];
  const byName = new Map<string, MetricFamily[]>();
  for (const family of lists.flat()) {
    const same = byName.get(family.name);
    if (same === undefined) byName.set(family.name, [family]);
    else same.push(family);
  }
  return [...byName.values()].map(mergeOne);
}

function mergeOne(families: readonly MetricFamily[]): MetricFamily {
  const first = families[0]!; // groups are made with their first member
  const combine = COMBINE[first.merge ?? "sum"];
  const samples = new Map<string, MetricSample>();
  const histograms = new Map<string, HistogramSample>();
  for (const family of families) {
    for (const sample of family.samples) {
      const key = keyOf(sample.labels);
      const known = samples.get(key);
      samples.set(
        key,
        known === undefined ? sample : { ...sample, value: combine(known.value, sample.value) },
      );
    }
    for (const sample of family.histograms ?? []) {
      const key = keyOf(sample.labels);
      const known = histograms.get(key);
      const histogram =
        known === undefined
          ? sample.histogram
          : mergeHistograms([known.histogram, sample.histogram]).snapshot();
      histograms.set(key, { ...sample, histogram });
    }
  }
  return {
    ...first,
    samples: [...samples.values()],
    ...(histograms.size > 0 ? { histograms: [...histograms.values()] } : {}),
  };
}

const COMBINE = {
  sum: (a: number, b: number) => a + b,
  max: Math.max,
  min: Math.min,
} as const;

function keyOf(labels: HistogramSample["labels"]): string {
  return labels === undefined ? "" : JSON.stringify(Object.entries(labels).toSorted());
}
