/** What is observed beside the answers: flags and environment of every command that runs a load. */
import { readFileSync } from "node:fs";
import type { ObserverOptions } from "#lab";
import { RampartError } from "#shared";

/** Environment names; each stands for the flag of the same words. */
export const OBSERVING_ENV = {
  pid: "RAMPART_OBSERVE_PID",
  redis: "RAMPART_OBSERVE_REDIS",
  postgres: "RAMPART_OBSERVE_POSTGRES",
  key: "RAMPART_MONITOR_KEY",
} as const;

/** Where the parts of the system under test are; what is left out is not observed. */
export interface ObservingFlags {
  /** Process id, or the path of a file that holds it. */
  readonly observePid?: string;
  readonly observeRedis?: string;
  readonly observePostgres?: string;
}

/**
 * Options of the observer of one run.
 * @param env read for what no flag names, and for the monitor's key
 * @throws RMP_CLI_USAGE when the process id is none
 */
export function observerOptions(
  targetUrl: string,
  flags: ObservingFlags,
  env: Readonly<Record<string, string | undefined>>,
): ObserverOptions {
  const pid = flags.observePid ?? env[OBSERVING_ENV.pid];
  const redisUrl = flags.observeRedis ?? env[OBSERVING_ENV.redis];
  const postgresUrl = flags.observePostgres ?? env[OBSERVING_ENV.postgres];
  const key = env[OBSERVING_ENV.key];
  return {
    targetUrl,
    ...(pid === undefined ? {} : { pid: pidOf(pid) }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(postgresUrl === undefined ? {} : { postgresUrl }),
    ...(key === undefined ? {} : { headers: { "x-api-key": key } }),
  };
}

function pidOf(text: string): number {
  let digits = text;
  if (!/^\d+$/.test(text))
    try {
      digits = readFileSync(text, "utf8").trim();
    } catch {
      // told below
    }
  if (/^\d+$/.test(digits)) return Number(digits);
  throw new RampartError("RMP_CLI_USAGE", "--observe-pid: expected a process id or a file that holds one", {
    field: "observe-pid",
  });
}
