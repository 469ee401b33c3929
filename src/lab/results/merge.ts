import type { CheckStats, ErrorStats, MetricData, RequestStats, RunResult, SeriesPoint } from "#contract";
import { RUN_SCHEMA_VERSION } from "#contract";
import { RampartError } from "#shared";
import { mergeHistograms } from "./histogram.ts";
import { mergeStats } from "./select.ts";

/**
 * One result out of several that ran at the same time (one scenario over several machines) or one after the other:
 * counts and histograms exactly, the series on one wall-clock axis.
 *
 * Percentiles of a second in which more than one run finished requests are unknown (a percentile of percentiles is
 * none) and become null; mean and maximum stay exact.
 * @throws RMP_LAB_RESULT_INVALID when there is none, or when scenarios differ
 */
export function mergeResults(results: readonly RunResult[]): RunResult {
  const first = results[0];
  if (first === undefined) throw new RampartError("RMP_LAB_RESULT_INVALID", "nothing to merge");
  if (results.length === 1) return first;
  const other = results.find((result) => result.scenario.name !== first.scenario.name);
  if (other !== undefined)
    throw new RampartError(
      "RMP_LAB_RESULT_INVALID",
      `cannot merge runs of "${first.scenario.name}" and "${other.scenario.name}"`,
    );
  const startedAtMs = Math.min(...results.map((result) => result.startedAtMs));
  const endedAtMs = Math.max(...results.map((result) => result.endedAtMs));
  const requests = mergeNames(results);
  const invalid = results.flatMap((result) => result.health.reasons);
  const scenarioFailures = results.flatMap((result) => result.scenarioFailures ?? []);
  const total = mergeStats(results.map((result) => result.total));
  const series = mergeSeries(results, startedAtMs);
  // Windows of runs at the same time overlap, and a comparison takes the runs themselves.
  const { windows: _windows, thresholds: _thresholds, verdict: _verdict, ...rest } = first;
  return {
    ...rest,
    schemaVersion: RUN_SCHEMA_VERSION,
    id: `${first.id}-merged`,
    scenario: {
      ...first.scenario,
      notes: [
        ...new Set(results.flatMap((result) => result.scenario.notes)),
        `merged from ${results.length} runs`,
      ],
    },
    startedAtMs,
    endedAtMs,
    stoppedEarly: results.some((result) => result.stoppedEarly),
    plan: {
      ...first.plan,
      users: series.reduce(
        (most, point) => Math.max(most, point.users),
        Math.max(...results.map((result) => result.plan.users)),
      ),
      spawnRatePerSec: results.reduce((sum, result) => sum + result.plan.spawnRatePerSec, 0),
      workers: results.reduce((sum, result) => sum + result.plan.workers, 0),
    },
    requests,
    total: total ?? first.total,
    series,
    errors: mergeErrors(results.flatMap((result) => result.errors)),
    exceptions: results.flatMap((result) => result.exceptions),
    checks: mergeChecks(results.flatMap((result) => result.checks)),
    metrics: mergeMetrics(results.flatMap((result) => result.metrics)),
    health: {
      verdict: results.some((result) => result.health.verdict === "invalid") ? "invalid" : "valid",
      reasons: [...new Set(invalid)],
      eventLoopDelayP99Ms: Math.max(...results.map((result) => result.health.eventLoopDelayP99Ms)),
      cpuPercent: Math.max(...results.map((result) => result.health.cpuPercent)),
      scheduleLagP99Ms: Math.max(...results.map((result) => result.health.scheduleLagP99Ms)),
      undelivered: results.reduce((sum, result) => sum + result.health.undelivered, 0),
      connectionsOpened: results.reduce((sum, result) => sum + result.health.connectionsOpened, 0),
    },
    observed: mergeObserved(results, startedAtMs),
    ...(scenarioFailures.length > 0 ? { scenarioFailures } : {}),
  };
}

function mergeNames(results: readonly RunResult[]): RequestStats[] {
  const byName = groupBy(
    results.flatMap((result) => result.requests),
    (stats) => `${stats.method} ${stats.name}`,
  );
  return [...byName.values()].flatMap((parts) => mergeStats(parts) ?? []);
}

