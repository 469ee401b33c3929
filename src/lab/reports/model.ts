import {
  REPORT_VERSION,
  type ReportFact,
  type ReportModel,
  type ReportRequestRow,
  type RequestStats,
  type RunResult,
  type RunVerdict,
} from "#contract";
import { formatBytes, formatTimeSpan } from "#shared";
import { maxMs, meanMs, minMs, percentileMs } from "../results/histogram.ts";
import { durationSec, peakUsers } from "../results/select.ts";
import type { TargetTable } from "../targets/types.ts";
import { chartsOf } from "./charts.ts";
import { timeText } from "./format.ts";
import { sortRequests } from "./locust-csv.ts";
import { summarise } from "./summary.ts";
import { tablesOf } from "./tables.ts";

/** What a report is made of. */
export interface ReportInput {
  readonly result: RunResult;
  /** Null when the run was not judged. */
  readonly verdict: RunVerdict | null;
  /** The tables that judged it; for bounds in the charts, published figures and notes. */
  readonly tables: readonly TargetTable[];
  readonly generatedAtMs: number;
}

/** Computes everything that the report page shows. O(series + buckets). */
export function buildReport(input: ReportInput): ReportModel {
  const { result, verdict, tables } = input;
  const summary = summarise(result, tables, verdict);
  const seconds = durationSec(result);
  return {
    reportVersion: REPORT_VERSION,
    runId: result.id,
    scenario: result.scenario.name,
    description: result.scenario.description,
    generatedAtMs: input.generatedAtMs,
    startedAtMs: result.startedAtMs,
    endedAtMs: result.endedAtMs,
    verdict,
    health: result.health,
    summary: summary.lines,
    publishedNote: summary.note,
    facts: factsOf(result),
    notes: [
      ...(result.stoppedEarly ? ["The run was stopped before the end of its plan."] : []),
      ...result.scenario.notes,
      ...tables.flatMap((table) => table.notes),
    ],
    requests: [
      ...sortRequests(result.requests).map((stats) => requestRow(stats, stats.method, stats.name, seconds)),
      requestRow(result.total, "", "Aggregated", seconds),
    ],
    charts: chartsOf(result, tables),
    tables: tablesOf(result),
    errors: [...result.errors].sort((a, b) => b.count - a.count),
    exceptions: result.exceptions,
    checks: result.checks,
    metrics: result.metrics,
    tasks: result.plan.tasks,
    environment: result.environment,
  };
}

function requestRow(stats: RequestStats, method: string, name: string, seconds: number): ReportRequestRow {
  const { fromDue, fromSent } = stats;
  return {
    method,
    name,
    requests: stats.count,
    failures: stats.failures,
    failurePercent: stats.count === 0 ? 0 : (100 * stats.failures) / stats.count,
    meanMs: meanMs(fromDue),
    minMs: minMs(fromDue),
    p50Ms: percentileMs(fromDue, 50),
    p90Ms: percentileMs(fromDue, 90),
    p95Ms: percentileMs(fromDue, 95),
    p99Ms: percentileMs(fromDue, 99),
    p999Ms: percentileMs(fromDue, 99.9),
    maxMs: maxMs(fromDue),
    sentP50Ms: percentileMs(fromSent, 50),
    sentP95Ms: percentileMs(fromSent, 95),
    sentP99Ms: percentileMs(fromSent, 99),
    requestsPerSec: stats.count / seconds,
    failuresPerSec: stats.failures / seconds,
    meanBodyBytes: stats.count === 0 ? 0 : stats.bodyBytes / stats.count,
  };
}

function factsOf(result: RunResult): ReportFact[] {
  const { plan, environment } = result;
  const fact = (label: string, value: string): ReportFact[] => (value === "" ? [] : [{ label, value }]);
  return [
    ...fact("Target", plan.host),
    ...fact("Started", timeText(result.startedAtMs)),
    ...fact("Duration", formatTimeSpan(durationSec(result))),
    ...fact("Load", plan.executors.join(", ")),
    ...fact("Users at peak", String(peakUsers(result))),
    ...fact("Spawn rate", plan.spawnRatePerSec > 0 ? `${plan.spawnRatePerSec}/s` : ""),
    ...fact("Mean wait", plan.meanWaitSec === null ? "open model" : `${plan.meanWaitSec.toPrecision(3)} s`),
    ...fact("Workers", String(plan.workers)),
    ...fact("Seed", String(result.scenario.seed)),
    ...fact("Scenario SHA-256", result.scenario.hash.slice(0, 16)),
    ...fact("Processor", environment.cores > 0 ? `${environment.cores} x ${environment.cpuModel}` : ""),
    ...fact("Memory", environment.memoryBytes > 0 ? formatBytes(environment.memoryBytes) : ""),
    ...fact("System", environment.platform),
    ...fact("Node", environment.nodeVersion),
    ...fact("Rampart", environment.rampartVersion),
    ...fact("Commit", environment.gitCommit?.slice(0, 12) ?? ""),
    ...fact(
      "Generator and target",
      environment.sameMachine ? "on the same machine" : "on different machines",
    ),
    ...Object.entries(environment.target).flatMap(([key, value]) => fact(`Target: ${key}`, value)),
  ];
}
