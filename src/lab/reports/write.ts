import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RunResult, RunVerdict } from "#contract";
import type { TargetTable } from "../targets/types.ts";
import { renderHtml } from "./html.ts";
import { junitXml } from "./junit.ts";
import { locustCsvFiles } from "./locust-csv.ts";
import { locustStatsOfResult } from "./locust-json.ts";
import { markdownReport } from "./markdown.ts";
import { buildReport } from "./model.ts";
import { summarise } from "./summary.ts";

/** Which reports to write, each by its path; folders are made. */
export interface ReportPaths {
  readonly html?: string;
  /** Prefix of the four CSV files, as Locust's `--csv`. */
  readonly csv?: string;
  /** The whole result as JSON. */
  readonly json?: string;
  /** The body of Locust's `/stats/requests` as JSON, as Locust's `--json-file`. */
  readonly statsJson?: string;
  readonly junit?: string;
  readonly markdown?: string;
}

/** Options of {@link writeReports}. */
export interface WriteReportOptions {
  readonly result: RunResult;
  /** Null when the run was not judged; JUnit and Markdown are then left out. */
  readonly verdict: RunVerdict | null;
  readonly tables: readonly TargetTable[];
  readonly paths: ReportPaths;
  readonly generatedAtMs: number;
  /** Folder with the built report page. */
  readonly uiDirectory?: string;
}

/** Writes the reports asked for. @returns the paths written, in the order of {@link ReportPaths} */
export async function writeReports(options: WriteReportOptions): Promise<string[]> {
  const { result, verdict, tables, paths } = options;
  const written: string[] = [];
  const write = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    written.push(path);
  };
  if (paths.html !== undefined) {
    const model = buildReport({ result, verdict, tables, generatedAtMs: options.generatedAtMs });
    await write(paths.html, await renderHtml(model, result, options.uiDirectory));
  }
  if (paths.csv !== undefined)
    for (const [suffix, text] of Object.entries(locustCsvFiles(result)))
      await write(`${paths.csv}${suffix}`, text);
  const judged = verdict === null ? result : { ...result, verdict };
  if (paths.json !== undefined) await write(paths.json, `${JSON.stringify(judged)}\n`);
  if (paths.statsJson !== undefined)
    await write(paths.statsJson, `${JSON.stringify(locustStatsOfResult(result), null, 2)}\n`);
  if (verdict !== null && paths.junit !== undefined)
    await write(paths.junit, junitXml([{ result, verdict }]));
  if (verdict !== null && paths.markdown !== undefined)
    await write(paths.markdown, markdownReport({ result, verdict }, summarise(result, tables, verdict)));
  return written;
}
