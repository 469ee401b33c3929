import type { RampingUsersConfig, Stage } from "../model/executor-types.ts";
import type { ExecutorKind } from "./executor.ts";
import { Population, type UserStep } from "./population.ts";
import { requireNonNegative, requireStages, requireWhole } from "./validate.ts";

/** Users that follow stages, each linear from the number before to its target; the number is rounded to the nearest. */
export const rampingUsers: ExecutorKind<RampingUsersConfig> = {
  plan: (config) => {
    const name = config.name ?? config.kind;
    const startUsers = requireWhole(config.startUsers ?? 0, 0, `${name}: startUsers`);
    requireStages(config.stages, name);
    for (const stage of config.stages) requireWhole(stage.target, 0, `${name}: target`);
    return {
      kind: config.kind,
      name,
      startSec: requireNonNegative(config.startSec ?? 0, `${name}: startSec`),
      durationSec: config.stages.reduce((sum, stage) => sum + stage.durationSec, 0),
      peakUsers: Math.max(startUsers, ...config.stages.map((stage) => stage.target)),
      spawnRatePerSec: steepestRise(startUsers, config.stages),
      isOpenModel: false,
      amountAt: (tSec) => usersAt(startUsers, config.stages, tSec),
    };
  },
  create: (config, host) =>
    new Population(
      host,
      stageSteps(config.startUsers ?? 0, config.stages),
      config.stages.reduce((sum, stage) => sum + stage.durationSec, 0),
      config.userClasses ?? null,
    ),
};

function* stageSteps(startUsers: number, stages: readonly Stage[]): Generator<UserStep> {
  if (startUsers > 0) yield { atMs: 0, users: startUsers };
  let from = startUsers;
  let beganMs = 0;
  for (const { durationSec, target } of stages) {
    const direction = Math.sign(target - from);
    for (let users = from; users !== target; users += direction) {
      // The number rounds to the next one half a user before that is reached.
      const share = (Math.abs(users - from) + 0.5) / Math.abs(target - from);
      yield { atMs: beganMs + share * durationSec * 1000, users: users + direction };
    }
    from = target;
    beganMs += durationSec * 1000;
  }
}

function usersAt(startUsers: number, stages: readonly Stage[], tSec: number): number {
  let from = startUsers;
  let beganSec = 0;
  for (const { durationSec, target } of stages) {
    if (tSec < beganSec + durationSec)
      return Math.round(from + ((target - from) * Math.max(0, tSec - beganSec)) / durationSec);
    from = target;
    beganSec += durationSec;
  }
  return 0;
}

function steepestRise(startUsers: number, stages: readonly Stage[]): number {
  let from = startUsers;
  let steepest = 0;
  for (const { durationSec, target } of stages) {
    if (target > from) steepest = Math.max(steepest, (target - from) / durationSec);
    from = target;
  }
  return steepest;
}
