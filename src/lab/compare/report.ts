/** A comparison as text for the terminal, Markdown and HTML. */
import { createColors } from "picocolors";
import { escapeHtml, msText } from "../reports/format.ts";
import type { Comparison, Difference } from "./compare.ts";

const MARKS: Readonly<Record<Difference["finding"], string>> = { worse: "WORSE", better: "better", none: "" };

/** The comparison as a table for the terminal, findings first. */
export function comparisonText(comparison: Comparison, options: { readonly isColor: boolean }): string {
  const colors = createColors(options.isColor);
  const rows = comparison.differences.map(cells);
  const widths = HEAD.map((head, index) =>
    rows.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), head.length),
  );
  const text = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = comparison.differences.map((difference, index) => {
    const line = text(rows[index] ?? []);
    if (difference.finding === "worse") return colors.bold(colors.red(line));
    return difference.finding === "better" ? colors.green(line) : line;
  });
  return [
    colors.bold(text(HEAD)),
    ...lines,
    "",
    headline(comparison),
    ...comparison.notes.map((note) => `  ${note}`),
    "",
  ].join("\n");
}

/** The comparison as Markdown for a pull request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const cell = (value: string) => value.replaceAll("|", "\\|");
  const line = (row: readonly string[]) => `| ${row.map(cell).join(" | ")} |`;
  return [
    `## ${comparison.isRegression ? "❌" : "✅"} ${comparison.scenario}: ${headline(comparison)}`,
    "",
    line(HEAD),
    `|${HEAD.map(() => "---").join("|")}|`,
    ...comparison.differences.map((difference) => line(cells(difference))),
    "",
    ...comparison.notes.map((note) => `- ${note}`),
    "",
  ].join("\n");
}

/** The comparison as one HTML page that works offline; each interval is drawn. */
export function comparisonHtml(comparison: Comparison): string {
  const widest = comparison.differences
    .filter((difference) => difference.figure !== "errors")
    .reduce((most, { low, high }) => Math.max(most, Math.abs(low), Math.abs(high)), 0.1);
  const rows = comparison.differences.map((difference) => {
    const tds = cells(difference).map((cell) => `<td>${escapeHtml(cell)}</td>`);
    return `<tr class="${difference.finding}">${tds.join("")}<td>${intervalSvg(difference, widest)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(comparison.scenario)}: comparison</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:2rem auto;max-width:80rem;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{border-bottom:1px solid #8885;padding:.3rem .7rem;text-align:left}
td:nth-child(n+4):nth-child(-n+7){text-align:right;font-variant-numeric:tabular-nums}
.worse td:first-child{color:#c22;font-weight:700}.better td:first-child{color:#283}</style></head><body>
<h1>${escapeHtml(comparison.scenario)}</h1><p>${escapeHtml(headline(comparison))}</p>
<p>Baseline: ${escapeHtml(comparison.baseline.join(", "))}<br>Candidate: ${escapeHtml(comparison.candidate.join(", "))}</p>
<table><tr>${[...HEAD, "Interval"].map((head) => `<th>${escapeHtml(head)}</th>`).join("")}</tr>
${rows.join("\n")}</table>
<ul>${comparison.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>
</body></html>
`;
}

const HEAD = ["Finding", "Endpoint", "Figure", "Baseline", "Candidate", "Change", "99 % interval"];

function headline(comparison: Comparison): string {
  const count = (finding: Difference["finding"]) =>
    comparison.differences.filter((difference) => difference.finding === finding).length;
  const floor = `${(100 * comparison.noiseFloor).toFixed(0)} % noise floor, 1 % chance of any false finding`;
  if (count("worse") > 0) return `regression: ${count("worse")} figures got worse (${floor})`;
  return count("better") > 0
    ? `no regression, ${count("better")} figures got better (${floor})`
    : `no difference found (${floor})`;
}

function cells(difference: Difference): string[] {
  const isErrors = difference.figure === "errors";
  const value = (figure: number) => (isErrors ? `${figure.toFixed(2)} %` : msText(figure));
  const change = (share: number) => {
    const sign = share >= 0 ? "+" : "";
    return isErrors ? `${sign}${share.toFixed(2)} points` : `${sign}${(100 * share).toFixed(1)} %`;
  };
  return [
    MARKS[difference.finding],
    difference.endpoint,
    difference.figure,
    value(difference.baseline),
    value(difference.candidate),
    change(difference.change),
    `${change(difference.low)} to ${change(difference.high)}`,
  ];
}

function intervalSvg(difference: Difference, widest: number): string {
  if (difference.figure === "errors") return "";
  const x = (share: number) => (100 + (Math.max(-widest, Math.min(widest, share)) / widest) * 95).toFixed(1);
  return (
    `<svg width="200" height="14" role="img" aria-label="${escapeHtml(cells(difference)[6] ?? "")}">` +
    `<line x1="100" x2="100" y1="0" y2="14" stroke="currentColor" opacity=".4"/>` +
    `<line x1="${x(difference.low)}" x2="${x(difference.high)}" y1="7" y2="7" stroke="currentColor" stroke-width="2"/>` +
    `<circle cx="${x(difference.change)}" cy="7" r="4" fill="currentColor"/></svg>`
  );
}
