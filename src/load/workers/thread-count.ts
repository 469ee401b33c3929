import { availableParallelism } from "node:os";

/** Number of threads for what was asked: below 0 = one per core (Locust's `--processes -1`). */
export function threadCount(processes: number): number {
  return processes < 0 ? availableParallelism() : Math.max(1, Math.floor(processes));
}
