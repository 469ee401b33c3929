import type { ReportBand, ReportChart, ReportSeries, RequestStats, RunResult, SeriesPoint } from "#contract";
import { percentileMs } from "../results/histogram.ts";
import { rowsFor } from "../targets/load.ts";
import { metricSpec } from "../targets/metrics.ts";
import type { TargetRow, TargetTable } from "../targets/types.ts";
import { phasesOf } from "../verdict/phases.ts";
import { coverageCharts } from "./coverage-chart.ts";
import { sortRequests } from "./locust-csv.ts";

/** Most points a time chart carries; longer runs are cut into equal bins. */
const MAX_POINTS = 1200;
/** Names shown in the chart of percentiles beside the total: those with the most requests. */
const MAX_DISTRIBUTIONS = 5;
/** Where the curve of percentiles is read. */
const CURVE_PERCENTILES = [0, 10, 25, 50, 66, 75, 80, 90, 95, 98, 99, 99.5, 99.9, 99.95, 99.99];
/** Charts of observed series at most, those that targets are judged by first. */
const MAX_OBSERVED = 24;
/** Bars of the distribution, equally wide up to the 99th percentile; the last one also holds all above. */
const BARS = 40;
const LAST_BAR_PERCENTILE = 99;

/** The charts of a report: rate, latency, users, errors, distribution and the observer's series. */
export function chartsOf(result: RunResult, tables: readonly TargetTable[]): ReportChart[] {
  const bins = binSeries(result.series);
  const bands = bandsOf(result);
  const rows = tables.flatMap((table) => [...rowsFor(table, result.scenario.name)]);
  return [
    ...(bins.length > 0
      ? [rateChart(bins, bands, rows), latencyChart(bins, bands, rows), errorChart(bins, bands)]
      : []),
    ...(result.total.fromDue.count > 0 ? [percentileChart(result), histogramChart(result)] : []),
    ...coverageCharts(result.coverage ?? [], bands),
    ...observedCharts(result, bands),
  ];
}

interface Bin extends SeriesPoint {
  /** Seconds that the bin holds. */
  readonly seconds: number;
}

/** Cuts long series into bins: counts add up, percentiles and maximum are those of the bin's worst second. */
function binSeries(series: readonly SeriesPoint[]): Bin[] {
  const size = Math.max(1, Math.ceil(series.length / MAX_POINTS));
  const bins: Bin[] = [];
  for (let start = 0; start < series.length; start += size) {
    const part = series.slice(start, start + size);
    const first = part[0];
    if (first === undefined) break;
    const sum = (pick: (point: SeriesPoint) => number) =>
      part.reduce((total, point) => total + pick(point), 0);
    const worst = (pick: (point: SeriesPoint) => number | null) =>
      part.reduce<number | null>((most, point) => {
        const value = pick(point);
        return value === null ? most : Math.max(most ?? value, value);
      }, null);
    const requests = sum((point) => point.requests);
    bins.push({
      tSec: first.tSec,
      seconds: part.length,
      users: part.reduce((most, point) => Math.max(most, point.users), 0),
      requests,
      failures: sum((point) => point.failures),
      p50Ms: worst((point) => point.p50Ms),
      p95Ms: worst((point) => point.p95Ms),
      p99Ms: worst((point) => point.p99Ms),
      maxMs: worst((point) => point.maxMs),
      meanMs: requests === 0 ? null : sum((point) => (point.meanMs ?? 0) * point.requests) / requests,
    });
  }
  return bins;
}

function rateChart(
  bins: readonly Bin[],
  bands: readonly ReportBand[],
  rows: readonly TargetRow[],
): ReportChart {
  return {
    id: "rate",
    title: "Requests and users",
    caption: "Requests finished per second, failed ones included, and the users running at that time.",
    kind: "line",
    xUnit: "s",
    unit: "req/s",
    rightUnit: "users",
    x: bins.map((bin) => bin.tSec),
    series: [
      line(
        "Requests",
        "rate",
        bins.map((bin) => bin.requests / bin.seconds),
      ),
      line(
        "Failures",
        "failure",
        bins.map((bin) => bin.failures / bin.seconds),
      ),
      {
        ...line(
          "Users",
          "users",
          bins.map((bin) => bin.users),
        ),
        axis: "right",
      },
    ],
    bands,
    bounds: boundsOf(rows, ["rate"]),
  };
}

function latencyChart(
  bins: readonly Bin[],
  bands: readonly ReportBand[],
  rows: readonly TargetRow[],
): ReportChart {
  const isBinned = bins.some((bin) => bin.seconds > 1);
  return {
    id: "latency",
    title: "Latency over time",
    caption: isBinned
      ? "Percentiles of each second from when a request was due; each point is the worst second of its stretch."
      : "Percentiles of each second, from when a request was due.",
    kind: "line",
    xUnit: "s",
    unit: "ms",
    rightUnit: null,
    x: bins.map((bin) => bin.tSec),
    series: [
      line(
        "Median",
        "p50",
        bins.map((bin) => bin.p50Ms),
      ),
      line(
        "P95",
        "p95",
        bins.map((bin) => bin.p95Ms),
      ),
      line(
        "P99",
        "p99",
        bins.map((bin) => bin.p99Ms),
      ),
      line(
        "Max",
        "max",
        bins.map((bin) => bin.maxMs),
      ),
    ],
    bands,
    bounds: boundsOf(rows, ["p50", "p95", "p99"]),
  };
}

