/** How the coordinator speaks to a worker, be it this thread, another thread or another machine. */
import type { WorkerReport } from "../stats/delta.ts";
import { type WorkerAssignment, type WorkerClocks, WorkerEngine } from "./worker-engine.ts";

/** What a worker tells on its own. */
export interface WorkerEvents {
  /** Called for each report, in the order of their numbers. */
  report(report: WorkerReport): void;
  /** The worker ended without being asked; one sentence why. */
  lost(workerId: string, reason: string): void;
  /** A worker of a fleet ended as it should; seconds no longer wait for its reports. */
  ended(workerId: string): void;
  /** Something on the generator's side that makes the run INVALID; one sentence with what to do. */
  fault(sentence: string): void;
}

/** A worker as the coordinator holds it. */
export interface WorkerPort {
  readonly id: string;
  /** True when it stands for several workers, which show themselves by their reports. */
  readonly isFleet?: boolean;
  /** Users wanted over all workers, as this worker last knew. */
  readonly targetUsers: number;
  /** Resolves when the worker's plan is done. */
  readonly done: Promise<void>;
  setUsers(users: number, spawnRatePerSec: number): void;
  setCurrentUsers(users: number): void;
  /** Makes the worker report what it has; its reports arrive through {@link WorkerEvents}. */
  poll(): void;
  /** Stops; resolves after the last report. */
  stop(timeoutMs: number): Promise<void>;
}

/** A worker in this thread. */
export function createLocalWorker(
  assignment: WorkerAssignment,
  clocks: WorkerClocks,
  events: WorkerEvents,
): WorkerPort {
  const engine = new WorkerEngine(assignment, clocks);
  const send = (isLast: boolean) => {
    for (const report of engine.report(isLast)) events.report(report);
  };
  return {
    id: assignment.workerId,
    get targetUsers() {
      return engine.targetUsers;
    },
    done: engine.done,
    setUsers: (users, rate) => engine.setUsers(users, rate),
    setCurrentUsers: (users) => engine.setCurrentUsers(users),
    poll: () => send(false),
    stop: async (timeoutMs) => {
      await engine.stop(timeoutMs);
      send(true);
      engine.close();
    },
  };
}
