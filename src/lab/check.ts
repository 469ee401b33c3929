/** Judging finished runs again: results files, Locust's CSV files, our HTML reports. */
import { readFile } from "node:fs/promises";
import type { RunResult, RunVerdict } from "#contract";
import { resultOfHtml } from "./reports/html.ts";
import { resultOfLocustCsv } from "./reports/locust-csv-read.ts";
import { type ReportPaths, writeReports } from "./reports/write.ts";
import { readInput, unpackResult } from "./results/file.ts";
import { tablesFor } from "./targets/tables.ts";
import type { TargetTable } from "./targets/types.ts";
import { judge } from "./verdict/judge.ts";

/** Which table judges, and under which scenario's name. */
export interface JudgingOptions {
  /** Target files; the shipped tables that name the scenario by default. */
  readonly targetFiles?: readonly string[];
  /** Name of the table the scenario asks for, such as `prompt-guard`. */
  readonly table?: string;
  /** Scenario whose rows count, instead of the one named in the file; CSV files know none. */
  readonly scenario?: string;
  readonly targetsDirectory?: string;
}

/** A run with its judgement. */
export interface CheckedRun {
  /** The file it came from; empty for a run that was just made. */
  readonly path: string;
  readonly result: RunResult;
  readonly verdict: RunVerdict;
  readonly tables: readonly TargetTable[];
}

/**
 * Reads one finished run: a results file (packed or JSON), a `_stats.csv` of Locust (its siblings are read when they
 * are there), or an HTML report of ours. What it is decides the name's ending.
 * @throws RMP_CONFIG_NOT_FOUND, RMP_LAB_RESULT_INVALID
 */
export async function readRun(path: string): Promise<RunResult> {
  const bytes = await readInput(path);
  if (/\.html?$/.test(path)) return resultOfHtml(bytes.toString("utf8"), path);
  if (!path.endsWith(".csv")) return unpackResult(bytes, path);
  const sibling = async (suffix: string) => {
    const other = path.replace(/_stats\.csv$/, suffix);
    return other === path ? undefined : readFile(other, "utf8").catch(() => undefined);
  };
  const [history, failures] = await Promise.all([sibling("_stats_history.csv"), sibling("_failures.csv")]);
  return resultOfLocustCsv(
    {
      stats: bytes.toString("utf8"),
      ...(history === undefined ? {} : { history }),
      ...(failures === undefined ? {} : { failures }),
    },
    path,
  );
}

/** Judges a result with the tables that speak about its scenario. @throws RMP_CONFIG_NOT_FOUND, RMP_LAB_TARGETS_INVALID */
export async function judgeResult(
  result: RunResult,
  options: JudgingOptions = {},
  path = "",
): Promise<CheckedRun> {
  const scenario = options.scenario ?? result.scenario.name;
  const tables = await tablesFor({
    scenario,
    ...(options.targetFiles === undefined ? {} : { files: options.targetFiles }),
    ...(options.table === undefined ? {} : { table: options.table }),
    ...(options.targetsDirectory === undefined ? {} : { directory: options.targetsDirectory }),
  });
  const verdict = judge(result, tables, { scenario });
  return { path, result: { ...result, verdict }, verdict, tables };
}

/** Reads and judges finished runs, in the order given. @throws as {@link readRun} and {@link judgeResult} */
export async function checkRuns(
  paths: readonly string[],
  options: JudgingOptions = {},
): Promise<CheckedRun[]> {
  const checked: CheckedRun[] = [];
  for (const path of paths) checked.push(await judgeResult(await readRun(path), options, path));
  return checked;
}

/** Writes reports of a judged run again. @returns the paths written */
export function reportRun(
  run: CheckedRun,
  paths: ReportPaths,
  options: { readonly generatedAtMs: number; readonly uiDirectory?: string },
): Promise<string[]> {
  return writeReports({ result: run.result, verdict: run.verdict, tables: run.tables, paths, ...options });
}
