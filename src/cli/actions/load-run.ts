/** Runs one scenario in the terminal: live table, progress, steering keys, drill, results file, reports, verdict. */
import { appendFileSync } from "node:fs";
import { isatty } from "node:tty";
import pc from "picocolors";
import type { RunResult } from "#contract";
import {
  archivePaths,
  exitCodeOf,
  type ReportPaths,
  recordRun,
  summarise,
  summaryText,
  verdictText,
} from "#lab";
import {
  type LiveSnapshot,
  loadScenario,
  type RunControl,
  type RunHandle,
  type RunOptions,
  type RunOverrides,
} from "#load";
import { EXIT, epochMs } from "#shared";
import { conduct } from "../conduct.ts";
import { formatLiveTable, formatProgress, TABLE_EVERY_SEC } from "../live-table.ts";
import { type ObservingFlags, observerOptions } from "../observing.ts";

/** What a terminal run is asked for. */
export interface LoadRunRequest {
  /** Path of the scenario file. */
  readonly file: string;
  readonly overrides: RunOverrides;
  /** Reports beside the archive's; names as asked for. */
  readonly reports: ReportPaths;
  readonly resultsDirectory: string;
  readonly reportsDirectory: string;
  readonly targetFiles: readonly string[];
  /** Where the parts of the system under test are. */
  readonly observing: ObservingFlags;
  /** Drill file instead of the scenario's own faults. */
  readonly faultsFile?: string;
  /** Leaves out the run that the scenario compares itself with. */
  readonly isAlone?: boolean;
  /** Exit code when requests failed and no target decides; undefined = targets decide. */
  readonly exitCodeOnError?: number;
  /** Prints tables while the run goes on. */
  readonly showsTables: boolean;
  /** Prints log lines of the engine and the scenario. */
  readonly showsLog: boolean;
  /** File that log lines are appended to instead. */
  readonly logFile?: string;
  /** Told the judged result before the summary is printed. */
  readonly onResult?: (result: RunResult) => void;
  /** Starts the run; over the threads of this machine by default. */
  readonly start?: (options: RunOptions) => RunHandle;
}

/**
 * Runs a scenario to its end.
 * @returns the exit code: 0, 98 INVALID, 99 FAIL, or `exitCodeOnError`
 * @throws RMP_LOAD_SCENARIO_*, RMP_LAB_TARGETS_INVALID, RMP_CONFIG_NOT_FOUND
 */
export async function runInTerminal(request: LoadRunRequest): Promise<number> {
  const { scenario } = await loadScenario(request.file);
  const isTerminal = isatty(2);
  const screen = createScreen(isTerminal, request);
  const host = request.overrides.host ?? scenario.host;
  let result: RunResult;
  try {
    result = await conduct({
      file: request.file,
      scenario,
      overrides: request.overrides,
      observe: host === undefined ? null : observerOptions(host, request.observing, process.env),
      resultsDirectory: request.resultsDirectory,
      ...(request.faultsFile === undefined ? {} : { faultsFile: request.faultsFile }),
      ...(request.isAlone === undefined ? {} : { isAlone: request.isAlone }),
      ...(request.start === undefined ? {} : { start: request.start }),
      onTick: screen.show,
      onLog: screen.log,
      onRun: ({ control }) => {
        const release = steerWithKeys(control, screen.log);
        const stopOnSignal = createStopper(control, screen.log);
        process.on("SIGINT", stopOnSignal);
        process.on("SIGTERM", stopOnSignal);
        return () => {
          release();
          process.off("SIGINT", stopOnSignal);
          process.off("SIGTERM", stopOnSignal);
        };
      },
    });
  } finally {
    screen.end();
  }
  const recorded = await recordRun(result, {
    resultsDirectory: request.resultsDirectory,
    reports: { ...archivePaths(result, request.reportsDirectory), ...request.reports },
    generatedAtMs: epochMs(),
    ...(request.targetFiles.length === 0 ? {} : { targetFiles: request.targetFiles }),
    ...(scenario.targets === undefined ? {} : { table: scenario.targets }),
  });
  const { verdict, tables, path, reports } = recorded;
  request.onResult?.(recorded.result);
  process.stdout.write(`\n${summaryText(summarise(recorded.result, tables, verdict))}\n`);
  process.stdout.write(
    `${verdictText(verdict, { isColor: pc.isColorSupported, width: process.stdout.columns ?? 110 })}\n`,
  );
  process.stdout.write(`\nresults  ${path}\n`);
  for (const report of reports) process.stdout.write(`report   ${report}\n`);
  return exitCodeFor(recorded.result, exitCodeOf([verdict]), request.exitCodeOnError);
}

function exitCodeFor(result: RunResult, verdictCode: number, exitCodeOnError: number | undefined): number {
  if (verdictCode !== EXIT.done || exitCodeOnError === undefined) return verdictCode;
  return result.total.failures > 0 || result.exceptions.length > 0 ? exitCodeOnError : EXIT.done;
}

/** Where progress goes: one line that is rewritten on a terminal, a line every few seconds otherwise. */
function createScreen(isTerminal: boolean, { showsTables, showsLog, logFile }: LoadRunRequest) {
  let hasLine = false;
  let lastTableSec = 0;
  const clearLine = (): void => {
    if (hasLine) process.stderr.write("\r\x1b[2K");
    hasLine = false;
  };
  return {
    show(snapshot: LiveSnapshot): void {
      clearLine();
      const isTableDue =
        snapshot.elapsedSec - lastTableSec >= TABLE_EVERY_SEC || snapshot.state === "stopped";
      if (isTableDue && showsTables) {
        lastTableSec = snapshot.elapsedSec;
        process.stderr.write(`${formatLiveTable(snapshot)}\n${formatProgress(snapshot)}\n\n`);
      } else if (isTerminal) {
        process.stderr.write(formatProgress(snapshot));
        hasLine = true;
      }
    },
    log(line: string): void {
      if (!showsLog) return;
      if (logFile !== undefined) {
        appendFileSync(logFile, `${line}\n`);
        return;
      }
      clearLine();
      process.stderr.write(`${pc.dim(line)}\n`);
    },
    end: clearLine,
  };
}

/** Locust's keys: w and W add 1 and 10 users, s and S take them away. @returns gives the keyboard back */
function steerWithKeys(control: RunControl, log: (line: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const steps: Readonly<Record<string, number>> = { w: 1, W: 10, s: -1, S: -10 };
  const onKey = (key: string): void => {
    if (key === "\x03") process.kill(process.pid, "SIGINT");
    const step = steps[key];
    if (step === undefined) return;
    const users = Math.max(0, control.snapshot().targetUsers + step);
    control.setUsers(users);
    log(`users: ${users}`);
  };
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.on("data", onKey);
  stdin.resume();
  return () => {
    stdin.off("data", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** First signal stops the run and reports it; the second ends at once. */
function createStopper(control: RunControl, log: (line: string) => void): () => void {
  let stopping = false;
  return () => {
    if (stopping) process.exit(EXIT.interrupted);
    stopping = true;
    log("stopping; once more ends at once without a report");
    control.stop();
  };
}
