/** What `rampart suite`, `merge`, `baseline`, `compare` and `capacity` do. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pc from "picocolors";
import type { RunResult } from "#contract";
import {
  archivePaths,
  type BaselineFolders,
  type Comparison,
  chooseEnvironment,
  compareRuns,
  comparisonHtml,
  comparisonMarkdown,
  comparisonText,
  exitCodeOf,
  type LabEnvironment,
  listBaselines,
  loadBaseline,
  loadLabConfig,
  locustCsvFiles,
  mergeResults,
  type ObserverOptions,
  readRun,
  recordRun,
  resultsTable,
  runCapacity,
  runSuite,
  saveBaseline,
  scenarioPath,
  tablesFor,
  verdictText,
  writeResult,
  writeSuiteArchive,
} from "#lab";
import { loadScenario } from "#load";
import { EXIT, epochMs, RampartError } from "#shared";
import { conduct } from "../conduct.ts";
import { observerOptions } from "../observing.ts";

/** Factors of a quick suite. */
const QUICK = { users: 0.1, time: 0.2 } as const;

/** Flags of `rampart suite`. */
export interface SuiteFlags {
  readonly config: string;
  readonly only?: string;
  readonly quick?: boolean;
  readonly yes?: boolean;
  readonly pause: number;
  readonly resultsDir: string;
  readonly reportsDir: string;
  readonly statsDir?: string;
}

/** Flags of `rampart compare`. */
export interface CompareFlags {
  readonly baseline?: string;
  readonly repeats?: boolean;
  readonly noiseFloor: number;
  readonly baselinesDir: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly json?: string;
}

/** Flags of `rampart capacity`. */
export interface CapacityFlags {
  readonly locustfile?: string;
  readonly host?: string;
  readonly vary: "rate" | "users";
  readonly p95: number;
  readonly errors: number;
  readonly start: number;
  readonly max: number;
  readonly levelTime: number;
  readonly hold: number;
  readonly processes?: number;
  readonly set: Record<string, string>;
  readonly json?: string;
}

/** Runs the documented series. @returns 0, 98 or 99; 4 when a test could not be run */
export async function suite(name: string, options: SuiteFlags): Promise<number> {
  const environments = await loadLabConfig(options.config);
  const environment = chooseEnvironment(environments, name, options.yes === true);
  if (options.quick === true) {
    process.env["RAMPART_SCALE_USERS"] = String(QUICK.users);
    process.env["RAMPART_SCALE_TIME"] = String(QUICK.time);
  }
  const key = environment.keyVariable === null ? undefined : process.env[environment.keyVariable];
  const settings = {
    ...(environment.mock === null ? {} : { mock: environment.mock }),
    ...(key === undefined ? {} : { key }),
  };
  const startedAtMs = epochMs();
  const entries = await runSuite({
    ...(options.only === undefined ? {} : { only: options.only.split(",").map((test) => test.trim()) }),
    pause: () => sleep(options.pause * 1000),
    runOne: async (scenarioName) => {
      process.stderr.write(`${pc.bold(scenarioName)} against ${environment.host}\n`);
      const file = scenarioPath(scenarioName);
      const { scenario } = await loadScenario(file);
      const result = await conduct({
        file,
        scenario,
        overrides: { host: environment.host, settings },
        observe: observing(environment),
        resultsDirectory: options.resultsDir,
        onLog: (line) => process.stderr.write(`${pc.dim(line)}\n`),
      });
      if (options.statsDir !== undefined) await writeSeedStats(result, options.statsDir);
      return await recordRun(result, {
        resultsDirectory: options.resultsDir,
        reports: archivePaths(result, options.reportsDir),
        generatedAtMs: epochMs(),
        ...(scenario.targets === undefined ? {} : { table: scenario.targets }),
      });
    },
    onEntry: (entry) => {
      const text =
        entry.run === null
          ? `${entry.scenario}: ${entry.error}\n`
          : verdictText(entry.run.verdict, { isColor: pc.isColorSupported });
      process.stdout.write(`${text}\n`);
    },
  });
  const notes =
    options.quick === true ? [`Quick suite: users times ${QUICK.users}, durations times ${QUICK.time}.`] : [];
  const archive = { environment, startedAtMs, entries, notes };
  process.stdout.write(`${resultsTable(archive)}\n`);
  for (const path of await writeSuiteArchive(archive, options.reportsDir))
    process.stdout.write(`report   ${path}\n`);
  const code = exitCodeOf(entries.flatMap((entry) => entry.run?.verdict ?? []));
  return code === EXIT.done && entries.some((entry) => entry.run === null) ? EXIT.unreachable : code;
}

/** Observes what the environment names. */
function observing(environment: LabEnvironment): ObserverOptions {
  const variable = (name: string | null) => (name === null ? undefined : process.env[name]);
  const [redis, postgres] = [variable(environment.redisVariable), variable(environment.postgresVariable)];
  return observerOptions(
    environment.host,
    {
      ...(redis === undefined ? {} : { observeRedis: redis }),
      ...(postgres === undefined ? {} : { observePostgres: postgres }),
      ...(environment.pid === null ? {} : { observePid: environment.pid }),
    },
    process.env,
  );
}

