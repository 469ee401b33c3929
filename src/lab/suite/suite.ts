/** The documented series of both seeds, one scenario after the other. */
import { RampartError, toRampartError } from "#shared";
import type { RecordedRun } from "../record.ts";

/** The series in the order of the documents; the soak is asked for by name, it takes a day. */
export const SERIES: readonly string[] = [
  ..."baseline target stress spike websocket".split(" "),
  ..."light medium medium-cached heavy step spike-bursts throughput throughput-cached".split(" "),
  ..."streaming guard-integrity mixed".split(" "),
];

/** One test of a suite: judged, or with the reason why it could not be run. */
export interface SuiteEntry {
  readonly scenario: string;
  readonly run: RecordedRun | null;
  readonly error: string | null;
}

/** Options of {@link runSuite}. */
export interface SuiteOptions {
  /** Scenarios to run; the whole series by default. */
  readonly only?: readonly string[];
  /** Runs, judges and keeps one scenario. */
  readonly runOne: (scenario: string) => Promise<RecordedRun>;
  /** Waits between two tests, so that one does not load the next. */
  readonly pause: () => Promise<void>;
  readonly onEntry?: (entry: SuiteEntry) => void;
  readonly signal?: AbortSignal;
}

/** Runs the series; a test that fails or cannot be run does not end it. @throws RMP_CLI_USAGE for an unknown scenario */
export async function runSuite(options: SuiteOptions): Promise<SuiteEntry[]> {
  const known = [...SERIES, "soak"];
  const scenarios = options.only ?? SERIES;
  const unknown = scenarios.find((scenario) => !known.includes(scenario));
  if (unknown !== undefined)
    throw new RampartError(
      "RMP_CLI_USAGE",
      `no test "${unknown}" in the suite; there are ${known.join(", ")}`,
      {
        field: "only",
      },
    );
  const entries: SuiteEntry[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    if (options.signal?.aborted === true) break;
    if (index > 0) await options.pause();
    const entry = await runEntry(scenario, options.runOne);
    entries.push(entry);
    options.onEntry?.(entry);
  }
  return entries;
}

async function runEntry(scenario: string, runOne: SuiteOptions["runOne"]): Promise<SuiteEntry> {
  try {
    return { scenario, run: await runOne(scenario), error: null };
  } catch (error) {
    const known = toRampartError(error);
    return { scenario, run: null, error: `${known.message} (${known.code})` };
  }
}
