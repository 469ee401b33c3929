/** What a suite leaves behind: the first seed's results table, the reports' index, JUnit. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { formatTimeSpan } from "#shared";
import { countText, escapeHtml, msText, percentText, rateText, timeText } from "../reports/format.ts";
import { junitXml } from "../reports/junit.ts";
import { percentileMs } from "../results/histogram.ts";
import { durationSec, peakUsers } from "../results/select.ts";
import type { LabEnvironment } from "./lab-config.ts";
import type { SuiteEntry } from "./suite.ts";

const TABLE_HEAD = ["Test", "Users", "Duration", "RPS", "P95", "Error Rate", "Status"];

/** One suite with its circumstances. */
export interface SuiteArchive {
  readonly environment: LabEnvironment;
  readonly startedAtMs: number;
  readonly entries: readonly SuiteEntry[];
  /** Sentences such as how a quick suite was scaled. */
  readonly notes: readonly string[];
}

/**
 * The first seed's results table as Markdown: date, environment, version, then test, users, duration, RPS, P95, error rate,
 * status.
 */
export function resultsTable(archive: SuiteArchive): string {
  return [
    "## Load test results",
    "",
    `**Date**: ${timeText(archive.startedAtMs)}  `,
    `**Environment**: ${archive.environment.name} (${archive.environment.host})  `,
    `**Version**: ${versionOf(archive)}`,
    "",
    `| ${TABLE_HEAD.join(" | ")} |`,
    `|${TABLE_HEAD.map(() => "---").join("|")}|`,
    ...archive.entries.map((entry) => `| ${cellsOf(entry).join(" | ")} |`),
    "",
    ...archive.notes.map((note) => `- ${note}`),
    ...archive.entries.flatMap((entry) =>
      reasonsOf(entry).map((reason) => `- ${entry.scenario}: ${reason.replaceAll("|", "\\|")}`),
    ),
    "",
  ].join("\n");
}

/**
 * Writes the archive entry of a suite: `suite-<date>.md`, `suite-<date>.xml` (JUnit) and the index of all reports.
 * @returns the paths written
 */
export async function writeSuiteArchive(archive: SuiteArchive, reportsDirectory: string): Promise<string[]> {
  await mkdir(reportsDirectory, { recursive: true });
  const stem = join(reportsDirectory, `suite-${new Date(archive.startedAtMs).toISOString().slice(0, 10)}`);
  const runs = archive.entries.flatMap((entry) => entry.run ?? []);
  await writeFile(`${stem}.md`, resultsTable(archive));
  await writeFile(`${stem}.xml`, junitXml(runs));
  return [`${stem}.md`, `${stem}.xml`, await writeArchiveIndex(archive, reportsDirectory)];
}

/** Writes `index.html` over a reports folder: the suite's table with links, and every other report. @returns its path */
async function writeArchiveIndex(archive: SuiteArchive, reportsDirectory: string): Promise<string> {
  const names = (await readdir(reportsDirectory)).filter(
    (name) => name.endsWith(".html") && name !== "index.html",
  );
  const own = new Map(
    archive.entries.map((entry) => [
      entry.scenario,
      entry.run?.reports.map((path) => basename(path)).find((name) => name.endsWith(".html")),
    ]),
  );
  const rows = archive.entries.map((entry) => {
    const [test = "", ...rest] = cellsOf(entry);
    const link = own.get(entry.scenario);
    const name =
      link === undefined ? escapeHtml(test) : `<a href="${encodeURI(link)}">${escapeHtml(test)}</a>`;
    return `<tr class="${escapeHtml(rest.at(-1)?.toLowerCase() ?? "")}"><td>${name}</td>${rest.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  const others = names
    .filter((name) => ![...own.values()].includes(name))
    .sort()
    .reverse();
  const path = join(reportsDirectory, "index.html");
  await writeFile(
    path,
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Load test archive</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{border-bottom:1px solid #8885;padding:.3rem .8rem;text-align:left}
.fail td:last-child{color:#c22;font-weight:700}.pass td:last-child{color:#283}.invalid td:last-child{color:#96c}</style></head><body>
<h1>Load test archive</h1>
<p>${escapeHtml(timeText(archive.startedAtMs))}, ${escapeHtml(archive.environment.name)}, version ${escapeHtml(versionOf(archive))}</p>
<table><tr>${TABLE_HEAD.map((head) => `<th>${head}</th>`).join("")}</tr>${rows.join("\n")}</table>
<ul>${archive.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>
${others.length === 0 ? "" : `<h2>Other reports</h2><ul>${others.map((name) => `<li><a href="${encodeURI(name)}">${escapeHtml(name)}</a></li>`).join("")}</ul>`}
</body></html>
`,
  );
  return path;
}

function cellsOf(entry: SuiteEntry): string[] {
  if (entry.run === null) return [entry.scenario, "", "", "", "", "", "NOT RUN"];
  const { result, verdict } = entry.run;
  const { total } = result;
  return [
    entry.scenario,
    countText(peakUsers(result)),
    formatTimeSpan(durationSec(result)),
    rateText(total.count / durationSec(result), "").trim(),
    msText(percentileMs(total.fromDue, 95)),
    percentText(total.count === 0 ? 0 : (100 * total.failures) / total.count),
    verdict.outcome,
  ];
}

function reasonsOf(entry: SuiteEntry): readonly string[] {
  return entry.run === null ? [entry.error ?? "not run"] : entry.run.verdict.reasons;
}

function versionOf(archive: SuiteArchive): string {
  const told = archive.entries.find((entry) => entry.run !== null)?.run?.result.environment.rampartVersion;
  return archive.environment.version ?? told ?? "unknown";
}
