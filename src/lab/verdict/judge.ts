import type { RunResult, RunVerdict, TargetRowVerdict, ThresholdResult } from "#contract";
import { rowsFor } from "../targets/load.ts";
import type { TargetRow, TargetTable } from "../targets/types.ts";
import { checkBounds } from "./bound-check.ts";
import { faultProblems, faultRows } from "./fault-rows.ts";
import { type Measurement, measureRow } from "./measure.ts";

/** Slack when a measured figure is compared with its bound: below what any text shows, above what doubles lose. */
const COMPARE_EPSILON = 1e-9;

/** What changes a judgement. */
export interface JudgeOptions {
  /** Name of the scenario whose rows are looked up, instead of the one in the results file. */
  readonly scenario?: string;
}

/**
 * Judges a run against target tables.
 *
 * INVALID when the generator did not deliver the load, the figures are impossible, nothing was requested, or no row
 * could be measured; FAIL when a critical row is broken, a check did not hold or the scenario itself failed the run (a leak
 * is a fact whatever the generator did, so the last two outrank INVALID); else PASS. Rows not measured never count as passed.
 */
export function judge(
  result: RunResult,
  tables: readonly TargetTable[],
  options: JudgeOptions = {},
): RunVerdict {
  const scenario = options.scenario ?? result.scenario.name;
  const rows = [
    ...(result.thresholds ?? []).map(thresholdRow),
    ...faultRows(result),
    ...tables.flatMap((table) => rowsFor(table, scenario).map((row) => judgeRow(result, row, table.name))),
  ];
  const invalid = [
    ...result.health.reasons.map((reason) => `generator: ${reason}`),
    ...checkBounds(result),
    ...faultProblems(result),
  ];
  if (result.health.verdict === "invalid" && result.health.reasons.length === 0)
    invalid.push("generator: it did not deliver the load");
  if (result.total.count === 0) invalid.push("no request was finished");
  else if (!rows.some((row) => row.outcome !== "not-measured"))
    invalid.push(`no target row speaks about the scenario "${scenario}" and could be measured`);
  const failedRuns = result.scenarioFailures ?? [];
  const failedRows = rows.filter((row) => row.outcome === "fail").map(describeFailure);
  // A leak or a wrong answer is a fact, however the generator fared.
  const isWrong = rows.some((row) => row.outcome === "fail" && row.metric === "check_fails");
  const outcome =
    failedRuns.length > 0 || isWrong
      ? "FAIL"
      : invalid.length > 0
        ? "INVALID"
        : failedRows.length > 0
          ? "FAIL"
          : "PASS";
  return {
    outcome,
    reasons: counted([...failedRuns, ...invalid, ...failedRows]),
    rows,
    targets: tables.map((table) => table.name).join(" + "),
  };
}

function thresholdRow(threshold: ThresholdResult, index: number): TargetRowVerdict {
  const window = threshold.windowSec === null ? "" : ` over ${threshold.windowSec} s`;
  // As k6 has it, a threshold without samples holds; here it was not measured.
  const outcome = threshold.value === null ? "not-measured" : threshold.holds ? "pass" : "fail";
  return {
    id: `threshold/${index + 1}`,
    label: `${threshold.metric}: ${threshold.threshold}${window}`,
    metric: threshold.metric,
    endpoint: null,
    bound: threshold.threshold,
    measured: threshold.value,
    measuredText: threshold.value === null ? "no samples" : figureText(threshold.value),
    outcome: threshold.holds ? outcome : "fail",
    source: "threshold of the scenario or the command line",
    note: "",
  };
}

function judgeRow(result: RunResult, row: TargetRow, table: string): TargetRowVerdict {
  const measured = measureRow(result, row);
  return {
    id: `${table}/${row.id}`,
    label: row.label,
    metric: row.metric,
    endpoint: row.endpoints.length === 0 ? null : row.endpoints.join(", "),
    bound: boundText(row),
    measured: measured.kind === "value" ? measured.value : null,
    measuredText: measuredText(row, measured),
    outcome: outcomeOf(row, measured),
    source: `${table}: ${row.sources.join("; ")}`,
    note: row.note,
  };
}

function outcomeOf(row: TargetRow, measured: Measurement): TargetRowVerdict["outcome"] {
  if (measured.kind === "none") return "not-measured";
  const holds = measured.kind === "value" && meets(row, measured.value, row.bound);
  if (!holds) return row.level === "critical" ? "fail" : "warn";
  const isWarned = row.warning !== null && !meets(row, measured.value, row.warning);
  return isWarned ? "warn" : "pass";
}

function meets(row: TargetRow, value: number, bound: number): boolean {
  const epsilon = COMPARE_EPSILON * Math.max(1, Math.abs(bound));
  switch (row.op) {
    case "<":
      return value < bound - epsilon;
    case "<=":
      return value <= bound + epsilon;
    case ">":
      return value > bound + epsilon;
    case ">=":
      return value >= bound - epsilon;
    case "=":
      return Math.abs(value - bound) <= epsilon;
    case "between":
      return value >= bound - epsilon && value <= (row.upper ?? bound) + epsilon;
  }
}

/** The bound of a row as text, such as `< 50 ms`. */
export function boundText(row: TargetRow): string {
  const unit = row.unit === "" ? "" : ` ${row.unit}`;
  const held = row.sustainedSec === null ? "" : ` for ${row.sustainedSec} s`;
  return row.op === "between"
    ? `${row.bound}-${row.upper}${unit}${held}`
    : `${row.op} ${row.bound}${unit}${held}`;
}

function measuredText(row: TargetRow, measured: Measurement): string {
  if (measured.kind !== "value") return measured.reason;
  const unit = row.unit === "" ? "" : ` ${row.unit}`;
  const detail = measured.detail === undefined ? "" : ` (${measured.detail})`;
  return `${figureText(measured.value)}${unit}${detail}`;
}

/** A figure with four significant digits, whole numbers whole. */
export function figureText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

/** Equal sentences once, with how often they were said. */
function counted(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} times)`));
}

function describeFailure(row: TargetRowVerdict): string {
  return `${row.id}: ${row.label}: ${row.measuredText}, wanted ${row.bound}`;
}
