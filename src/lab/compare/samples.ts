import type { RunResult, WindowRow } from "#contract";

/** A figure that comparisons are made of. */
export type FigureName = "mean" | "p50" | "p95" | "p99" | "errors";

/** One endpoint's windows of one run, laid out for fast resampling. */
export interface WindowTable {
  /** Requests, failures and sum of latencies (µs) per window. */
  readonly counts: Float64Array;
  readonly failures: Float64Array;
  readonly sumsUs: Float64Array;
  /** Latency of each bin, µs, ascending; shared by all windows. */
  readonly binsUs: Float64Array;
  /** Per window: pairs of bin index and count. */
  readonly cells: readonly (readonly (readonly [number, number])[])[];
}

/** How often each window of a run was drawn; all ones is the run itself. */
export type Weights = Float64Array;

/** Names (`METHOD name`) that occur in both results. */
export function sharedEndpoints(first: RunResult, second: RunResult): string[] {
  const names = (result: RunResult) => result.requests.map((stats) => `${stats.method} ${stats.name}`);
  const others = new Set(names(second));
  return names(first).filter((name) => others.has(name));
}

/**
 * The windows of one endpoint.
 * @param endpoint `METHOD name`; null = all requests together
 */
export function windowTable(result: RunResult, endpoint: string | null): WindowTable {
  const windows = result.windows ?? [];
  const rowsOf = windows.map((window) => window.rows.filter((row) => isOf(row, endpoint)));
  const binsUs = Float64Array.from(
    [...new Set(rowsOf.flat().flatMap((row) => row.fromDue.buckets.map(([valueUs]) => valueUs)))].sort(
      (a, b) => a - b,
    ),
  );
  const indexOf = new Map([...binsUs].map((valueUs, index) => [valueUs, index]));
  const sum = (rows: readonly WindowRow[], pick: (row: WindowRow) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    counts: Float64Array.from(rowsOf, (rows) => sum(rows, (row) => row.count)),
    failures: Float64Array.from(rowsOf, (rows) => sum(rows, (row) => row.failures)),
    sumsUs: Float64Array.from(rowsOf, (rows) => sum(rows, (row) => row.fromDue.sumUs)),
    binsUs,
    cells: rowsOf.map((rows) =>
      rows.flatMap((row) =>
        row.fromDue.buckets.map(([valueUs, count]) => [indexOf.get(valueUs) ?? 0, count] as const),
      ),
    ),
  };
}

/** Figures of the weighted windows, ms (errors: %); NaN where nothing was drawn. */
export function figuresOf(table: WindowTable, weights: Weights): Record<FigureName, number> {
  let count = 0;
  let failures = 0;
  let sumUs = 0;
  const bins = new Float64Array(table.binsUs.length);
  for (let window = 0; window < weights.length; window += 1) {
    const weight = weights[window] ?? 0;
    if (weight === 0) continue;
    count += weight * (table.counts[window] ?? 0);
    failures += weight * (table.failures[window] ?? 0);
    sumUs += weight * (table.sumsUs[window] ?? 0);
    for (const [bin, times] of table.cells[window] ?? []) bins[bin] = (bins[bin] ?? 0) + weight * times;
  }
  const [p50, p95, p99] = percentiles(table.binsUs, bins, count, [0.5, 0.95, 0.99]);
  return {
    mean: sumUs / count / 1000,
    p50: p50 ?? Number.NaN,
    p95: p95 ?? Number.NaN,
    p99: p99 ?? Number.NaN,
    errors: (100 * failures) / count,
  };
}

function percentiles(
  binsUs: Float64Array,
  bins: Float64Array,
  count: number,
  shares: readonly number[],
): number[] {
  const found: number[] = [];
  let seen = 0;
  let next = 0;
  for (let bin = 0; bin < bins.length && next < shares.length; bin += 1) {
    seen += bins[bin] ?? 0;
    while (next < shares.length && seen >= Math.max(1e-9, (shares[next] ?? 1) * count - 1e-9)) {
      found.push((binsUs[bin] ?? 0) / 1000);
      next += 1;
    }
  }
  return found;
}

function isOf(row: WindowRow, endpoint: string | null): boolean {
  return endpoint === null || `${row.method} ${row.name}` === endpoint;
}
