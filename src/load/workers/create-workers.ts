/** Makes the workers of a run: this thread alone, or threads that share the work exactly. */
import { RampartError } from "#shared";
import type { Settings } from "../run-plan.ts";
import type { RunOverrides } from "../run-types.ts";
import { assignmentFor, workerIdOf } from "./assignment.ts";
import { threadCount } from "./thread-count.ts";
import { type ReadyThread, startThread } from "./thread-worker.ts";
import type { WorkerClocks } from "./worker-engine.ts";
import { createLocalWorker, type WorkerEvents, type WorkerPort } from "./worker-port.ts";

/** What workers are made from. */
export interface WorkerRequest {
  readonly settings: Settings;
  readonly overrides: RunOverrides;
  /** Path of the scenario file; threads load it themselves. */
  readonly path: string | null;
  readonly shared: unknown;
  readonly clocks: WorkerClocks;
  /** Epoch ms of second 0. */
  readonly startedAtMs: number;
  readonly events: WorkerEvents;
  /** Moves second 0 to now, for workers that take a while to be ready. @returns epoch ms of second 0 */
  readonly begin: () => number;
}

/** Makes what generates the load of a run. */
export type WorkerFactory = (request: WorkerRequest) => Promise<readonly WorkerPort[]>;

/**
 * Starts all workers.
 * @throws RMP_LOAD_SCENARIO_INVALID when threads are asked for a scenario that is no file
 */
export async function createWorkers(request: WorkerRequest): Promise<readonly WorkerPort[]> {
  const { settings, shared, clocks, events, path } = request;
  const count = threadCount(settings.processes);
  if (count === 1) {
    const assignment = assignmentFor(request, 0, 1);
    return [createLocalWorker(assignment, clocks, events)];
  }
  if (path === null)
    throw new RampartError("RMP_LOAD_SCENARIO_INVALID", "several processes need a scenario file to load", {
      field: "processes",
    });
  const starting: Promise<ReadyThread>[] = [];
  for (let index = 0; index < count; index += 1)
    starting.push(
      startThread(
        { workerId: workerIdOf(index, count), index, count, path, overrides: request.overrides, shared },
        events,
      ),
    );
  const threads = await allOrNone(starting);
  const startedAtMs = request.begin();
  for (const thread of threads) thread.start(startedAtMs);
  return threads.map((thread) => thread.port);
}

/** All threads, or none: when one cannot start the others are ended. */
async function allOrNone(starting: readonly Promise<ReadyThread>[]): Promise<readonly ReadyThread[]> {
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const outcome of await Promise.allSettled(starting))
      if (outcome.status === "fulfilled") await outcome.value.port.stop(0);
    throw error;
  }
}
