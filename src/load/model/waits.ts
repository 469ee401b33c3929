import { RampartError } from "#shared";
import type { WaitTime } from "./user-types.ts";

function nonNegative(value: number, what: string): number {
  if (!Number.isFinite(value) || value < 0)
    throw new RampartError("RMP_LOAD_SCENARIO_INVALID", `${what} must be a number of seconds >= 0`, {
      field: what,
    });
  return value;
}

/** Waits a uniformly random time between `minSec` and `maxSec` after each task. @throws RMP_LOAD_SCENARIO_INVALID */
export function between(minSec: number, maxSec: number): WaitTime {
  const min = nonNegative(minSec, "between.min");
  const max = nonNegative(maxSec, "between.max");
  if (max < min)
    throw new RampartError("RMP_LOAD_SCENARIO_INVALID", "between: the maximum is below the minimum", {
      field: "between",
    });
  return {
    kind: "between",
    meanSec: (min + max) / 2,
    seconds: (random) => min + random() * (max - min),
  };
}

/** Waits the same time after each task; 0 = none. @throws RMP_LOAD_SCENARIO_INVALID */
export function constant(waitSec: number): WaitTime {
  const wait = nonNegative(waitSec, "constant");
  return { kind: "constant", meanSec: wait, seconds: () => wait };
}

/** Starts a task every `everySec` seconds, or at once when the last took longer (Locust's `constant_pacing`). */
export function constantPacing(everySec: number): WaitTime {
  const every = nonNegative(everySec, "constantPacing");
  return {
    kind: "constant-pacing",
    meanSec: every,
    seconds: (_random, taskSec) => Math.max(0, every - taskSec),
  };
}

/** At most `tasksPerSec` tasks per second and user (Locust's `constant_throughput`). @throws RMP_LOAD_SCENARIO_INVALID */
export function constantThroughput(tasksPerSec: number): WaitTime {
  if (!Number.isFinite(tasksPerSec) || tasksPerSec <= 0)
    throw new RampartError(
      "RMP_LOAD_SCENARIO_INVALID",
      "constantThroughput must be above 0 tasks per second",
      {
        field: "constantThroughput",
      },
    );
  return { ...constantPacing(1 / tasksPerSec), kind: "constant-throughput" };
}
