import type { Settings } from "../run-plan.ts";
import type { WorkerAssignment } from "./worker-engine.ts";

/** What worker `index` of `count` has to do. */
export function assignmentFor(
  run: { readonly settings: Settings; readonly shared: unknown; readonly startedAtMs: number },
  index: number,
  count: number,
): WorkerAssignment {
  const { settings } = run;
  return {
    workerId: workerIdOf(index, count),
    share: { index, count },
    host: settings.host,
    seed: settings.seed,
    executors: settings.executors,
    userClasses: settings.userClasses,
    equalWeights: settings.equalWeights,
    http: settings.http,
    shared: run.shared,
    startedAtMs: run.startedAtMs,
  };
}

/** Name of a worker of this machine. */
export function workerIdOf(index: number, count: number): string {
  return count === 1 ? "local" : `local-${index + 1}`;
}
