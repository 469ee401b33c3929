/** `rampart load`, `check` and `report`: running scenarios, judging and reporting finished runs. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import { packagePath } from "#backends";
import { archivePaths, checkRuns, exitCodeOf, junitXml, reportRun, verdictText } from "#lab";
import type { RunOverrides } from "#load";
import { EXIT, epochMs, parseTimeSpanSec, RampartError } from "#shared";
import { runInTerminal } from "../load-run.ts";
import { positiveNumber, wholeNumber } from "../numbers.ts";

/** Adds the commands of the lab. */
export function addLabCommands(program: Command): void {
  addLoad(program);
  addCheck(program);
  addReport(program);
}

interface LoadOptions {
  readonly locustfile?: string;
  readonly list?: boolean;
  readonly host?: string;
  readonly users?: number;
  readonly spawnRate?: number;
  readonly runTime?: number;
  readonly seed?: number;
  readonly tags?: string[];
  readonly excludeTags?: string[];
  readonly shape?: string;
  readonly processes?: number;
  readonly stopTimeout?: number;
  readonly resetStats?: boolean;
  readonly equalWeights?: boolean;
  readonly set: Record<string, string>;
  readonly targets: string[];
  readonly csv?: string;
  readonly html?: string;
  readonly json?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly resultsDir: string;
  readonly reportsDir: string;
  readonly onlySummary?: boolean;
  readonly exitCodeOnError?: number;
}

function addLoad(program: Command): void {
  program
    .command("load")
    .description("Run a load scenario and judge it against its targets.")
    .argument("[name]", "a shipped scenario; rampart load --list names them")
    .option("-f, --locustfile <file>", "a scenario file of your own (TypeScript or JavaScript)")
    .option("-l, --list", "list the shipped scenarios")
    .addOption(new Option("-H, --host <url>", "base URL of the system under test").env("LOCUST_HOST"))
    .addOption(
      new Option("-u, --users <n>", "peak number of users").env("LOCUST_USERS").argParser(wholeNumber(1)),
    )
    .addOption(
      new Option("-r, --spawn-rate <n>", "users started per second")
        .env("LOCUST_SPAWN_RATE")
        .argParser(positiveNumber),
    )
    .addOption(
      new Option("-t, --run-time <span>", "duration: 300, 20s, 3m, 1h30m")
        .env("LOCUST_RUN_TIME")
        .argParser(timeSpan),
    )
    .option("--seed <n>", "seed of all random choices", wholeNumber(0))
    .option("-T, --tags <tags...>", "only tasks with one of these tags")
    .option("-E, --exclude-tags <tags...>", "no tasks with one of these tags")
    .option("--shape <name>", "load shape: one of the scenario's, StepLoadShape or SpikeLoadShape")
    .option("--processes <n>", "worker threads", wholeNumber(1, 256))
    .option("-s, --stop-timeout <span>", "time for running tasks to end", timeSpan)
    .option("--reset-stats", "forget the statistics once all users are running")
    .option("--equal-weights", "give every user class the same weight")
    .option("--set <key=value>", "a value for the scenario; repeatable", collectPair, {})
    .option("--targets <file>", "target table that judges the run; repeatable", collect, [])
    .option("--csv <prefix>", "write Locust's four CSV files under this prefix")
    .option("--html <file>", "write the HTML report here")
    .option("--json <file>", "write the whole result as JSON here")
    .option("--junit <file>", "write the verdict as JUnit XML here")
    .option("--markdown <file>", "write a summary for a pull request here")
    .option("--results-dir <dir>", "folder of results files", "results")
    .option("--reports-dir <dir>", "folder of the report archive", "reports")
    .option("--only-summary", "no tables while the run goes on")
    .option(
      "--exit-code-on-error <n>",
      "exit code when a request failed and no target did",
      wholeNumber(0, 255),
    )
    .action(async (name: string | undefined, options: LoadOptions) => {
      if (options.list === true) {
        process.stdout.write(`${scenarioNames().join("\n")}\n`);
        return;
      }
      const file = scenarioFile(name, options.locustfile);
      process.exitCode = await runInTerminal({
        file,
        overrides: overridesOf(options),
        reports: reportPaths(options),
        resultsDirectory: options.resultsDir,
        reportsDirectory: options.reportsDir,
        targetFiles: options.targets,
        showsTables: options.onlySummary !== true,
        ...errorExitCode(options),
      });
    });
}

