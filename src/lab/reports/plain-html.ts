import { REPORT_DATA_ELEMENT_ID, type ReportModel } from "#contract";
import { escapeHtml, msText, percentText, rateText, timeText } from "./format.ts";

/**
 * The report without charts, for builds without the report page: every table of the model as plain HTML.
 * @param resultElement the script element with the packed results file
 */
export function plainReport(model: ReportModel, resultElement: string): string {
  const verdict = model.verdict;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(model.scenario)}: ${verdict?.outcome ?? "not judged"}</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #8888;padding:.25rem .6rem;text-align:left}</style>
</head><body>
<h1>${escapeHtml(model.scenario)}: ${verdict?.outcome ?? "not judged"}</h1>
<p>${escapeHtml(model.description)} ${escapeHtml(timeText(model.startedAtMs))}</p>
${list(verdict?.reasons ?? [])}
<h2>Summary</h2>
${table(
  ["", "Measured", "Published"],
  model.summary.map((line) => [line.label, line.value, line.published ?? ""]),
)}
${model.publishedNote === "" ? "" : `<p>${escapeHtml(model.publishedNote)}</p>`}
${
  verdict === null
    ? ""
    : `<h2>Targets</h2>${table(
        ["Verdict", "Target", "Measured", "Bound", "Source", "Note"],
        verdict.rows.map((row) => [
          row.outcome,
          row.label,
          row.measuredText,
          row.bound,
          row.source,
          row.note,
        ]),
      )}`
}
<h2>Requests</h2>
${table(
  ["Method", "Name", "Requests", "Failures", "Average", "Median", "P95", "P99", "Max", "Rate"],
  model.requests.map((row) => [
    row.method,
    row.name,
    String(row.requests),
    `${row.failures} (${percentText(row.failurePercent)})`,
    msText(row.meanMs),
    msText(row.p50Ms),
    msText(row.p95Ms),
    msText(row.p99Ms),
    msText(row.maxMs),
    rateText(row.requestsPerSec),
  ]),
)}
${model.tables.map((entry) => `<h2>${escapeHtml(entry.title)}</h2>${table(entry.columns, entry.rows)}<p>${escapeHtml(entry.note)}</p>`).join("")}
${
  model.errors.length === 0
    ? ""
    : `<h2>Errors</h2>${table(
        ["Method", "Name", "Family", "Message", "Count"],
        model.errors.map((error) => [
          error.method,
          error.name,
          error.family,
          error.message,
          String(error.count),
        ]),
      )}`
}
<h2>Facts</h2>
${table(
  ["", ""],
  model.facts.map((fact) => [fact.label, fact.value]),
)}
${list(model.notes)}
<script id="${REPORT_DATA_ELEMENT_ID}" type="application/json">{}</script>
${resultElement}
</body></html>
`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${cells("th", columns)}${rows.map((row) => cells("td", row)).join("")}</table>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
}
