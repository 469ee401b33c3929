import type { HistogramData, PlainFigures, ReportTable, RunResult } from "#contract";
import { formatBytes } from "#shared";
import { EMPTY_HISTOGRAM, maxMs, percentileMs } from "../results/histogram.ts";
import { quantileInterval } from "../results/quantile-interval.ts";
import { growthOf, hoursOf } from "../soak/soak-figures.ts";
import { phasesOf } from "../verdict/phases.ts";
import { msText, percentText, rateText } from "./format.ts";

/** The tables of a report beyond the fixed ones: those that the run has figures for. */
export function tablesOf(result: RunResult): ReportTable[] {
  return [
    ...besideTables(result),
    ...faultTables(result),
    ...phaseTables(result),
    ...soakTables(result),
    ...trendTables(result),
  ];
}

/** This run and the one beside it, name by name. */
function besideTables({ beside }: RunResult): ReportTable[] {
  if (beside === undefined) return [];
  const row = (name: string, run: string, figures: PlainFigures) => [
    name,
    run,
    String(figures.requests),
    percentText(figures.failurePercent),
    ...[figures.meanMs, figures.p50Ms, figures.p95Ms, figures.p99Ms, figures.maxMs].map(msText),
    rateText(figures.requestsPerSec),
  ];
  return [
    {
      id: "beside",
      title: `Beside the same run ${beside.label}`,
      columns: ["Name", "Run", "Requests", "Failures", "Average", "Median", "P95", "P99", "Max", "Rate"],
      rows: beside.rows.flatMap(({ name, here, there }) => [
        row(name, "this run", here),
        row(name, beside.label, there),
      ]),
      note: `The other run is ${beside.runId}${beside.isValid ? "" : "; its generator fell behind, so its figures are not to be relied on"}.`,
    },
  ];
}

/** What was broken, how long it took to recover, and what it cost. */
function faultTables({ faults = [] }: RunResult): ReportTable[] {
  if (faults.length === 0) return [];
  return [
    {
      id: "faults",
      title: "Faults",
      columns: ["Fault", "Time", "Recovered after", "Requests failed"],
      rows: faults.map((fault) => [
        fault.label,
        `${fault.fromSec.toFixed(1)}-${fault.toSec.toFixed(1)} s`,
        fault.problem ??
          (fault.recoverySec === null ? "not within the run" : `${fault.recoverySec.toFixed(1)} s`),
        String(fault.requestsLost),
      ]),
      note: "Recovered: three seconds in a row with latency and failures as in the 30 s before the fault, counted from its end. Failed requests are counted from its begin to the recovery.",
    },
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
