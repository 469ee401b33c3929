/** Accepted results per version: what later runs are compared with. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunResult } from "#contract";
import { RampartError } from "#shared";
import { statsCsv } from "../reports/locust-csv.ts";
import { packResult, RESULT_SUFFIX, readResult } from "../results/file.ts";

/** The first seed's baselines are the statistics of its target load. */
const SEED_BASELINE_SCENARIO = "target";
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Where baselines lie. */
export interface BaselineFolders {
  /** Results files, one folder per version. */
  readonly baselines: string;
  /** Statistics as CSV, one file per version, as the first seed keeps them. */
  readonly performance: string;
}

/**
 * Keeps results as the baseline of a version: `baselines/<version>/<scenario>-<n>.run.json.gz`, and the statistics of the
 * target load (or of the first scenario given) as `performance_baselines/<version>.csv`, the other scenarios' beside it.
 * Results that are there already stay; repeats of a scenario get the next number.
 * @returns the paths written
 * @throws RMP_CLI_USAGE for a version that is no file name, RMP_LAB_RESULT_INVALID without results or for one that failed
 */
export async function saveBaseline(
  version: string,
  results: readonly RunResult[],
  folders: BaselineFolders,
): Promise<string[]> {
  requireVersion(version);
  const failed = results.find(
    (result) => result.verdict?.outcome !== undefined && result.verdict.outcome !== "PASS",
  );
  if (results.length === 0 || failed !== undefined)
    throw new RampartError(
      "RMP_LAB_RESULT_INVALID",
      failed === undefined
        ? "name at least one results file to keep"
        : `${failed.id} is ${failed.verdict?.outcome}: only runs that passed can be a baseline`,
    );
  const folder = join(folders.baselines, version);
  await mkdir(folder, { recursive: true });
  await mkdir(folders.performance, { recursive: true });
  const written: string[] = [];
  const put = async (path: string, content: string | Buffer) => {
    await writeFile(path, content);
    written.push(path);
  };
  for (const result of results) {
    const { name } = result.scenario;
    const number = (await namesOf(folder, name)).length + 1;
    await put(join(folder, `${name}-${number}${RESULT_SUFFIX}`), await packResult(result));
  }
  const main = results.find((result) => result.scenario.name === SEED_BASELINE_SCENARIO) ?? results[0];
  for (const result of new Map(results.map((entry) => [entry.scenario.name, entry])).values()) {
    const suffix = result.scenario.name === main?.scenario.name ? "" : `-${result.scenario.name}`;
    await put(join(folders.performance, `${version}${suffix}.csv`), statsCsv(result));
  }
  return written;
}

/**
 * The results of a version's baseline for a scenario.
 * @throws RMP_CONFIG_NOT_FOUND when the version has none
 */
export async function loadBaseline(
  version: string,
  scenario: string,
  folders: Pick<BaselineFolders, "baselines">,
): Promise<RunResult[]> {
  requireVersion(version);
  const folder = join(folders.baselines, version);
  const names = await namesOf(folder, scenario);
  if (names.length === 0)
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `${folder} holds no baseline of "${scenario}"`, {
      field: folder,
    });
  return Promise.all(names.map((name) => readResult(join(folder, name))));
}

/** Versions that have a baseline, sorted. */
export async function listBaselines(folders: Pick<BaselineFolders, "baselines">): Promise<string[]> {
  const entries = await readdir(folders.baselines, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function namesOf(folder: string, scenario: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const pattern = new RegExp(
    `^${scenario.replace(/[^\w-]/g, "\\$&")}-\\d+${RESULT_SUFFIX.replaceAll(".", "\\.")}$`,
  );
  return names.filter((name) => pattern.test(name)).sort();
}

function requireVersion(version: string): void {
  if (!VERSION.test(version))
    throw new RampartError("RMP_CLI_USAGE", "version: letters, digits, dots and dashes", {
      field: "version",
    });
}
