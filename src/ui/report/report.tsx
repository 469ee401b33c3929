import type { ReportChart, ReportModel, ReportTable } from "#contract";
import { Chart } from "../parts/chart.tsx";
import { formatDate } from "../parts/format.ts";
import { Table } from "../parts/table.tsx";
import { toggleTheme } from "../parts/theme.ts";
import { OutcomeBadge, VerdictTable } from "../parts/verdict.tsx";
import { Details } from "./details.tsx";
import { RequestTable } from "./requests.tsx";

/** The whole report of one run: verdict first, then figures, charts, tables, environment. */
export function Report({ model }: { readonly model: ReportModel }) {
  return (
    <main>
      <Head model={model} />
      <Summary model={model} />
      {model.verdict !== null && (
        <section class="panel">
          <h2>Targets: {model.verdict.targets}</h2>
          <VerdictTable verdict={model.verdict} />
        </section>
      )}
      <Charts charts={model.charts.filter((chart) => !isObserved(chart))} />
      <section class="panel">
        <h2>Requests</h2>
        <RequestTable rows={model.requests} />
      </section>
      <Observed charts={model.charts.filter(isObserved)} />
      {model.tables.map((table) => (
        <ExtraTable table={table} key={table.id} />
      ))}
      <Details model={model} />
    </main>
  );
}

/** Charts of what was sampled from the system under test. */
function isObserved(chart: ReportChart): boolean {
  return chart.id.startsWith("observed-");
}

function Charts({ charts }: { readonly charts: readonly ReportChart[] }) {
  return (
    <div class="grid">
      {charts.map((chart) => (
        <section class="panel" key={chart.id}>
          <h2>{chart.title}</h2>
          <Chart model={chart} />
          <p class="muted">{chart.caption}</p>
        </section>
      ))}
    </div>
  );
}

function Observed({ charts }: { readonly charts: readonly ReportChart[] }) {
  if (charts.length === 0) return null;
  return (
    <details class="panel">
      <summary>Observed on the system under test ({charts.length} series)</summary>
      <Charts charts={charts} />
    </details>
  );
}

function Head({ model }: { readonly model: ReportModel }) {
  const reasons = [
    ...(model.verdict?.reasons ?? []),
    ...(model.verdict === null ? model.health.reasons : []),
  ];
  return (
    <header>
      <div class="row spread">
        <div>
          <h1>{model.scenario}</h1>
          <div class="muted">{model.description}</div>
        </div>
        <div class="row">
          <button type="button" class="no-print" onClick={toggleTheme}>
            Light / dark
          </button>
          <OutcomeBadge outcome={model.verdict?.outcome ?? "NOT JUDGED"} large />
        </div>
      </div>
      <p class="muted">
        {formatDate(model.startedAtMs)} to {formatDate(model.endedAtMs)} · run <code>{model.runId}</code>
      </p>
      {reasons.length > 0 && (
        <ul class="panel reasons">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {model.notes.length > 0 && (
        <details>
          <summary>Notes on this run and its targets ({model.notes.length})</summary>
          <ul class="muted">
            {model.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </header>
  );
}

function Summary({ model }: { readonly model: ReportModel }) {
  return (
    <section>
      <div class="figures">
        {model.summary.map((line) => (
          <div class="figure" key={line.label}>
            <span>{line.label}</span>
            <b>{line.value}</b>
            {line.published !== undefined && <span>published: {line.published}</span>}
          </div>
        ))}
      </div>
      {model.publishedNote !== "" && <p class="muted">{model.publishedNote}</p>}
    </section>
  );
}

function ExtraTable({ table }: { readonly table: ReportTable }) {
  return (
    <section class="panel">
      <h2>{table.title}</h2>
      <Table
        rows={table.rows}
        columns={table.columns.map((title, index) => ({
          title,
          value: (row: readonly string[]) => row[index] ?? "",
        }))}
      />
      {table.note !== "" && <p class="muted">{table.note}</p>}
    </section>
  );
}