/** The statistics as the first seed's script leaves them: `<test>_load_<time>_stats.csv`. */
async function writeSeedStats(result: RunResult, directory: string): Promise<void> {
  const time = new Date(result.startedAtMs).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
  await mkdir(directory, { recursive: true });
  const path = `${directory}/${result.scenario.name}_load_${time}_stats.csv`;
  await writeFile(path, locustCsvFiles(result)["_stats.csv"] ?? "");
}

/** Merges results and prints the new file's path. */
export async function merge(files: readonly string[], resultsDirectory: string): Promise<void> {
  const merged = mergeResults(await Promise.all(files.map(readRun)));
  process.stdout.write(`${await writeResult(merged, resultsDirectory)}\n`);
}

/** Saves or lists baselines. @throws RMP_CLI_USAGE */
export async function baseline(
  action: string,
  version: string | undefined,
  files: readonly string[],
  folders: BaselineFolders,
): Promise<void> {
  if (action === "list") {
    for (const known of await listBaselines(folders)) process.stdout.write(`${known}\n`);
    return;
  }
  if (action !== "save" || version === undefined)
    throw new RampartError("RMP_CLI_USAGE", "baseline: expected save VERSION RESULT... or list");
  const results = await Promise.all(files.map(readRun));
  for (const path of await saveBaseline(version, results, folders)) process.stdout.write(`${path}\n`);
}

/** Compares runs and prints what changed. @returns 0, or 99 when something got worse */
export async function compare(files: readonly string[], options: CompareFlags): Promise<number> {
  const runs = await Promise.all(files.map(readRun));
  const pairs = await pairsOf(runs, options);
  const comparisons = pairs.map(([before, after]) =>
    compareRuns(before, after, { noiseFloor: options.noiseFloor / 100, comparisons: pairs.length }),
  );
  for (const comparison of comparisons)
    process.stdout.write(`${comparisonText(comparison, { isColor: pc.isColorSupported })}\n`);
  const write = async (path: string | undefined, text: (comparison: Comparison) => string) => {
    if (path === undefined) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, comparisons.map(text).join("\n"));
  };
  await write(options.html, comparisonHtml);
  await write(options.markdown, comparisonMarkdown);
  if (options.json !== undefined) await write(options.json, (comparison) => JSON.stringify(comparison));
  return comparisons.some((comparison) => comparison.isRegression) ? EXIT.failed : EXIT.done;
}

/** Searches for the capacity and prints level by level. @returns 0, 98 when the generator was the limit, 99 on FAIL */
export async function capacity(name: string, options: CapacityFlags): Promise<number> {
  const file = options.locustfile ?? scenarioPath(name);
  const { scenario } = await loadScenario(file);
  const tables = await tablesFor({
    scenario: scenario.name,
    ...(scenario.targets === undefined ? {} : { table: scenario.targets }),
  });
  const host = options.host ?? scenario.host;
  const report = await runCapacity({
    scenario: file,
    overrides: {
      settings: options.set,
      ...(host === undefined ? {} : { host }),
      ...(options.processes === undefined ? {} : { processes: options.processes }),
    },
    vary: options.vary,
    limits: { p95Ms: options.p95, errorPercent: options.errors },
    startLevel: options.start,
    maxLevel: options.max,
    levelSec: options.levelTime,
    holdSec: options.hold,
    tables,
    onLevel: (level) =>
      process.stdout.write(
        `${level.verdict.padEnd(8)} ${level.level.toFixed(1).padStart(9)} ${options.vary === "rate" ? "req/s" : "users"}  ` +
          `served ${level.servedPerSec.toFixed(1)}/s  P95 ${level.p95Ms?.toFixed(1) ?? "-"} ms  ${level.reason}\n`,
      ),
  });
  const unit = options.vary === "rate" ? "requests per second" : "users";
  process.stdout.write(
    report.capacity === null
      ? `\nNo level held (${report.end}).\n`
      : `\nCapacity: ${report.capacity.toFixed(1)} ${unit} (${report.end})\n`,
  );
  if (report.hold !== null)
    process.stdout.write(
      `\n80 % held:\n${verdictText(report.hold.verdict, { isColor: pc.isColorSupported })}\n`,
    );
  if (options.json !== undefined) {
    await mkdir(dirname(options.json), { recursive: true });
    await writeFile(options.json, `${JSON.stringify(report)}\n`);
  }
  if (report.end === "generator-limit") return EXIT.invalid;
  if (report.capacity === null) return EXIT.failed;
  return report.hold === null ? EXIT.done : exitCodeOf([report.hold.verdict]);
}

/** Which runs are compared with which: a baseline with all, halves as repeats, or the first with each other one. */
async function pairsOf(
  runs: readonly RunResult[],
  options: CompareFlags,
): Promise<(readonly [readonly RunResult[], readonly RunResult[]])[]> {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  if (options.baseline !== undefined) {
    const kept = await loadBaseline(options.baseline, first.scenario.name, {
      baselines: options.baselinesDir,
    });
    return [[kept, runs]];
  }
  if (others.length === 0)
    throw new RampartError("RMP_CLI_USAGE", "compare: name at least two runs, or --baseline");
  if (options.repeats === true) {
    const half = Math.ceil(runs.length / 2);
    return [[runs.slice(0, half), runs.slice(half)]];
  }
  return others.map((other) => [[first], [other]]);
}
