import { createRandom } from "#shared";
import { blockLength, drawBlocks } from "../compare/bootstrap.ts";
import type { PairSamples } from "./pairs.ts";

/** Pairs are put into so many windows, which the bootstrap draws in blocks. */
const WINDOWS = 120;
/** Redraws for the intervals: enough for the 0.5 % ends of a 99 % interval. */
const REDRAWS = 1000;
/** Share of each end of the interval that is cut off: 99 %. */
const TAIL = 0.005;
const SEED = 1;

/** A figure with its 99 % confidence interval, ms. */
export interface Interval {
  readonly ms: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** What a gateway adds. */
export interface OverheadEstimate {
  readonly pairs: number;
  /** Percentile of the requests through the gateway minus that of the straight ones. */
  readonly added: Readonly<Record<"p50" | "p95" | "p99", Interval>>;
  readonly through: Readonly<Record<"p50" | "p95" | "p99", number>>;
  readonly direct: Readonly<Record<"p50" | "p95" | "p99", number>>;
  /** Median of the differences within pairs: what one request waits longer. */
  readonly pairedMedian: Interval;
  /**
   * Medians of what the gateway told of itself, ms: its parts, `gateway` (total without upstream) and `network` (measured
   * time that it does not know of). Empty when it told nothing.
   */
  readonly split: Readonly<Record<string, number>>;
}

const PERCENTILES = { p50: 50, p95: 95, p99: 99 } as const;

/**
 * Estimates from pairs; intervals by a circular block bootstrap over windows of neighbouring pairs, so that slow waves
 * of the machine widen them. Both sides of a pair are drawn together.
 * @returns null with fewer than 100 pairs, which no 99th percentile can be read from
 */
export function estimateOverhead(samples: PairSamples): OverheadEstimate | null {
  const { throughMs, directMs } = samples;
  const count = throughMs.length;
  if (count < 100) return null;
  const differences = throughMs.map((ms, index) => ms - (directMs[index] ?? 0));
  const windows = Math.min(WINDOWS, Math.floor(count / 10));
  const windowOf = (index: number) => Math.min(windows - 1, Math.floor((index * windows) / count));
  const sortedBy = (values: readonly number[]) => {
    const order = Uint32Array.from(values, (_, index) => index).sort(
      (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
    );
    return {
      values: Float64Array.from(order, (index) => values[index] ?? 0),
      windows: Uint16Array.from(order, windowOf),
    };
  };
  const sides = { through: sortedBy(throughMs), direct: sortedBy(directMs), paired: sortedBy(differences) };
  const means = new Array<number>(windows).fill(0);
  for (const [index, ms] of differences.entries()) {
    const window = windowOf(index);
    means[window] = (means[window] ?? 0) + ms;
  }
  const block = blockLength(means);
  const random = createRandom(SEED);
  const draws: Record<"p50" | "p95" | "p99" | "paired", number[]> = { p50: [], p95: [], p99: [], paired: [] };
  const all = new Float64Array(windows).fill(1);
  const added = (weights: Float64Array, percentile: number) =>
    weightedPercentile(sides.through, weights, percentile) -
    weightedPercentile(sides.direct, weights, percentile);
  for (let draw = 0; draw < REDRAWS; draw += 1) {
    const weights = drawBlocks(windows, block, random);
    for (const name of ["p50", "p95", "p99"] as const) draws[name].push(added(weights, PERCENTILES[name]));
    draws.paired.push(weightedPercentile(sides.paired, weights, 50));
  }
  const percentiles = (side: Sorted) => ({
    p50: weightedPercentile(side, all, 50),
    p95: weightedPercentile(side, all, 95),
    p99: weightedPercentile(side, all, 99),
  });
  return {
    pairs: count,
    added: {
      p50: interval(added(all, 50), draws.p50),
      p95: interval(added(all, 95), draws.p95),
      p99: interval(added(all, 99), draws.p99),
    },
    through: percentiles(sides.through),
    direct: percentiles(sides.direct),
    pairedMedian: interval(weightedPercentile(sides.paired, all, 50), draws.paired),
    split: splitOf(samples),
  };
}

interface Sorted {
  /** Ascending. */
  readonly values: Float64Array;
  /** Window of each value. */
  readonly windows: Uint16Array;
}

/** Percentile of values whose windows weigh differently: the first value at which that share of the weight is reached. */
function weightedPercentile({ values, windows }: Sorted, weights: Float64Array, percentile: number): number {
  let total = 0;
  for (let i = 0; i < windows.length; i += 1) total += weights[windows[i]!]!;
  const wanted = (total * percentile) / 100;
  let reached = 0;
  for (let i = 0; i < values.length; i += 1) {
    reached += weights[windows[i]!]!;
    if (reached >= wanted) return values[i]!;
  }
  return values.at(-1) ?? 0;
}

function interval(ms: number, draws: number[]): Interval {
  draws.sort((a, b) => a - b);
  const at = (share: number) => draws[Math.min(draws.length - 1, Math.floor(share * draws.length))] ?? ms;
  return { ms, lowMs: Math.min(ms, at(TAIL)), highMs: Math.max(ms, at(1 - TAIL)) };
}

/** Medians of the parts that the gateway told, and what is left. */
function splitOf({ parts, throughMs }: PairSamples): Record<string, number> {
  const values = new Map<string, number[]>();
  const add = (name: string, ms: number) => {
    const known = values.get(name);
    if (known === undefined) values.set(name, [ms]);
    else known.push(ms);
  };
  for (const [index, part] of parts.entries()) {
    if (part === null) continue;
    for (const [name, ms] of Object.entries(part)) if (name !== "total") add(name, ms);
    const { total } = part;
    if (total === undefined) continue;
    add("gateway", total - (part["upstream"] ?? 0));
    add("network", (throughMs[index] ?? 0) - total);
  }
  return Object.fromEntries(
    [...values].map(([name, all]) => {
      all.sort((a, b) => a - b);
      return [name, all[Math.floor(all.length / 2)] ?? 0];
    }),
  );
}
