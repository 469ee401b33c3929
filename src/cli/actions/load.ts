/** What `rampart load` does: finds the scenario, puts the run's settings together, runs it. */
import { listScenarioNames, type ReportPaths, scenarioPath } from "#lab";
import type { RunOverrides } from "#load";
import { EXIT, RampartError } from "#shared";
import { runInTerminal } from "./load-run.ts";
import { reportPaths } from "./report-paths.ts";

/** Flags of `rampart load`. */
export interface LoadOptions extends ReportPaths {
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
  readonly resultsDir: string;
  readonly reportsDir: string;
  readonly onlySummary?: boolean;
  readonly exitCodeOnError?: number;
}

/**
 * Runs one scenario, or lists them.
 * @returns the exit code
 * @throws RMP_CLI_USAGE, RMP_LOAD_SCENARIO_NOT_FOUND, and what the run throws
 */
export async function load(name: string | undefined, options: LoadOptions): Promise<number> {
  if (options.list === true) {
    process.stdout.write(`${(await listScenarioNames()).join("\n")}\n`);
    return EXIT.done;
  }
  return runInTerminal({
    file: scenarioFile(name, options.locustfile),
    overrides: overridesOf(options),
    reports: reportPaths(options),
    resultsDirectory: options.resultsDir,
    reportsDirectory: options.reportsDir,
    targetFiles: options.targets,
    showsTables: options.onlySummary !== true,
    ...errorExitCode(options),
  });
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

function scenarioFile(name: string | undefined, locustfile: string | undefined): string {
  if (locustfile !== undefined) return locustfile;
  if (name === undefined)
    throw new RampartError(
      "RMP_CLI_USAGE",
      "load: name a scenario (rampart load --list) or give a file with -f",
    );
  return scenarioPath(name);
}
