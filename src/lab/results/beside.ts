import type { BesideFigures, MetricData, PlainFigures, RequestStats, RunResult } from "#contract";
import type { Beside } from "#load";
import { maxMs, meanMs, percentileMs } from "./histogram.ts";
import { durationSec } from "./select.ts";

/** Puts the figures of the run beside into a result, and the speed-up that the scenario asks for. */
export function withBeside(result: RunResult, other: RunResult, spec: Beside): RunResult {
  const names = result.requests.filter((stats) => find(other, stats) !== undefined);
  const rows: BesideFigures["rows"] = [
    ...names.map((stats) => ({
      name: stats.name,
      here: figuresOf(stats, result),
      there: figuresOf(find(other, stats) ?? stats, other),
    })),
    { name: "Aggregated", here: figuresOf(result.total, result), there: figuresOf(other.total, other) },
  ];
  return {
    ...result,
    metrics: [...result.metrics, ...speedUpOf(rows, spec)],
    beside: { label: spec.label, runId: other.id, isValid: other.health.verdict === "valid", rows },
  };
}

/** Mean latency there over mean latency here; nothing when either was not exercised. */
function speedUpOf(rows: BesideFigures["rows"], { speedUp }: Beside): MetricData[] {
  const row = rows.find(({ name }) => name === speedUp?.name);
  const [here, there] = [row?.here.meanMs ?? 0, row?.there.meanMs ?? 0];
  if (speedUp === undefined || row === undefined || here <= 0 || there <= 0) return [];
  return [{ name: speedUp.metric, kind: "gauge", value: there / here, count: row.here.requests, unit: "x" }];
}

function find(result: RunResult, like: RequestStats): RequestStats | undefined {
  return result.requests.find(
    (stats) => stats.name === like.name && stats.method === like.method && stats.count > 0,
  );
}

function figuresOf(stats: RequestStats, result: RunResult): PlainFigures {
  const { fromDue } = stats;
  return {
    requests: stats.count,
    failurePercent: stats.count === 0 ? 0 : (100 * stats.failures) / stats.count,
    meanMs: meanMs(fromDue),
    p50Ms: percentileMs(fromDue, 50),
    p95Ms: percentileMs(fromDue, 95),
    p99Ms: percentileMs(fromDue, 99),
    maxMs: maxMs(fromDue),
    requestsPerSec: stats.count / durationSec(result),
  };
}