function addCheck(program: Command): void {
  program
    .command("check")
    .description("Judge finished runs: results files, Locust CSV files, HTML reports of ours.")
    .argument("<results...>", "files to judge")
    .option(
      "--targets <file>",
      "target table; repeatable (default: those that name the scenario)",
      collect,
      [],
    )
    .option("--scenario <name>", "scenario whose rows count; CSV files do not tell")
    .option("--junit <file>", "write the verdicts as JUnit XML here")
    .action(async (files: string[], options: { targets: string[]; scenario?: string; junit?: string }) => {
      const runs = await checkRuns(files, {
        ...(options.targets.length === 0 ? {} : { targetFiles: options.targets }),
        ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
      });
      for (const run of runs)
        process.stdout.write(
          `${pc.bold(run.path)}\n${verdictText(run.verdict, { isColor: pc.isColorSupported, width: process.stdout.columns ?? 110 })}\n\n`,
        );
      if (options.junit !== undefined) {
        mkdirSync(dirname(options.junit), { recursive: true });
        writeFileSync(options.junit, junitXml(runs));
      }
      process.exitCode = exitCodeOf(runs.map((run) => run.verdict));
    });
}

interface ReportOptions extends ReportFlags {
  readonly targets: string[];
  readonly scenario?: string;
  readonly reportsDir: string;
}

function addReport(program: Command): void {
  program
    .command("report")
    .description("Write the reports of a finished run again.")
    .argument("<result>", "results file")
    .option(
      "--targets <file>",
      "target table; repeatable (default: those that name the scenario)",
      collect,
      [],
    )
    .option("--scenario <name>", "scenario whose rows count")
    .option("--csv <prefix>", "write Locust's four CSV files under this prefix")
    .option("--html <file>", "write the HTML report here")
    .option("--json <file>", "write the whole result as JSON here")
    .option("--junit <file>", "write the verdict as JUnit XML here")
    .option("--markdown <file>", "write a summary for a pull request here")
    .option("--reports-dir <dir>", "folder of the archive, used when no file is named", "reports")
    .action(async (file: string, options: ReportOptions) => {
      const [run] = await checkRuns([file], {
        ...(options.targets.length === 0 ? {} : { targetFiles: options.targets }),
        ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
      });
      if (run === undefined) return;
      const asked = reportPaths(options);
      const paths = Object.keys(asked).length === 0 ? archivePaths(run.result, options.reportsDir) : asked;
      for (const path of await reportRun(run, paths, { generatedAtMs: epochMs() }))
        process.stdout.write(`${path}\n`);
    });
}

interface ReportFlags {
  readonly csv?: string;
  readonly html?: string;
  readonly json?: string;
  readonly junit?: string;
  readonly markdown?: string;
}

function reportPaths({ csv, html, json, junit, markdown }: ReportFlags): ReportFlags {
  return {
    ...(csv === undefined ? {} : { csv }),
    ...(html === undefined ? {} : { html }),
    ...(json === undefined ? {} : { json }),
    ...(junit === undefined ? {} : { junit }),
    ...(markdown === undefined ? {} : { markdown }),
  };
}

function overridesOf(options: LoadOptions): RunOverrides {
  return {
    settings: options.set,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.users === undefined ? {} : { users: options.users }),
    ...(options.spawnRate === undefined ? {} : { spawnRatePerSec: options.spawnRate }),
    ...(options.runTime === undefined ? {} : { runTimeSec: options.runTime }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.tags === undefined ? {} : { tags: options.tags }),
    ...(options.excludeTags === undefined ? {} : { excludeTags: options.excludeTags }),
    ...(options.shape === undefined ? {} : { shape: options.shape }),
    ...(options.processes === undefined ? {} : { processes: options.processes }),
    ...(options.stopTimeout === undefined ? {} : { stopTimeoutSec: options.stopTimeout }),
    ...(options.resetStats === undefined ? {} : { resetStats: options.resetStats }),
    ...(options.equalWeights === undefined ? {} : { equalWeights: options.equalWeights }),
  };
}

/** Locust's default of 1 holds for files given with -f; a shipped scenario's targets decide alone. */
function errorExitCode(options: LoadOptions): { exitCodeOnError?: number } {
  if (options.exitCodeOnError !== undefined) return { exitCodeOnError: options.exitCodeOnError };
  return options.locustfile === undefined ? {} : { exitCodeOnError: EXIT.errors };
}

/** Names of the scenarios that ship. */
function scenarioNames(): string[] {
  return readdirSync(packagePath("scenarios"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

function scenarioFile(name: string | undefined, locustfile: string | undefined): string {
  if (locustfile !== undefined) return locustfile;
  if (name === undefined)
    throw new RampartError(
      "RMP_CLI_USAGE",
      "load: name a scenario (rampart load --list) or give a file with -f",
    );
  const file = join(packagePath("scenarios"), `${name}.ts`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file))
    throw new RampartError(
      "RMP_LOAD_SCENARIO_NOT_FOUND",
      `no shipped scenario ${name}; there are ${scenarioNames().join(", ")}`,
      { field: "name" },
    );
  return file;
}

function timeSpan(text: string): number {
  try {
    return parseTimeSpanSec(text);
  } catch {
    throw new InvalidArgumentError("expected a time span like 300, 20s, 3m or 1h30m");
  }
}

function collect(value: string, values: string[]): string[] {
  return [...values, value];
}

function collectPair(text: string, pairs: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected key=value");
  return { ...pairs, [text.slice(0, at)]: text.slice(at + 1) };
}
