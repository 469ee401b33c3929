/**
 * Comparison of a candidate with a baseline: per endpoint and figure the difference, its confidence interval, and whether
 * it is a finding. The chance of any false finding in a whole comparison is at most 1 % (single-step max-t adjustment:
 * Romano and Wolf, Econometrica 73, 2005), and differences below the noise floor are none.
 */
import type { RunResult } from "#contract";
import { createRandom, RampartError } from "#shared";
import { blockLength, drawBlocks } from "./bootstrap.ts";
import { machineNotes } from "./same-machine.ts";
import { type FigureName, figuresOf, sharedEndpoints, type WindowTable, windowTable } from "./samples.ts";
import { normalProbability, studentQuantile } from "./student.ts";

const RESAMPLES = 1000;
/** Probability of at least one false finding in a whole comparison. */
const FAMILY_ERROR = 0.01;
/** Smallest relative difference of a latency that counts. */
const NOISE_FLOOR = 0.05;
/** Latencies closer than this are equal whatever their ratio, ms: the scheduler's own noise. */
const NOISE_FLOOR_MS = 0.2;
/** Smallest difference of failure rates that counts, percentage points. */
const ERROR_FLOOR_POINTS = 0.1;
/** Requests an endpoint needs on both sides before a figure of it is compared. */
const MIN_REQUESTS: Readonly<Record<FigureName, number>> = {
  mean: 50,
  p50: 50,
  p95: 200,
  p99: 1000,
  errors: 50,
};
const MIN_WINDOWS = 10;

/** Difference of one figure of one endpoint. */
export interface Difference {
  /** `METHOD name`, or `all requests`. */
  readonly endpoint: string;
  readonly figure: FigureName;
  /** ms; errors in %. */
  readonly baseline: number;
  readonly candidate: number;
  /** Relative change (0.1 = +10 %); for errors percentage points. */
  readonly change: number;
  /** Simultaneous 99 % confidence interval of the change. */
  readonly low: number;
  readonly high: number;
  readonly finding: "worse" | "better" | "none";
}

/** A whole comparison. */
export interface Comparison {
  readonly baseline: readonly string[];
  readonly candidate: readonly string[];
  readonly scenario: string;
  /** Worst first. */
  readonly differences: readonly Difference[];
  /** True when something got worse. */
  readonly isRegression: boolean;
  /** What makes the runs not comparable (machine, scenario, load), and what could not be compared. */
  readonly notes: readonly string[];
  /** Differences below this are noise (0.05 = 5 %): the fixed floor, or what repeats of one side differ among themselves. */
  readonly noiseFloor: number;
}

/** Options of {@link compareRuns}. */
export interface CompareOptions {
  readonly seed?: number;
  /** Least relative difference of a latency that counts. Default 0.05. */
  readonly noiseFloor?: number;
  /** Comparisons made together, which share the family-wise error. Default 1. */
  readonly comparisons?: number;
}

/**
 * Compares runs of one scenario. Several runs on a side are repeats: what they differ among themselves widens the
 * intervals. Cost: resamples x windows x buckets; about a second for ten endpoints.
 * @throws RMP_LAB_RESULT_INVALID when a side is empty, scenarios differ, or a file holds no windows
 */
export function compareRuns(
  baseline: readonly RunResult[],
  candidate: readonly RunResult[],
  options: CompareOptions = {},
): Comparison {
  const first = requireComparable(baseline, candidate);
  const last = candidate[0] ?? first;
  const noiseFloor = options.noiseFloor ?? NOISE_FLOOR;
  const tests = testsOf(baseline, candidate, first, last);
  const estimates = estimate(tests, baseline, candidate, options.seed ?? 1);
  const critical = criticalValue(estimates, FAMILY_ERROR / (options.comparisons ?? 1));
  const differences = estimates.map((entry) => toDifference(entry, critical, noiseFloor));
  return {
    baseline: baseline.map((result) => result.id),
    candidate: candidate.map((result) => result.id),
    scenario: first.scenario.name,
    differences: differences.sort((a, b) => rank(a) - rank(b) || b.change - a.change),
    isRegression: differences.some((difference) => difference.finding === "worse"),
    notes: [...machineNotes(first, last), ...skippedNotes(first, last, tests)],
    noiseFloor,
  };
}

