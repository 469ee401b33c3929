/** What happens to a run that has just ended: judge, keep, report. */
import { join } from "node:path";
import type { RunResult } from "#contract";
import { type CheckedRun, type JudgingOptions, judgeResult, reportRun } from "./check.ts";
import type { ReportPaths } from "./reports/write.ts";
import { writeResult } from "./results/file.ts";

/** Names that the second seed's archive uses where they differ from `<scenario>-load`. */
const ARCHIVE_NAMES: Readonly<Record<string, string>> = {
  soak: "soak-test",
  "spike-bursts": "spike-load",
  // The first seed's spike; the second's archive has the other name.
  spike: "spike-test",
};

/** Options of {@link recordRun}. */
export interface RecordOptions extends JudgingOptions {
  readonly resultsDirectory: string;
  readonly reports: ReportPaths;
  readonly generatedAtMs: number;
  readonly uiDirectory?: string;
}

/** A run that was judged and kept. */
export interface RecordedRun extends CheckedRun {
  /** The reports written, besides the results file at `path`. */
  readonly reports: readonly string[];
}

/**
 * Judges a finished run, writes its results file (verdict included) and the reports asked for.
 * @throws RMP_CONFIG_NOT_FOUND, RMP_LAB_TARGETS_INVALID
 */
export async function recordRun(result: RunResult, options: RecordOptions): Promise<RecordedRun> {
  const judged = await judgeResult(result, options);
  const path = await writeResult(judged.result, options.resultsDirectory);
  const reports = await reportRun(judged, options.reports, {
    generatedAtMs: options.generatedAtMs,
    ...(options.uiDirectory === undefined ? {} : { uiDirectory: options.uiDirectory }),
  });
  return { ...judged, path, reports };
}

/** Stem of a run's reports as the second seed archives them: `light-load-2025-11-17`, `soak-test-2025-11-17`. */
export function archiveName(result: Pick<RunResult, "scenario" | "startedAtMs">): string {
  const { name } = result.scenario;
  const day = new Date(result.startedAtMs).toISOString().slice(0, 10);
  return `${ARCHIVE_NAMES[name] ?? `${name}-load`}-${day}`;
}

/** Where a run's HTML, CSV and JSON go when nothing else is asked for. */
export function archivePaths(
  result: Pick<RunResult, "scenario" | "startedAtMs">,
  directory: string,
): ReportPaths {
  const stem = join(directory, archiveName(result));
  return { html: `${stem}.html`, csv: stem, json: `${stem}.json` };
}
