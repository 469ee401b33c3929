/** What `rampart load` does: finds the scenario, puts the run's settings together, runs it. */
import { listScenarioNames, locustStatsOfResult, type ReportPaths, scenarioPath } from "#lab";
import { loadScenario, type RunOverrides } from "#load";
import { EXIT, formatTimeSpan, RampartError } from "#shared";
import { FROM_MASTER, scenarioFilesAsked } from "../load-files.ts";
import type { LoadOptions } from "../load-options.ts";
import { overridesOf } from "../load-overrides.ts";
import { webSocketLoad } from "../load-websocket.ts";
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
  if (options.otel === true)
    throw new RampartError(
      "RMP_CLI_USAGE",
      "--otel: the load engine sends no OpenTelemetry data; for traces set telemetry.url of the gateway (rampart.yaml), for the run's figures take --result-json, --csv or --json-file",
      { field: "otel" },
    );
  // Scenarios read it when they are loaded, in worker threads too.
  if (options.wait !== undefined) process.env["RAMPART_WAIT"] = options.wait;
  const { locustfile } = options;
  const named =
    locustfile === undefined
      ? shippedScenario(names[0])
      : locustfile === FROM_MASTER
        ? FROM_MASTER
        : await scenarioFilesAsked(locustfile);
  if (named === FROM_MASTER && options.worker !== true)
    throw new RampartError("RMP_CLI_USAGE", "-f - takes the scenario from a master: it needs --worker", {
      field: "locustfile",
    });
  const userClasses = options.locustfile === undefined ? names.slice(1) : names;
  if (options.list === true || options.showTaskRatio === true || options.showTaskRatioJson === true)
    return describe(named, options);
  const asked = overridesOf(options, userClasses);
  const { file, overrides } = webSocketOf(names, options, asked) ?? { file: named, overrides: asked };
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
    showsLog: options.skipLogSetup !== true && /^(?:DEBUG|INFO)$/i.test(options.loglevel),
    ...(options.logfile === undefined ? {} : { logFile: options.logfile }),
    ...(options.json === true ? { onResult: (result) => printJson(locustStatsOfResult(result)) } : {}),
    ...errorExitCode(options),
  };
  return options.master === true ? withMaster(file, request, options) : runInTerminal(request);
}

function webSocketOf(names: readonly string[], options: LoadOptions, overrides: RunOverrides) {
  if (options.url !== undefined && (names[0] !== "websocket" || options.locustfile !== undefined))
    throw new RampartError("RMP_CLI_USAGE", "--url belongs to rampart load websocket", { field: "url" });
  return webSocketLoad(options, overrides);
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

function percent(share: number): string {
  return `${(100 * share).toFixed(1).padStart(6)} %`;
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
