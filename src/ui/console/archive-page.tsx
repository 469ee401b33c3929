import type { LabReportFile, LabRunSummary } from "#contract";
import { formatClock, formatDate, formatNumber } from "../parts/format.ts";
import { Table } from "../parts/table.tsx";
import { OutcomeBadge } from "../parts/verdict.tsx";
import { useFetched } from "./api.ts";

/** Finished runs, newest first, and the report files on disk. */
export function ArchivePage() {
  const runs = useFetched<readonly LabRunSummary[]>("api/runs");
  const reports = useFetched<readonly LabReportFile[]>("api/reports");
  return (
    <>
      <section class="panel">
        <h2>Runs</h2>
        {runs.kind === "failed" && <p class="error">{runs.message}</p>}
        {runs.kind === "ready" && runs.value.length === 0 && <p class="muted">No run has been kept yet.</p>}
        {runs.kind === "ready" && runs.value.length > 0 && <RunTable runs={runs.value} />}
      </section>
      {reports.kind === "ready" && reports.value.length > 0 && (
        <section class="panel">
          <h2>Report files</h2>
          <Table
            rows={reports.value}
            columns={[
              {
                title: "File",
                value: (row) => row.name,
                render: (row) => <a href={`reports/${encodeURIComponent(row.name)}`}>{row.name}</a>,
              },
              { title: "KiB", value: (row) => row.bytes / 1024 },
              {
                title: "Written",
                value: (row) => row.modifiedAtMs,
                render: (row) => formatDate(row.modifiedAtMs),
              },
            ]}
          />
        </section>
      )}
    </>
  );
}

function RunTable({ runs }: { readonly runs: readonly LabRunSummary[] }) {
  return (
    <Table
      rows={runs}
      columns={[
        {
          title: "Verdict",
          value: (row) => row.outcome ?? "",
          render: (row) => <OutcomeBadge outcome={row.outcome ?? "NOT JUDGED"} />,
        },
        {
          title: "Test",
          value: (row) => row.scenario,
          render: (row) => <a href={`api/runs/${row.id}/report.html`}>{row.scenario}</a>,
        },
        { title: "Started", value: (row) => row.startedAtMs, render: (row) => formatDate(row.startedAtMs) },
        { title: "Duration", value: (row) => row.durationSec, render: (row) => formatClock(row.durationSec) },
        { title: "Users", value: (row) => row.users },
        { title: "Requests", value: (row) => row.requests },
        { title: "Req/s", value: (row) => row.requestsPerSec },
        { title: "P95 ms", value: (row) => row.p95Ms },
        {
          title: "Errors",
          value: (row) => row.failurePercent,
          render: (row) => `${formatNumber(row.failurePercent)} %`,
        },
        {
          title: "Files",
          value: () => "",
          render: (row) => (
            <span class="row">
              <a href={`api/runs/${row.id}/result`}>result</a>
              <a href={`api/runs/${row.id}/csv/stats`}>CSV</a>
            </span>
          ),
        },
      ]}
    />
  );
}
