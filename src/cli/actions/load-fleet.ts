/** `rampart load --master` and `--worker`: load from several machines over Locust's protocol. */
import { availableParallelism } from "node:os";
import { createLocustMaster, createLocustWorker, downloadMasterScenario, type RunOverrides } from "#load";
import { EXIT } from "#shared";
import { FROM_MASTER } from "../load-files.ts";
import type { LoadOptions } from "../load-options.ts";
import { superviseWorkers } from "../load-workers.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type LoadRunRequest, runInTerminal } from "./load-run.ts";

/**
 * Leads workers through one run.
 * @returns the run's exit code
 * @throws RMP_LOAD_WORKERS_MISSING, RMP_NET_PORT_IN_USE, RMP_BACKEND_UNAVAILABLE without the package zeromq
 */
export async function withMaster(
  file: string,
  request: LoadRunRequest,
  options: LoadOptions,
): Promise<number> {
  const master = await createLocustMaster({
    scenario: file,
    bindHost: options.masterBindHost,
    bindPort: options.masterBindPort,
    onLog: printLog,
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  try {
    printLog(`master on port ${master.port}; waiting for ${options.expectWorkers} workers`);
    await master.waitForWorkers(options.expectWorkers, options.expectWorkersMaxWait);
    return await runInTerminal({
      ...request,
      start: ({ scenario: _scenario, ...rest }) => master.startRun(rest),
    });
  } finally {
    await master.close();
  }
}

/**
 * Works for a master until it lets go; with `--processes` as so many worker processes of this machine.
 * @param file scenario files, or {@link FROM_MASTER}
 * @throws RMP_NET_UNREACHABLE, RMP_LOAD_TOKEN_REFUSED, RMP_LOAD_SCENARIO_*
 */
export async function workAsWorker(
  file: string,
  overrides: RunOverrides,
  options: LoadOptions,
): Promise<number> {
  const { processes = 1 } = options;
  const count = processes < 0 ? availableParallelism() : processes;
  if (count > 1) return superviseWorkers(count);
  const master = {
    masterHost: options.masterHost,
    masterPort: options.masterPort,
    ...(options.token === undefined ? {} : { token: options.token }),
  };
  const scenario =
    file === FROM_MASTER ? await downloadMasterScenario({ ...master, folder: temporaryFolder() }) : file;
  const worker = await createLocustWorker({ ...master, scenario, overrides, onLog: printLog });
  const stop = (): void => void worker.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await worker.done;
  return EXIT.done;
}

function printLog(line: string): void {
  process.stderr.write(`${line}\n`);
}