interface Side {
  readonly tables: readonly WindowTable[];
}

interface Test {
  readonly endpoint: string;
  readonly figure: FigureName;
  readonly baseline: Side;
  readonly candidate: Side;
}

interface Estimate {
  readonly test: Test;
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly standardError: number;
  /** Studentised resampled changes. */
  readonly resampled: Float64Array;
  readonly degreesOfFreedom: number;
}

function requireComparable(baseline: readonly RunResult[], candidate: readonly RunResult[]): RunResult {
  const [first] = baseline;
  const refuse = (what: string) => new RampartError("RMP_LAB_RESULT_INVALID", what);
  if (first === undefined || candidate.length === 0) throw refuse("name at least two runs to compare");
  for (const result of [...baseline, ...candidate]) {
    if (result.scenario.name !== first.scenario.name)
      throw refuse(`cannot compare "${first.scenario.name}" with "${result.scenario.name}"`);
    if ((result.windows?.length ?? 0) < MIN_WINDOWS)
      throw refuse(
        `${result.id} is too short or holds no windows: a comparison needs at least ${MIN_WINDOWS} seconds`,
      );
  }
  return first;
}

function testsOf(
  baseline: readonly RunResult[],
  candidate: readonly RunResult[],
  first: RunResult,
  last: RunResult,
): Test[] {
  const endpoints = [null, ...sharedEndpoints(first, last)];
  return endpoints.flatMap((endpoint) => {
    const before = { tables: baseline.map((result) => windowTable(result, endpoint)) };
    const after = { tables: candidate.map((result) => windowTable(result, endpoint)) };
    const requests = Math.min(requestsOf(before), requestsOf(after));
    return (Object.keys(MIN_REQUESTS) as FigureName[])
      .filter((figure) => requests >= MIN_REQUESTS[figure])
      .map((figure) => ({
        endpoint: endpoint ?? "all requests",
        figure,
        baseline: before,
        candidate: after,
      }));
  });
}

/** Estimates every test; figures of one endpoint and resample come from the same draw. */
function estimate(
  tests: readonly Test[],
  baseline: readonly RunResult[],
  candidate: readonly RunResult[],
  seed: number,
): Estimate[] {
  const random = createRandom(seed);
  const blocks = new Map<RunResult, number>();
  for (const result of [...baseline, ...candidate])
    blocks.set(result, blockLength(meansOf(windowTable(result, null))));
  const draws = Array.from({ length: RESAMPLES }, () =>
    [baseline, candidate].map((side) =>
      side.map((result) => drawBlocks(result.windows?.length ?? 0, blocks.get(result) ?? 1, random)),
    ),
  );
  const known = new Map<Side, Record<FigureName, number>[]>();
  const drawn = (side: Side, index: number) => {
    const figures = known.get(side) ?? draws.map((draw) => pooled(side, draw[index] ?? []));
    known.set(side, figures);
    return figures;
  };
  const fewestBlocks = [baseline, candidate].map((side) =>
    side.reduce((sum, result) => sum + (result.windows?.length ?? 0) / (blocks.get(result) ?? 1), 0),
  );
  const degreesOfFreedom = Math.max(4, fewestBlocks.reduce((sum, count) => sum + count, 0) - 2);
  return tests.map((test) => {
    const ones = (side: Side) => side.tables.map((table) => new Float64Array(table.counts.length).fill(1));
    const before = pooled(test.baseline, ones(test.baseline))[test.figure];
    const after = pooled(test.candidate, ones(test.candidate))[test.figure];
    const change = changeOf(test.figure, before, after);
    const [beforeDrawn, afterDrawn] = [drawn(test.baseline, 0), drawn(test.candidate, 1)];
    const changes = Float64Array.from(beforeDrawn, (figures, index) =>
      changeOf(test.figure, figures[test.figure], afterDrawn[index]?.[test.figure] ?? Number.NaN),
    ).filter((value) => Number.isFinite(value));
    const standardError = Math.hypot(deviation(changes), repeatError(test, before));
    const centre = changes.reduce((sum, value) => sum + value, 0) / Math.max(1, changes.length);
    const resampled = changes.map((value) => (standardError === 0 ? 0 : (value - centre) / standardError));
    return { test, before, after, change, standardError, resampled, degreesOfFreedom };
  });
}

