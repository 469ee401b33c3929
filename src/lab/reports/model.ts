import {
  type HistogramData,
  REPORT_VERSION,
  type ReportFact,
  type ReportModel,
  type ReportRequestRow,
  type ReportTable,
  type RequestStats,
  type RunResult,
  type RunVerdict,
} from "#contract";
import { formatBytes, formatTimeSpan } from "#shared";
import { EMPTY_HISTOGRAM, maxMs, meanMs, minMs, percentileMs } from "../results/histogram.ts";
import { quantileInterval } from "../results/quantile-interval.ts";
import { durationSec, peakUsers } from "../results/select.ts";
import { growthOf, hoursOf } from "../soak/soak-figures.ts";
import type { TargetTable } from "../targets/types.ts";
import { phasesOf } from "../verdict/phases.ts";
import { chartsOf } from "./charts.ts";
import { msText, percentText, rateText, timeText } from "./format.ts";
import { sortRequests } from "./locust-csv.ts";
import { summarise } from "./summary.ts";

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
    tables: [...phaseTables(result), ...soakTables(result), ...trendTables(result)],
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

/** Figures per phase of a run with bursts; percentiles are the median over the phase's seconds and say so. */
function phaseTables(result: RunResult): ReportTable[] {
  const phases = phasesOf(result);
  if (phases.length < 2) return [];
  const rows = phases.map((phase) => {
    const points = result.series.filter((point) => point.tSec >= phase.fromSec && point.tSec < phase.toSec);
    const requests = points.reduce((sum, point) => sum + point.requests, 0);
    const failures = points.reduce((sum, point) => sum + point.failures, 0);
    const mean = points.reduce((sum, point) => sum + (point.meanMs ?? 0) * point.requests, 0);
    const p95 = points.flatMap((point) => (point.p95Ms === null ? [] : [point.p95Ms])).sort((a, b) => a - b);
    return [
      phase.kind,
      `${phase.fromSec}-${phase.toSec} s`,
      String(requests),
      percentText(requests === 0 ? 0 : (100 * failures) / requests),
      msText(requests === 0 ? null : mean / requests),
      msText(p95[Math.floor(p95.length / 2)] ?? null),
      rateText(requests / Math.max(1, phase.toSec - phase.fromSec)),
    ];
  });
  return [
    {
      id: "phases",
      title: "Phases",
      columns: ["Phase", "Time", "Requests", "Failures", "Average", "P95 (median second)", "Rate"],
      rows,
      note: "Bursts are the seconds with more than half of the peak's users; recovery lasts until latency and failures are back to those before the first burst.",
    },
  ];
}

/** Hour by hour and what grows, for runs of more than an hour; growth alone for shorter ones that can be judged. */
function soakTables(result: RunResult): ReportTable[] {
  const growth = Object.entries(growthOf(result)).filter(([, entry]) => entry.verdict !== "too-short");
  const growthTable: ReportTable = {
    id: "growth",
    title: "Growth",
    columns: ["Series", "Verdict", "Per hour", "99 % interval", "From", "To"],
    rows: growth.map(([name, entry]) => [
      name,
      entry.verdict,
      entry.slopePerHour.toPrecision(3),
      `${entry.lowPerHour.toPrecision(3)} to ${entry.highPerHour.toPrecision(3)}`,
      entry.from.toPrecision(4),
      entry.to.toPrecision(4),
    ]),
    note: "Robust slope of the lowest values after the first quarter of the run; bytes, counts or ms per hour.",
  };
  const hours = hoursOf(result);
  const hourTable: ReportTable = {
    id: "hours",
    title: "Hour by hour",
    columns: ["Hour", "Requests", "Failures", "Average", "P95 (median second)", "Memory"],
    rows: hours.map((hour) => [
      String(hour.hour),
      String(hour.requests),
      percentText(hour.requests === 0 ? 0 : (100 * hour.failures) / hour.requests),
      msText(hour.meanMs),
      msText(hour.p95Ms),
      hour.memoryBytes === null ? "-" : formatBytes(hour.memoryBytes),
    ]),
    note: "",
  };
  return [...(growth.length > 0 ? [growthTable] : []), ...(hours.length > 1 ? [hourTable] : [])];
}

/** Percentiles of the scenario's own times, each with its confidence interval. */
function trendTables(result: RunResult): ReportTable[] {
  const trends = result.metrics.filter((metric) => (metric.histogram?.count ?? 0) > 0);
  if (trends.length === 0) return [];
  const cell = (histogram: HistogramData, percentile: number) => {
    const interval = quantileInterval(histogram, percentile);
    return interval === null
      ? msText(percentileMs(histogram, percentile))
      : `${msText(interval.valueMs)} (${msText(interval.lowMs)} to ${msText(interval.highMs)})`;
  };
  return [
    {
      id: "trends",
      title: "Times measured by the scenario",
      columns: ["Name", "Samples", "Median", "P95", "P99", "Max"],
      rows: trends.map(({ name, histogram = EMPTY_HISTOGRAM }) => [
        name,
        String(histogram.count),
        ...[50, 95, 99].map((percentile) => cell(histogram, percentile)),
        msText(maxMs(histogram)),
      ]),
      note: "In brackets the 99 % confidence interval, without assumptions on the distribution.",
    },
  ];
}
