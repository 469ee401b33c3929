/** A Rampart master over Rampart, Locust and boomer workers: `rampart load -f FILE --master`. */
import type { RunResult } from "#contract";
import { epochMs, monotonicMs, RampartError, randomHex } from "#shared";
import { hashScenario, loadScenario } from "../loader.ts";
import type { Scenario } from "../model/scenario-types.ts";
import type { RunHandle, RunOptions } from "../run-types.ts";
import { startRun } from "../runner.ts";
import { createScheduler } from "../scheduler.ts";
import type { WorkerClocks } from "../workers/worker-engine.ts";
import { Fleet } from "./fleet.ts";
import type { FleetFindings } from "./fleet-types.ts";
import { after } from "./intervals.ts";
import { bindMaster } from "./links.ts";
import { MasterSession } from "./master-session.ts";
import type { WorkerState } from "./message.ts";
import { answerSource } from "./scenario-exchange.ts";
import { readScenarioSource, type ScenarioSource } from "./scenario-source.ts";
import { sharedExecutors } from "./shared-work.ts";
import { DEFAULT_MASTER_PORT } from "./worker.ts";

/** Time in which workers get ready for arrivals that are due from second 0 on, ms. */
const START_LEAD_MS = 500;

/** What a master needs. */
export interface LocustMasterOptions {
  /** A scenario or the path of its file; Locust workers run their own locustfile with classes of the same names. */
  readonly scenario: Scenario | string;
  /** Address to listen on; all by default, as Locust. */
  readonly bindHost?: string;
  /** 0 = any free port. Default 5557. */
  readonly bindPort?: number;
  /** Shared token: with one only Rampart workers that know it may join, for others cannot prove it. */
  readonly token?: string;
  readonly onLog?: (line: string) => void;
  readonly clock?: WorkerClocks;
}

/** A worker as the master shows it. */
export interface MasterWorker {
  readonly id: string;
  readonly index: number;
  readonly state: WorkerState;
  readonly kind: "rampart" | "locust";
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

/** A master at work; it can make one run after the other. */
export interface LocustMaster {
  /** Port it listens on. */
  readonly port: number;
  /** Workers that are or were there, by index. */
  workers(): readonly MasterWorker[];
  /**
   * Resolves when so many workers are ready.
   * @param maxWaitSec 0 = wait for ever (Locust's `--expect-workers-max-wait`)
   * @throws RMP_LOAD_WORKERS_MISSING when they did not come in time; an aborted signal ends the wait without error
   */
  waitForWorkers(count: number, maxWaitSec?: number, signal?: AbortSignal): Promise<void>;
  /**
   * Starts a run over the workers that are there; `onTick`, `control` and `result` are those of a local run.
   * @throws RMP_LAB_BUSY while another one is under way
   */
  startRun(options?: Omit<RunOptions, "scenario">): RunHandle;
  /** Lets all workers go and closes the port. */
  close(): Promise<void>;
}

/**
 * Opens a master.
 * @throws RMP_LOAD_SCENARIO_NOT_FOUND, RMP_LOAD_SCENARIO_INVALID, RMP_BACKEND_UNAVAILABLE (package zeromq missing),
 * RMP_NET_PORT_IN_USE, RMP_NET_BIND_REFUSED
 */
export async function createLocustMaster(options: LocustMasterOptions): Promise<LocustMaster> {
  const clocks = options.clock ?? { epochMs, monotonicMs };
  const { scenario } = options;
  const log = options.onLog ?? (() => {});
  const scenarioHash =
    typeof scenario === "string" ? (await loadScenario(scenario)).hash : hashScenario(scenario);
  const scheduler = createScheduler(clocks.monotonicMs);
  const host = options.bindHost ?? "*";
  let session: MasterSession | null = null;
  const link = await bindMaster(host, options.bindPort ?? DEFAULT_MASTER_PORT, {
    message: (from, message) => session?.receive(from, message),
    corrupt: (from) => session?.corrupt(from),
  });
  const opened = new MasterSession({
    token: options.token ?? "",
    scheduler,
    newNonce: () => randomHex(16),
    log,
    source: (from, question) => answerSource(question, from, options.token ?? "", () => sourceOf(scenario)),
    send: (message) => link.send(message),
  });
  session = opened;
  if ((options.token ?? "") === "" && !isLoopback(host))
    log("the master takes any worker that reaches its port: set --token, or bind it to a trusted network");
  // Workers of a master that is gone may still hold reports of its runs: names are never used twice.
  const masterName = randomHex(8);
  let runs = 0;

  let isBusy = false;

  const startFleetRun = (runOptions: Omit<RunOptions, "scenario">): RunHandle => {
    if (isBusy) throw new RampartError("RMP_LAB_BUSY", "the master has a run under way");
    isBusy = true;
    runs += 1;
    let fleet: Fleet | null = null;
    const handle = startRun(
      { ...runOptions, clock: runOptions.clock ?? clocks, scenario },
      async (request) => {
        const run = `${masterName}.${runs}`;
        const leadMs = sharedExecutors(request.settings).length > 0 ? START_LEAD_MS : 0;
        fleet = new Fleet({ session: opened, request, scheduler, run, scenarioHash, log, leadMs });
        if (leadMs > 0) {
          await after(scheduler, leadMs);
          request.begin();
        }
        return [fleet];
      },
    );
    return {
      control: handle.control,
      result: handle.result
        .then((result) => withFindings(result, fleet?.findings() ?? null))
        .finally(() => {
          isBusy = false;
        }),
    };
  };

  return {
    port: link.port,
    workers: () =>
      opened.allMembers.map(({ id, index, state, isPeer, cpuPercent, memoryBytes }) => ({
        id,
        index,
        state,
        kind: isPeer ? "rampart" : "locust",
        cpuPercent,
        memoryBytes,
      })),
    waitForWorkers: (count, maxWaitSec = 0, signal) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          unwatch();
          timeout?.cancel();
          settle();
        };
        const look = () => {
          if (opened.members.length >= count) end(resolve);
        };
        const unwatch = opened.onChange(look);
        const timeout =
          maxWaitSec > 0
            ? scheduler.at(scheduler.nowMs() + maxWaitSec * 1000, () =>
                end(() =>
                  reject(
                    new RampartError(
                      "RMP_LOAD_WORKERS_MISSING",
                      `${opened.members.length} of ${count} workers came within ${maxWaitSec} seconds`,
                    ),
                  ),
                ),
              )
            : null;
        signal?.addEventListener("abort", () => end(resolve), { once: true });
        look();
      }),
    startRun: (runOptions = {}) => startFleetRun(runOptions),
    close: async () => {
      opened.close();
      await link.close();
    },
  };
}

function withFindings(result: RunResult, findings: FleetFindings | null): RunResult {
  if (findings === null) return result;
  return {
    ...result,
    scenario: { ...result.scenario, notes: [...result.scenario.notes, ...findings.notes] },
    plan: { ...result.plan, workers: findings.workers },
    coverage: findings.coverage,
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function sourceOf(scenario: Scenario | string): ScenarioSource {
  if (typeof scenario === "string") return readScenarioSource(scenario);
  throw new RampartError("RMP_LOAD_SCENARIO_NOT_FOUND", "the scenario has no file");
}
