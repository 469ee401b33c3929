/** Conducts a run: the one beside it first, then itself with observer and drill. */

import type { RunResult } from "#contract";
import {
  checkedDrill,
  loadDrill,
  type ObserverOptions,
  type RunningDrill,
  startDrill,
  startObserver,
  withBeside,
  writeResult,
} from "#lab";
import { type LiveSnapshot, type RunHandle, type RunOptions, type Scenario, startRun } from "#load";
import { epochMs } from "#shared";

/** What is to be run. */
export interface Conduct {
  readonly file: string;
  readonly scenario: Scenario;
  readonly overrides: RunOptions["overrides"];
  /** What is observed; null = nothing. */
  readonly observe: ObserverOptions | null;
  /** Drill file instead of the scenario's own faults. */
  readonly faultsFile?: string;
  /** Leaves out the run beside. */
  readonly isAlone?: boolean;
  /** Folder for the results file of the run beside. */
  readonly resultsDirectory: string;
  readonly onTick?: (snapshot: LiveSnapshot) => void;
  readonly onLog?: (line: string) => void;
  /** Starts a run; over the threads of this machine by default. */
  readonly start?: (options: RunOptions) => RunHandle;
  /** Told each run that is started. @returns called when it has ended */
  readonly onRun?: (run: RunHandle) => () => void;
}

/**
 * Runs a scenario to its end.
 * @returns the result of the run itself, not yet judged
 * @throws RMP_LOAD_SCENARIO_*, RMP_CONFIG_*, RMP_LAB_FAULT
 */
export async function conduct(options: Conduct): Promise<RunResult> {
  const { scenario, overrides } = options;
  const { beside } = scenario;
  let other: RunResult | null = null;
  if (beside !== undefined && options.isAlone !== true) {
    options.onLog?.(`${scenario.name}: first the run ${beside.label}`);
    const settings = { ...overrides?.settings, ...beside.settings };
    const plain = await runOnce({ ...options, overrides: { ...overrides, settings } }, null);
    other = {
      ...plain,
      scenario: { ...plain.scenario, notes: [...plain.scenario.notes, `Run ${beside.label}.`] },
    };
    await writeResult(other, options.resultsDirectory);
    if (other.stoppedEarly) return other;
  }
  const drill = await drillOf(options);
  const result = await runOnce(options, drill);
  return beside === undefined || other === null ? result : withBeside(result, other, beside);
}

async function runOnce(options: Conduct, drill: RunningDrill | null): Promise<RunResult> {
  const run = (options.start ?? startRun)({
    scenario: options.file,
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
    onTick: (snapshot) => {
      drill?.begin(epochMs() - snapshot.elapsedSec * 1000);
      options.onTick?.(snapshot);
    },
    ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
  });
  const observer = options.observe === null ? null : startObserver(options.observe);
  const release = options.onRun?.(run);
  try {
    const plain = await run.result;
    const observed = observer === null ? plain : await observer.finish(plain);
    return drill === null ? observed : await drill.finish(observed);
  } finally {
    observer?.stop();
    release?.();
    await drill?.close();
  }
}

/** Starts the services and proxies of the run's drill; null without one. */
async function drillOf({ faultsFile, scenario, overrides }: Conduct): Promise<RunningDrill | null> {
  const source = faultsFile ?? scenario.faults;
  if (source === undefined) return null;
  const drill =
    typeof source === "string" ? await loadDrill(source) : checkedDrill(source, `scenario ${scenario.name}`);
  return startDrill(drill, overrides?.settings?.["mock"] ?? null);
}
