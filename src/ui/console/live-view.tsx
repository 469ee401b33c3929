import { useMemo, useState } from "preact/hooks";
import type { LabLive, LabLiveRow, LabRun, SeriesPoint } from "#contract";
import { Chart, type ChartModel } from "../parts/chart.tsx";
import { formatClock, formatNumber, formatValue } from "../parts/format.ts";
import { CheckTable, ErrorTable, ExceptionTable } from "../parts/run-tables.tsx";
import { Table } from "../parts/table.tsx";
import { call } from "./api.ts";

const TABS = ["Statistics", "Charts", "Failures", "Exceptions", "Checks", "Workers", "Log"] as const;
type Tab = (typeof TABS)[number];

/** The running (or last) test: figures, then one of its tables or its charts. */
export function LiveView(props: {
  readonly run: LabRun;
  readonly live: LabLive;
  readonly log: readonly string[];
}) {
  const { run, live, log } = props;
  const [tab, setTab] = useState<Tab>("Charts");
  const isRunning = run.state === "running" || run.state === "spawning";
  return (
    <>
      <div class="figures">
        <Figure label={`${run.state} · ${run.scenario}`} value={progressOf(live)} />
        <Figure label={`users of ${formatNumber(live.targetUsers)}`} value={formatNumber(live.users)} />
        <Figure label="requests per second" value={formatNumber(live.total.currentRps)} />
        <Figure
          label="failures"
          value={`${formatNumber(live.total.failures)} of ${formatNumber(live.total.requests)}`}
        />
        <Figure label="median, last 10 s" value={formatValue(live.current.p50Ms, "ms")} />
        <Figure label="P95, last 10 s" value={formatValue(live.current.p95Ms, "ms")} />
        <Figure label="P99, last 10 s" value={formatValue(live.current.p99Ms, "ms")} />
        <Figure label="generator lag P99" value={formatValue(live.scheduleLagP99Ms, "ms")} />
      </div>
      {isRunning && <UserSteps users={live.targetUsers} />}
      <section class="panel">
        <div class="row" role="tablist" style="margin-bottom: 12px">
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === tab}
              class={name === tab ? "primary" : ""}
              onClick={() => setTab(name)}
            >
              {name}
              {countOf(name, live)}
            </button>
          ))}
        </div>
        <TabContent tab={tab} run={run} live={live} log={log} />
      </section>
    </>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div class="figure">
      <span>{label}</span>
      <b>{value}</b>
    </div>
  );
}

function UserSteps({ users }: { readonly users: number }) {
  const step = (by: number) => (
    <button type="button" onClick={() => void call("api/run/users", { users: Math.max(0, users + by) })}>
      {by > 0 ? `+${by}` : by}
    </button>
  );
  return (
    <div class="row" style="margin-top: 12px">
      <span class="muted">Users</span>
      {[-10, -1, 1, 10].map(step)}
      <button type="button" onClick={() => void call("api/run/reset", {})}>
        Reset statistics
      </button>
    </div>
  );
}

function TabContent(props: {
  readonly tab: Tab;
  readonly run: LabRun;
  readonly live: LabLive;
  readonly log: readonly string[];
}) {
  const { tab, run, live, log } = props;
  switch (tab) {
    case "Statistics":
      return <Statistics live={live} />;
    case "Charts":
      return <Charts series={run.series} />;
    case "Failures":
      return <ErrorTable rows={live.errors} />;
    case "Exceptions":
      return <ExceptionTable rows={live.exceptions} />;
    case "Checks":
      return <CheckTable rows={live.checks} />;
    case "Workers":
      return (
        <Table
          rows={live.workers}
          columns={[
            { title: "Worker", value: (row) => row.id },
            { title: "State", value: (row) => row.state },
            { title: "Users", value: (row) => row.users },
            { title: "CPU %", value: (row) => row.cpuPercent },
            { title: "Memory MiB", value: (row) => row.memoryBytes / 2 ** 20 },
          ]}
        />
      );
    case "Log":
      return <pre class="text">{log.length === 0 ? "Nothing was logged." : log.join("\n")}</pre>;
  }
}

function Statistics({ live }: { readonly live: LabLive }) {
  return (
    <Table<LabLiveRow>
      rows={live.rows}
      total={{ ...live.total, method: "", name: "Aggregated" }}
      columns={[
        { title: "Method", value: (row) => row.method },
        { title: "Name", value: (row) => row.name, render: (row) => <span class="mono">{row.name}</span> },
        { title: "Requests", value: (row) => row.requests },
        { title: "Failures", value: (row) => row.failures },
        { title: "Median ms", value: (row) => row.medianMs },
        { title: "P95 ms", value: (row) => row.p95Ms },
        { title: "P99 ms", value: (row) => row.p99Ms },
        { title: "Average ms", value: (row) => row.averageMs },
        { title: "Min ms", value: (row) => row.minMs },
        { title: "Max ms", value: (row) => row.maxMs },
        { title: "Mean bytes", value: (row) => row.averageBodyBytes },
        { title: "Req/s now", value: (row) => row.currentRps },
        { title: "Failures/s now", value: (row) => row.currentFailuresPerSec },
      ]}
    />
  );
}

function Charts({ series }: { readonly series: readonly SeriesPoint[] }) {
  const charts = useMemo(() => toCharts(series), [series]);
  return (
    <div class="grid">
      {charts.map(({ title, model }) => (
        <div key={title}>
          <h2>{title}</h2>
          <Chart model={model} heightPx={210} />
        </div>
      ))}
    </div>
  );
}

function toCharts(series: readonly SeriesPoint[]): { title: string; model: ChartModel }[] {
  const base = {
    kind: "line" as const,
    xUnit: "s",
    rightUnit: null,
    x: series.map(({ tSec }) => tSec),
    bands: [],
    bounds: [],
  };
  const values = (pick: (point: SeriesPoint) => number | null) => series.map(pick);
  return [
    {
      title: "Requests per second",
      model: {
        ...base,
        unit: "/s",
        series: [
          { label: "requests", role: "rate", axis: "left", values: values((point) => point.requests) },
          { label: "failures", role: "failure", axis: "left", values: values((point) => point.failures) },
        ],
      },
    },
    {
      title: "Latency of each second",
      model: {
        ...base,
        unit: "ms",
        series: [
          { label: "median", role: "p50", axis: "left", values: values((point) => point.p50Ms) },
          { label: "P95", role: "p95", axis: "left", values: values((point) => point.p95Ms) },
          { label: "P99", role: "p99", axis: "left", values: values((point) => point.p99Ms) },
        ],
      },
    },
    {
      title: "Users",
      model: {
        ...base,
        unit: "",
        series: [{ label: "users", role: "users", axis: "left", values: values((point) => point.users) }],
      },
    },
  ];
}

function progressOf(live: LabLive): string {
  const now = formatClock(live.elapsedSec);
  return live.runTimeSec === null ? now : `${now} / ${formatClock(live.runTimeSec)}`;
}

function countOf(tab: Tab, live: LabLive): string {
  const counts: Partial<Record<Tab, number>> = {
    Failures: live.errors.length,
    Exceptions: live.exceptions.length,
  };
  const count = counts[tab] ?? 0;
  return count > 0 ? ` (${count})` : "";
}