/** The figure of all runs of a side together. */
function pooled(side: Side, weights: readonly Float64Array[]): Record<FigureName, number> {
  const figures = side.tables.map((table, index) => figuresOf(table, weights[index] ?? new Float64Array()));
  const mean = (pick: (figure: Record<FigureName, number>) => number) =>
    figures.reduce((sum, figure) => sum + pick(figure), 0) / figures.length;
  return {
    mean: mean((figure) => figure.mean),
    p50: mean((figure) => figure.p50),
    p95: mean((figure) => figure.p95),
    p99: mean((figure) => figure.p99),
    errors: mean((figure) => figure.errors),
  };
}

/** Standard error of the change from how repeats of a side differ; 0 with one run a side. */
function repeatError(test: Test, before: number): number {
  const side = ({ tables }: Side) => {
    if (tables.length < 2) return 0;
    const values = tables.map((table) => {
      const figure = figuresOf(table, new Float64Array(table.counts.length).fill(1))[test.figure];
      return test.figure === "errors" ? figure : figure / before;
    });
    return deviation(Float64Array.from(values)) / Math.sqrt(tables.length);
  };
  return Math.hypot(side(test.baseline), side(test.candidate));
}

/**
 * How many standard errors a change must exceed: the quantile of the largest studentised change over all tests, widened
 * from the normal to Student's distribution since the standard errors come from few blocks.
 */
function criticalValue(estimates: readonly Estimate[], familyError: number): number {
  const largest = Array.from({ length: RESAMPLES }, (_, index) =>
    estimates.reduce((most, entry) => Math.max(most, Math.abs(entry.resampled[index] ?? 0)), 0),
  ).sort((a, b) => a - b);
  const normal = largest[Math.ceil((1 - familyError) * RESAMPLES) - 1] ?? 0;
  const oneSided = Math.max(1e-7, 1 - normalProbability(normal));
  const fewest = Math.min(...estimates.map((entry) => entry.degreesOfFreedom));
  return Math.max(normal, studentQuantile(1 - oneSided, fewest));
}

function toDifference(entry: Estimate, critical: number, noiseFloor: number): Difference {
  const { test, before, after, change, standardError } = entry;
  const low = change - critical * standardError;
  const high = change + critical * standardError;
  const isLarge =
    test.figure === "errors"
      ? Math.abs(change) >= ERROR_FLOOR_POINTS
      : Math.abs(change) >= noiseFloor && Math.abs(after - before) >= NOISE_FLOOR_MS;
  const finding = !isLarge ? "none" : low > 0 ? "worse" : high < 0 ? "better" : "none";
  return {
    endpoint: test.endpoint,
    figure: test.figure,
    baseline: before,
    candidate: after,
    change,
    low,
    high,
    finding,
  };
}

function changeOf(figure: FigureName, before: number, after: number): number {
  return figure === "errors" ? after - before : after / before - 1;
}

function requestsOf(side: Side): number {
  return side.tables.reduce((sum, table) => sum + table.counts.reduce((total, count) => total + count, 0), 0);
}

function meansOf(table: WindowTable): number[] {
  return [...table.counts].flatMap((count, index) =>
    count === 0 ? [] : [(table.sumsUs[index] ?? 0) / count],
  );
}

function deviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function skippedNotes(first: RunResult, last: RunResult, tests: readonly Test[]): string[] {
  const compared = new Set(tests.map((test) => test.endpoint));
  const skipped = sharedEndpoints(first, last).filter((endpoint) => !compared.has(endpoint));
  const lonely = [...first.requests, ...last.requests]
    .map((stats) => `${stats.method} ${stats.name}`)
    .filter((name) => !sharedEndpoints(first, last).includes(name));
  return [
    ...(skipped.length === 0 ? [] : [`Too few requests to compare: ${skipped.join(", ")}.`]),
    ...(lonely.length === 0 ? [] : [`Only in one of the runs: ${[...new Set(lonely)].join(", ")}.`]),
  ];
}

function rank(difference: Difference): number {
  return ["worse", "better", "none"].indexOf(difference.finding);
}
