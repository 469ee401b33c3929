import type { ConstantUsersConfig } from "../model/executor-types.ts";
import type { ExecutorKind } from "./executor.ts";
import { Population, rampSteps } from "./population.ts";
import { requirePositive, requireWhole } from "./validate.ts";

/** A fixed number of users, started one by one at the spawn rate; the closed model. */
export const constantUsers: ExecutorKind<ConstantUsersConfig> = {
  plan: (config) => {
    const name = config.name ?? config.kind;
    const users = requireWhole(config.users, 0, `${name}: users`);
    const rate = spawnRate(config);
    return {
      kind: config.kind,
      name,
      startSec: config.startSec ?? 0,
      durationSec: config.durationSec ?? null,
      peakUsers: users,
      spawnRatePerSec: rate,
      isOpenModel: false,
      amountAt: (tSec) => {
        if (tSec < 0 || (config.durationSec != null && tSec >= config.durationSec)) return 0;
        return Number.isFinite(rate) ? Math.min(users, Math.floor(tSec * rate + 1e-9) + 1) : users;
      },
    };
  },
  create: (config, host) =>
    new Population(
      host,
      rampSteps(0, config.users, spawnRate(config), 0),
      config.durationSec ?? null,
      config.userClasses ?? null,
    ),
};

function spawnRate(config: ConstantUsersConfig): number {
  if (config.spawnRatePerSec === undefined) return Number.POSITIVE_INFINITY;
  return requirePositive(config.spawnRatePerSec, `${config.name ?? config.kind}: spawnRatePerSec`);
}
