/** What `rampart load` does: finds the scenario, puts the run's settings together, runs it. */
import { readFileSync } from "node:fs";
import { listScenarioNames, locustStatsOfResult, type ReportPaths, scenarioPath } from "#lab";
import { loadScenario, type RunOverrides } from "#load";
import { EXIT, formatTimeSpan, RampartError } from "#shared";
import type { LoadOptions } from "../load-options.ts";
import { executorsOf, thresholdsOf } from "../load-plan.ts";
import { withMaster, workAsWorker } from "./load-fleet.ts";
import { serveLoadPage } from "./load-page.ts";
import { type LoadRunRequest, runInTerminal } from "./load-run.ts";

/**
 * Runs one scenario in the terminal, serves it as a web page, leads workers, works for a master, or lists.
 * @param names a shipped scenario's name and user classes; with `-f` only user classes
 * @returns the exit code
 * @throws RMP_CLI_USAGE, RMP_LOAD_SCENARIO_NOT_FOUND, and what the run throws
 */
export async function load(names: readonly string[], options: LoadOptions): Promise<number> {
  if (options.list === true && options.locustfile === undefined) {
    process.stdout.write(`${(await listScenarioNames()).join("\n")}\n`);
    return EXIT.done;
  }
  const file = options.locustfile ?? shippedScenario(names[0]);
  const userClasses = options.locustfile === undefined ? names.slice(1) : names;
  if (options.list === true || options.showTaskRatio === true || options.showTaskRatioJson === true)
    return describe(file, options);
  const overrides = overridesOf(options, userClasses);
  if (options.worker === true) return workAsWorker(file, overrides, options);
  const isPage = options.locustfile !== undefined && options.headless !== true;
  if (isPage && options.master !== true) return serveLoadPage(file, overrides, options);
  const request: LoadRunRequest = {
    file,
    overrides,
    reports: reportPathsOf(options),
    resultsDirectory: options.resultsDir,
    reportsDirectory: options.reportsDir,
    targetFiles: options.targets,
    observing: options,
    isAlone: !options.beside,
    ...(options.faults === undefined ? {} : { faultsFile: options.faults }),
    showsTables: options.onlySummary !== true,
    showsLog: /^(?:DEBUG|INFO)$/i.test(options.loglevel),
    ...(options.logfile === undefined ? {} : { logFile: options.logfile }),
    ...(options.json === true ? { onResult: (result) => printJson(locustStatsOfResult(result)) } : {}),
    ...errorExitCode(options),
  };
  return options.master === true ? withMaster(file, request, options) : runInTerminal(request);
}

function overridesOf(options: LoadOptions, userClasses: readonly string[]): RunOverrides {
  const executors = executorsOf(options);
  const thresholds = thresholdsOf(options.threshold);
  const runTime = executors === undefined ? options.runTime : undefined;
  return {
    settings: options.set,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.users === undefined ? {} : { users: options.users }),
    ...(options.spawnRate === undefined ? {} : { spawnRatePerSec: options.spawnRate }),
    ...(runTime === undefined ? {} : { runTimeSec: runTime }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.tags === undefined ? {} : { tags: options.tags }),
    ...(options.excludeTags === undefined ? {} : { excludeTags: options.excludeTags }),
    ...(userClasses.length === 0 ? {} : { userClasses }),
    ...(options.shape === undefined ? {} : { shape: options.shape }),
    ...(executors === undefined ? {} : { executors }),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(options.processes === undefined ? {} : { processes: options.processes }),
    ...(options.stopTimeout === undefined ? {} : { stopTimeoutSec: options.stopTimeout }),
    ...(options.resetStats === undefined ? {} : { resetStats: options.resetStats }),
    ...(options.equalWeights === undefined ? {} : { equalWeights: options.equalWeights }),
    ...(options.ca === undefined ? {} : { ca: readCertificates(options.ca) }),
  };
}

function reportPathsOf(options: LoadOptions): ReportPaths {
  const { csv, html, jsonFile, resultJson, junit, markdown } = options;
  return {
    ...(csv === undefined ? {} : { csv }),
    ...(html === undefined ? {} : { html: fillName(html, options) }),
    ...(jsonFile === undefined ? {} : { statsJson: `${jsonFile}.json` }),
    ...(resultJson === undefined ? {} : { json: resultJson }),
    ...(junit === undefined ? {} : { junit }),
    ...(markdown === undefined ? {} : { markdown }),
  };
}

/** Locust's placeholders in the name of the HTML file: users, spawn rate, run time. */
function fillName(name: string, { users = 1, spawnRate = 1, runTime }: LoadOptions): string {
  return name
    .replaceAll("{u}", String(users))
    .replaceAll("{r}", String(spawnRate))
    .replaceAll("{t}", runTime === undefined ? "forever" : formatTimeSpan(runTime));
}

/** Locust's default of 1 holds for files given with -f; a shipped scenario's targets decide alone. */
function errorExitCode(options: LoadOptions): { exitCodeOnError?: number } {
  if (options.exitCodeOnError !== undefined) return { exitCodeOnError: options.exitCodeOnError };
  return options.locustfile === undefined ? {} : { exitCodeOnError: EXIT.errors };
}

function shippedScenario(name: string | undefined): string {
  if (name !== undefined) return scenarioPath(name);
  throw new RampartError(
    "RMP_CLI_USAGE",
    "load: name a scenario (rampart load --list) or give a file with -f",
  );
}

async function describe(file: string, options: LoadOptions): Promise<number> {
  const { scenario } = await loadScenario(file);
  const classes = scenario.userClasses;
  if (options.list === true) {
    process.stdout.write(`${classes.map(({ name }) => name).join("\n")}\n`);
    return EXIT.done;
  }
  const weight = classes.reduce((sum, userClass) => sum + userClass.weight, 0);
  const ratios = Object.fromEntries(
    classes.map((userClass) => {
      const all = userClass.tasks.reduce((sum, task) => sum + task.weight, 0);
      const tasks = Object.fromEntries(
        userClass.tasks.map((task) => [task.name, { ratio: task.weight / all }]),
      );
      return [userClass.name, { ratio: userClass.weight / weight, tasks }];
    }),
  );
  if (options.showTaskRatioJson === true) printJson({ per_class: ratios });
  else
    for (const [name, { ratio, tasks }] of Object.entries(ratios)) {
      process.stdout.write(`${percent(ratio)}  ${name}\n`);
      for (const [task, share] of Object.entries(tasks))
        process.stdout.write(`  ${percent(share.ratio)}  ${task}\n`);
    }
  return EXIT.done;
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `${path} cannot be read`, { cause, field: "ca" });
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).padStart(6)} %`;
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
