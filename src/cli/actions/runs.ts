/** What `rampart check` and `rampart report` do. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import pc from "picocolors";
import {
  archivePaths,
  checkRuns,
  exitCodeOf,
  type JudgingOptions,
  junitXml,
  type ReportPaths,
  reportRun,
  verdictText,
} from "#lab";
import { epochMs } from "#shared";
import { reportPaths } from "./report-paths.ts";

/** Flags of `rampart check`. */
export interface CheckOptions {
  readonly targets: string[];
  readonly scenario?: string;
  readonly junit?: string;
}

/** Flags of `rampart report`. */
export interface ReportOptions extends ReportPaths {
  readonly targets: string[];
  readonly scenario?: string;
  readonly reportsDir: string;
}

/** Judges finished runs and prints their verdicts. @returns 0, 98 or 99 */
export async function check(files: readonly string[], options: CheckOptions): Promise<number> {
  const runs = await checkRuns(files, judgingOptions(options));
  const width = process.stdout.columns ?? 110;
  for (const run of runs)
    process.stdout.write(
      `${pc.bold(run.path)}\n${verdictText(run.verdict, { isColor: pc.isColorSupported, width })}\n\n`,
    );
  if (options.junit !== undefined) {
    mkdirSync(dirname(options.junit), { recursive: true });
    writeFileSync(options.junit, junitXml(runs));
  }
  return exitCodeOf(runs.map((run) => run.verdict));
}

/** Writes the reports of a finished run again and prints their paths. */
export async function report(file: string, options: ReportOptions): Promise<void> {
  const [run] = await checkRuns([file], judgingOptions(options));
  if (run === undefined) return;
  const asked = reportPaths(options);
  const paths = Object.keys(asked).length === 0 ? archivePaths(run.result, options.reportsDir) : asked;
  for (const path of await reportRun(run, paths, { generatedAtMs: epochMs() }))
    process.stdout.write(`${path}\n`);
}

function judgingOptions(options: Pick<CheckOptions, "targets" | "scenario">): JudgingOptions {
  return {
    ...(options.targets.length === 0 ? {} : { targetFiles: options.targets }),
    ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
  };
}