function errorChart(bins: readonly Bin[], bands: readonly ReportBand[]): ReportChart {
  return {
    id: "errors",
    title: "Failures",
    caption: "Failed requests in % of the requests of each second.",
    kind: "line",
    xUnit: "s",
    unit: "%",
    rightUnit: null,
    x: bins.map((bin) => bin.tSec),
    series: [
      line(
        "Failures",
        "failure",
        bins.map((bin) => (bin.requests === 0 ? null : (100 * bin.failures) / bin.requests)),
      ),
    ],
    bands,
    bounds: [],
  };
}

function percentileChart(result: RunResult): ReportChart {
  const busiest = [...result.requests]
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_DISTRIBUTIONS)
    .filter((stats) => stats.count > 0);
  const curve = (stats: RequestStats) =>
    CURVE_PERCENTILES.map((percentile) => percentileMs(stats.fromDue, percentile));
  return {
    id: "distribution",
    title: "Latency by percentile",
    caption: "How long the fastest so many per cent of the requests took at most.",
    kind: "percentiles",
    xUnit: "%",
    unit: "ms",
    rightUnit: null,
    x: CURVE_PERCENTILES,
    series: [
      line("All requests", "p95", curve(result.total)),
      ...sortRequests(busiest).map((stats) => line(`${stats.method} ${stats.name}`, "neutral", curve(stats))),
    ],
    bands: [],
    bounds: [],
  };
}

function histogramChart(result: RunResult): ReportChart {
  const { fromDue } = result.total;
  const endMs = percentileMs(fromDue, LAST_BAR_PERCENTILE) ?? 0;
  const widthMs = Math.max(endMs / BARS, 0.001);
  const counts = new Array<number>(BARS + 1).fill(0);
  for (const [valueUs, count] of fromDue.buckets) {
    const bar = Math.min(BARS, Math.floor(valueUs / 1000 / widthMs));
    counts[bar] = (counts[bar] ?? 0) + count;
  }
  return {
    id: "histogram",
    title: "Distribution",
    caption: `Requests by latency in steps of ${widthMs.toPrecision(3)} ms; the last bar holds all beyond the 99th percentile.`,
    kind: "bars",
    xUnit: "ms",
    unit: "requests",
    rightUnit: null,
    x: counts.map((_count, bar) => bar * widthMs),
    series: [line("Requests", "rate", counts)],
    bands: [],
    bounds: [],
  };
}

function observedCharts(result: RunResult, bands: readonly ReportBand[]): ReportChart[] {
  return Object.entries(result.observed)
    .filter(([, samples]) => samples.length > 0)
    .sort(([a], [b]) => Number(a.includes(".")) - Number(b.includes(".")))
    .slice(0, MAX_OBSERVED)
    .map(([name, samples]) => {
      const step = Math.max(1, Math.ceil(samples.length / MAX_POINTS));
      const shown = samples.filter((_, index) => index % step === 0);
      return {
        id: `observed-${name}`,
        title: name.replaceAll("_", " "),
        caption: "Sampled from the system under test.",
        kind: "line" as const,
        xUnit: "s",
        unit: unitOfSeries(name),
        rightUnit: null,
        x: shown.map(([tSec]) => tSec),
        series: [
          line(
            name,
            "neutral",
            shown.map(([, value]) => value),
          ),
        ],
        bands,
        bounds: [],
      };
    });
}

function unitOfSeries(name: string): string {
  const suffix = /_(percent|bytes|ms|sec|total)$/.exec(name)?.[1] ?? "";
  return { percent: "%", bytes: "bytes", ms: "ms", sec: "s" }[suffix] ?? "";
}

function bandsOf(result: RunResult): ReportBand[] {
  const phases = phasesOf(result);
  const faults = (result.faults ?? []).map(
    ({ label, fromSec, toSec }): ReportBand => ({
      label,
      fromSec,
      toSec: Math.max(toSec, fromSec + 1),
      kind: "fault",
    }),
  );
  return [
    ...phases
      .filter((phase) => phase.kind !== "normal")
      .map(
        (phase): ReportBand => ({
          label: phase.kind,
          fromSec: phase.fromSec,
          toSec: phase.toSec,
          kind: "phase",
        }),
      ),
    ...faults,
  ];
}

function boundsOf(rows: readonly TargetRow[], metrics: readonly string[]): ReportChart["bounds"] {
  return rows
    .filter((row) => metrics.includes(row.metric) && row.endpoints.length === 0 && row.level === "critical")
    .map((row) => ({
      label: `${row.metric.toUpperCase()} ${row.op} ${row.bound} ${row.unit}`,
      value: row.bound * (metricSpec(row.metric)?.units[row.unit] ?? 1),
    }));
}

function line(label: string, role: ReportSeries["role"], values: readonly (number | null)[]): ReportSeries {
  return { label, role, values, axis: "left" };
}
