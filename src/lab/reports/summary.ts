import type { ReportSummaryLine, RunResult, RunVerdict } from "#contract";
import { maxMs, meanMs, percentileMs } from "../results/histogram.ts";
import { durationSec } from "../results/select.ts";
import type { PublishedFigures, TargetTable } from "../targets/types.ts";
import { countText, msText, percentText, rateText } from "./format.ts";
import { courseLines } from "./run-course.ts";

/** The summary of a run with the document's published figures beside it, where the setting is the same. */
export interface Summary {
  readonly lines: readonly ReportSummaryLine[];
  /** What does not add up in the published figures; empty without any. */
  readonly note: string;
}

/** The lines of the summary: total, failures, failure rate, average, median, P95, P99, max, throughput, how the run went. */
export function summarise(
  result: RunResult,
  tables: readonly TargetTable[],
  verdict: RunVerdict | null,
): Summary {
  const { total } = result;
  const histogram = total.fromDue;
  const failurePercent = total.count === 0 ? 0 : (100 * total.failures) / total.count;
  const published = publishedFor(result, tables, verdict);
  const figures = published?.figures ?? {};
  const line = (label: string, value: string, metric: string, text: (figure: number) => string) => {
    const figure = figures[metric];
    return { label, value, ...(figure === undefined ? {} : { published: text(figure) }) };
  };
  return {
    lines: [
      line("Total requests", countText(total.count), "requests", countText),
      line(
        "Total failures",
        `${countText(total.failures)} (${percentText(failurePercent)})`,
        "failures",
        countText,
      ),
      line("Failure rate", percentText(failurePercent), "error_rate", percentText),
      line("Average", msText(meanMs(histogram)), "avg", msText),
      line("Median", msText(percentileMs(histogram, 50)), "p50", msText),
      line("P95", msText(percentileMs(histogram, 95)), "p95", msText),
      line("P99", msText(percentileMs(histogram, 99)), "p99", msText),
      line("Max", msText(maxMs(histogram)), "max", msText),
      line("Throughput", rateText(total.count / durationSec(result)), "rate", rateText),
      ...courseLines(result),
    ],
    note:
      published === null
        ? ""
        : `Published for ${published.setting} (${published.source}). ${published.note}`.trim(),
  };
}

/** The summary as the block of text that the second seed prints. */
export function summaryText(summary: Summary): string {
  const times = new Set(["Average", "Median", "P95", "P99", "Max"]);
  const rows = summary.lines.map((line) => {
    const beside = line.published === undefined ? "" : `   (published: ${line.published})`;
    return { isTime: times.has(line.label), text: `${line.label}: ${line.value}${beside}` };
  });
  const before = rows.slice(0, 3).map((row) => row.text);
  const latency = rows.filter((row) => row.isTime).map((row) => `  ${row.text}`);
  const after = rows.slice(3).filter((row) => !row.isTime);
  return [
    ...before,
    "",
    "Response times (from when a request was due):",
    ...latency,
    "",
    ...after.map((row) => row.text),
    ...(summary.note === "" ? [] : ["", summary.note]),
    "",
  ].join("\n");
}

/** The published figures of this run's setting: same scenario, and every condition of the document met. */
function publishedFor(
  result: RunResult,
  tables: readonly TargetTable[],
  verdict: RunVerdict | null,
): PublishedFigures | null {
  for (const table of tables) {
    const found = table.published.find(
      (entry) => entry.scenario === result.scenario.name && entry.phase === null,
    );
    if (found === undefined) continue;
    const conditions = new Set(
      table.rows.filter((row) => row.level === "condition").map((row) => `${table.name}/${row.id}`),
    );
    const isSame = verdict?.rows.every((row) => !conditions.has(row.id) || row.outcome === "pass") ?? false;
    if (isSame) return found;
  }
  return null;
}
