import { useState } from "preact/hooks";
import type { DetectionResultEvent, MonitorLevel } from "#contract";
import { formatNumber, formatValue } from "../parts/format.ts";
import { Table } from "../parts/table.tsx";
import { type MonitorView, useMonitor } from "./use-monitor.ts";

const STATE_BADGES: Readonly<Record<MonitorView["state"], { readonly tone: string; readonly text: string }>> =
  {
    connecting: { tone: "warn", text: "connecting…" },
    live: { tone: "pass", text: "live" },
    lost: { tone: "fail", text: "connection lost, trying again" },
  };

const LEVEL_TONES: Readonly<Record<MonitorLevel, string>> = {
  safe: "pass",
  low: "",
  medium: "warn",
  high: "fail",
  critical: "fail",
};

/** The gateway's live monitor: what it just decided, without any text. */
export function MonitorPage() {
  const [flaggedOnly, setFlaggedOnly] = useState(false);
  const [isPaused, setPaused] = useState(false);
  const view = useMonitor(flaggedOnly, isPaused);
  const badge = STATE_BADGES[view.state];
  const events = flaggedOnly ? view.events.filter(({ flagged }) => flagged) : view.events;
  return (
    <>
      <section class="panel row spread">
        <span class="row">
          <span class={`badge large ${badge.tone}`} role="status">
            {badge.text}
          </span>
          {isPaused && <span class="badge large">paused</span>}
          {view.error !== null && <span class="error">{view.error}</span>}
        </span>
        <span class="row">
          <label class="row">
            <input
              type="checkbox"
              checked={flaggedOnly}
              onChange={(event) => setFlaggedOnly(event.currentTarget.checked)}
            />
            flagged only
          </label>
          <button type="button" class={isPaused ? "primary" : ""} onClick={() => setPaused(!isPaused)}>
            {isPaused ? "Go on" : "Pause"}
          </button>
        </span>
      </section>
      <div class="figures">
        <Figure label="per second, last 5 s" value={formatValue(view.perSec, "/s")} />
        <Figure label="events since this page opened" value={formatNumber(view.total)} />
        <Figure label="flagged" value={formatNumber(view.flagged)} />
        <Figure label="too fast to show" value={formatNumber(view.skipped)} />
      </div>
      <section class="panel">
        <h2>Latest events</h2>
        {events.length === 0 ? (
          <p class="muted">
            Nothing yet. Requests to the proxy and detection routes appear here as they end.
          </p>
        ) : (
          <EventTable events={events} />
        )}
      </section>
    </>
  );
}

function EventTable({ events }: { readonly events: readonly DetectionResultEvent[] }) {
  return (
    <Table
      rows={events}
      columns={[
        {
          title: "Time",
          value: (row) => row.timestamp,
          render: (row) => <span class="mono">{timeOf(row.ts)}</span>,
        },
        {
          title: "Route",
          value: (row) => row.route,
          render: (row) => <span class="mono">{row.route}</span>,
        },
        { title: "Customer", value: (row) => row.agent_id },
        {
          title: "Findings",
          value: (row) => Object.keys(row.findings).join(" "),
          render: (row) => <Findings row={row} />,
        },
        {
          title: "Injection",
          value: (row) => row.injection_level ?? "",
          render: (row) => <Level row={row} />,
        },
        {
          title: "Status",
          value: (row) => String(row.status),
          render: (row) => (
            <span class={`badge ${row.status < 400 ? "pass" : row.status < 500 ? "warn" : "fail"}`}>
              {row.status}
            </span>
          ),
        },
        { title: "ms", value: (row) => row.processing_time_ms },
      ]}
    />
  );
}

function Findings({ row }: { readonly row: DetectionResultEvent }) {
  const found = Object.entries(row.findings);
  if (found.length === 0 && row.fail_mode === "none") return <span class="muted">none</span>;
  return (
    <span class="row" style="gap: 4px">
      {row.fail_mode !== "none" && <span class="badge fail">guard failed {row.fail_mode}</span>}
      {found.map(([type, count]) => (
        <span key={type} class="badge warn">
          {type}
          {count > 1 ? ` × ${count}` : ""}
        </span>
      ))}
    </span>
  );
}

function Level({ row }: { readonly row: DetectionResultEvent }) {
  if (row.injection_level === null) return <span class="muted">not judged</span>;
  return (
    <span class={`badge ${LEVEL_TONES[row.injection_level]}`}>
      {row.injection_level} {row.injection_score?.toFixed(2)}
    </span>
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

function timeOf(epochMs: number): string {
  const at = new Date(epochMs);
  return `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}
