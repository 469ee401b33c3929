/** Makes the workers of a run: this thread alone, or threads that share the work exactly. */
import type { Settings } from "../run-plan.ts";
import type { RunOverrides } from "../run-types.ts";
import type { WorkerAssignment, WorkerClocks } from "./worker-engine.ts";
import { createLocalWorker, type WorkerEvents, type WorkerPort } from "./worker-port.ts";

/** What workers are made from. */
export interface WorkerRequest {
  readonly settings: Settings;
  readonly overrides: RunOverrides;
  /** Path of the scenario file; threads load it themselves. */
  readonly path: string | null;
  readonly shared: unknown;
  readonly clocks: WorkerClocks;
  readonly startedAtMs: number;
  readonly events: WorkerEvents;
}

/** Makes what generates the load of a run. */
export type WorkerFactory = (request: WorkerRequest) => Promise<readonly WorkerPort[]>;

/** Starts all workers. */
export async function createWorkers(request: WorkerRequest): Promise<readonly WorkerPort[]> {
  return [createLocalWorker(assignmentFor(request, 0, 1), request.clocks, request.events)];
}

/** What worker `index` of `count` has to do. */
export function assignmentFor(
  request: Pick<WorkerRequest, "settings" | "shared" | "startedAtMs">,
  index: number,
  count: number,
): WorkerAssignment {
  const { settings } = request;
  return {
    workerId: count === 1 ? "local" : `local-${index + 1}`,
    share: { index, count },
    host: settings.host,
    seed: settings.seed,
    executors: settings.executors,
    userClasses: settings.userClasses,
    equalWeights: settings.equalWeights,
    http: settings.http,
    shared: request.shared,
    startedAtMs: request.startedAtMs,
  };
}
