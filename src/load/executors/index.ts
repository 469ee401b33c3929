/** All executors by kind. */
import type { ExecutorConfig } from "../model/executor-types.ts";
import { constantArrivalRate, rampingArrivalRate } from "./arrival-rate.ts";
import { constantUsers } from "./constant-users.ts";
import type { Executor, ExecutorHost, ExecutorKind, ExecutorPlan } from "./executor.ts";
import { perUserIterations, sharedIterations } from "./iterations.ts";
import { rampingUsers } from "./ramping-users.ts";
import { sessions } from "./sessions.ts";
import { shapeUsers } from "./shape.ts";

const KINDS: { readonly [K in ExecutorConfig["kind"]]: ExecutorKind<Extract<ExecutorConfig, { kind: K }>> } =
  {
    "constant-users": constantUsers,
    "ramping-users": rampingUsers,
    shape: shapeUsers,
    "shared-iterations": sharedIterations,
    "per-user-iterations": perUserIterations,
    "constant-arrival-rate": constantArrivalRate,
    "ramping-arrival-rate": rampingArrivalRate,
    sessions,
  };

/** What an executor will do. @throws RMP_LOAD_SCENARIO_INVALID */
export function planExecutor(config: ExecutorConfig): ExecutorPlan {
  return kindOf(config).plan(config);
}

/** Makes an executor ready to start. */
export function createExecutor(config: ExecutorConfig, host: ExecutorHost): Executor {
  return kindOf(config).create(config, host);
}

function kindOf(config: ExecutorConfig): ExecutorKind<ExecutorConfig> {
  // Each kind takes its own configuration; the key just looked up is the configuration's own kind.
  return KINDS[config.kind] as unknown as ExecutorKind<ExecutorConfig>;
}
