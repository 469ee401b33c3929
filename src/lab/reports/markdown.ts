import type { RunVerdict, TargetRowVerdict } from "#contract";
import { formatTimeSpan } from "#shared";
import { durationSec } from "../results/select.ts";
import type { JudgedRun } from "./junit.ts";
import type { Summary } from "./summary.ts";

const MARKS: Readonly<Record<TargetRowVerdict["outcome"], string>> = {
  pass: "✅ pass",
  fail: "❌ FAIL",
  warn: "⚠️ warn",
  "not-measured": "➖ not measured",
};
const HEADS: Readonly<Record<RunVerdict["outcome"], string>> = { PASS: "✅", FAIL: "❌", INVALID: "🚫" };

/** A judged run as Markdown for a pull request: verdict, reasons, summary, target rows. */
export function markdownReport({ result, verdict }: JudgedRun, summary: Summary): string {
  const { plan } = result;
  const rows = [...verdict.rows].sort((a, b) => rank(a) - rank(b));
  return [
    `## ${HEADS[verdict.outcome]} ${verdict.outcome}: ${cell(result.scenario.name)}`,
    "",
    `${plan.users} users, ${formatTimeSpan(durationSec(result))}, judged by ${cell(verdict.targets)}.`,
    "",
    ...verdict.reasons.map((reason) => `- ${cell(reason)}`),
    ...(verdict.reasons.length > 0 ? [""] : []),
    ...table(
      ["", "Measured", "Published"],
      summary.lines.map((line) => [line.label, line.value, line.published ?? ""]),
    ),
    "",
    ...table(
      ["Verdict", "Target", "Measured", "Bound", "Source"],
      rows.map((row) => [MARKS[row.outcome], row.label, row.measuredText, row.bound, row.source]),
    ),
    "",
  ].join("\n");
}

function rank(row: TargetRowVerdict): number {
  return ["fail", "warn", "pass", "not-measured"].indexOf(row.outcome);
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const text = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [text(columns), `|${columns.map(() => "---").join("|")}|`, ...rows.map(text)];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}
