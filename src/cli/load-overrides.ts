/** From flags of `rampart load` to what they change of a scenario's own settings. */
import { readFileSync } from "node:fs";
import type { ClassSettings, RunOverrides } from "#load";
import { RampartError } from "#shared";
import type { LoadOptions } from "./load-options.ts";
import { executorsOf, thresholdsOf } from "./load-plan.ts";

/**
 * What the flags change of a scenario's own settings.
 * @throws RMP_CLI_USAGE, RMP_CONFIG_NOT_FOUND for an unreadable file of authorities
 */
export function overridesOf(options: LoadOptions, userClasses: readonly string[]): RunOverrides {
  const executors = executorsOf(options);
  const thresholds = thresholdsOf(options.threshold);
  const notes = notesOf(options);
  const runTime = executors === undefined ? options.runTime : undefined;
  return {
    settings: options.set,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.users === undefined ? {} : { users: options.users }),
    ...(options.spawnRate === undefined ? {} : { spawnRatePerSec: options.spawnRate }),
    ...(runTime === undefined ? {} : { runTimeSec: runTime }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.tags === undefined ? {} : { tags: words(options.tags) }),
    ...(options.excludeTags === undefined ? {} : { excludeTags: words(options.excludeTags) }),
    ...(userClasses.length === 0 ? {} : { userClasses }),
    ...(options.shape === undefined ? {} : { shape: options.shape }),
    ...(executors === undefined ? {} : { executors }),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(options.processes === undefined ? {} : { processes: options.processes }),
    ...(options.stopTimeout === undefined ? {} : { stopTimeoutSec: options.stopTimeout }),
    ...(options.resetStats === undefined ? {} : { resetStats: options.resetStats }),
    ...(options.equalWeights === undefined ? {} : { equalWeights: options.equalWeights }),
    ...(options.csvFullHistory === true ? { fullHistory: true } : {}),
    ...(options.http2 === true ? { http2: true } : {}),
    ...(options.configUsers === undefined ? {} : { classSettings: classSettingsOf(options.configUsers) }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(options.ca === undefined ? {} : { ca: readCertificates(options.ca) }),
  };
}

/**
 * Settings of user classes as Locust's `--config-users` takes them: JSON objects or lists of them, or files with such.
 * @throws RMP_CLI_USAGE naming what is wrong
 */
export function classSettingsOf(texts: readonly string[]): Readonly<Record<string, ClassSettings>> {
  const settings: Record<string, ClassSettings> = {};
  for (const text of texts)
    for (const entry of entriesOf(text)) {
      const { user_class_name: name, weight, fixed_count: fixedCount, host } = entry;
      if (typeof name !== "string") throw invalidUsers("each entry needs a user_class_name");
      settings[name] = {
        ...(weight === undefined ? {} : { weight: numberOf(weight, `weight of ${name}`) }),
        ...(fixedCount === undefined ? {} : { fixedCount: numberOf(fixedCount, `fixed_count of ${name}`) }),
        ...(typeof host === "string" ? { host } : {}),
      };
    }
  return settings;
}

function entriesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(/^\s*[[{]/.test(text) ? text : readFileSync(text, "utf8"));
  } catch (cause) {
    throw invalidUsers("expected JSON or a file that holds JSON", cause);
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) throw invalidUsers("each entry must be an object");
    return { ...entry };
  });
}

function numberOf(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw invalidUsers(`${what} must be a number of at least 0`);
}

function invalidUsers(problem: string, cause?: unknown): RampartError {
  return new RampartError("RMP_CLI_USAGE", `--config-users: ${problem}`, { field: "config-users", cause });
}

/** Facts that belong into the report of a run that was asked for in this way. */
function notesOf({ profile, wait }: LoadOptions): readonly string[] {
  return [
    ...(profile === undefined ? [] : [`profile: ${profile}`]),
    ...(wait === "seed" ? ["waits of the first seed's load file (--wait seed)"] : []),
  ];
}

/** Values of a repeatable flag that may also come as one text, as environment variables do. */
function words(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(/[\s,]+/)).filter((word) => word !== "");
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `${path} cannot be read`, { cause, field: "ca" });
  }
}