function mergeSeries(results: readonly RunResult[], startedAtMs: number): SeriesPoint[] {
  const shifted = results.flatMap((result) => {
    const shiftSec = Math.round((result.startedAtMs - startedAtMs) / 1000);
    return result.series.map((point) => ({ ...point, tSec: point.tSec + shiftSec }));
  });
  const bySecond = groupBy(shifted, (point) => point.tSec);
  return [...bySecond].sort((a, b) => a[0] - b[0]).map(([tSec, points]) => mergePoint(tSec, points));
}

function mergePoint(tSec: number, points: readonly SeriesPoint[]): SeriesPoint {
  const sum = (pick: (point: SeriesPoint) => number) =>
    points.reduce((total, point) => total + pick(point), 0);
  const filled = points.filter((point) => point.requests > 0);
  const only = filled.length === 1 ? filled[0] : undefined;
  const requests = sum((point) => point.requests);
  return {
    tSec,
    users: sum((point) => point.users),
    requests,
    failures: sum((point) => point.failures),
    p50Ms: only?.p50Ms ?? null,
    p95Ms: only?.p95Ms ?? null,
    p99Ms: only?.p99Ms ?? null,
    maxMs: filled.length === 0 ? null : Math.max(...filled.map((point) => point.maxMs ?? 0)),
    meanMs: requests === 0 ? null : sum((point) => (point.meanMs ?? 0) * point.requests) / requests,
  };
}

function mergeErrors(errors: readonly ErrorStats[]): ErrorStats[] {
  const byKey = groupBy(errors, (error) =>
    JSON.stringify([error.method, error.name, error.family, error.message]),
  );
  return [...byKey.values()].flatMap((parts) => {
    const first = parts[0];
    if (first === undefined) return [];
    return {
      ...first,
      count: parts.reduce((sum, error) => sum + error.count, 0),
      firstSeenMs: Math.min(...parts.map((error) => error.firstSeenMs)),
      lastSeenMs: Math.max(...parts.map((error) => error.lastSeenMs)),
    };
  });
}

function mergeChecks(checks: readonly CheckStats[]): CheckStats[] {
  return [...groupBy(checks, (check) => check.name)].map(([name, parts]) => ({
    name,
    passes: parts.reduce((sum, check) => sum + check.passes, 0),
    fails: parts.reduce((sum, check) => sum + check.fails, 0),
  }));
}

function mergeMetrics(metrics: readonly MetricData[]): MetricData[] {
  return [...groupBy(metrics, (metric) => metric.name).values()].flatMap((parts) => {
    const first = parts[0];
    const last = parts.at(-1);
    if (first === undefined || last === undefined) return [];
    const count = parts.reduce((sum, metric) => sum + metric.count, 0);
    const weighted = parts.reduce((sum, metric) => sum + metric.value * metric.count, 0) / Math.max(1, count);
    const histograms = parts.flatMap((metric) => (metric.histogram === undefined ? [] : [metric.histogram]));
    const value =
      first.kind === "counter"
        ? parts.reduce((sum, metric) => sum + metric.value, 0)
        : first.kind === "gauge"
          ? last.value
          : weighted;
    return [
      {
        ...first,
        value,
        count,
        ...(histograms.length > 0 ? { histogram: mergeHistograms(histograms) } : {}),
      },
    ];
  });
}

function mergeObserved(results: readonly RunResult[], startedAtMs: number): RunResult["observed"] {
  const merged: Record<string, (readonly [number, number])[]> = {};
  for (const result of results) {
    const shiftSec = (result.startedAtMs - startedAtMs) / 1000;
    for (const [name, samples] of Object.entries(result.observed)) {
      const target = (merged[name] ??= []);
      for (const [tSec, value] of samples) target.push([tSec + shiftSec, value]);
    }
  }
  for (const samples of Object.values(merged)) samples.sort((a, b) => a[0] - b[0]);
  return merged;
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
