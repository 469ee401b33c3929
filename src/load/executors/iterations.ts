/** Users that together or each do a given number of iterations. */
import type { PerUserIterationsConfig, SharedIterationsConfig } from "../model/executor-types.ts";
import type { ScheduledCall } from "../scheduler.ts";
import type { Pacer } from "../user/virtual-user.ts";
import type { Executor, ExecutorHost, ExecutorKind, ExecutorPlan, UserHandle } from "./executor.ts";
import { requireNonNegative, requirePositive, requireWhole } from "./validate.ts";

/** As k6. */
const DEFAULT_MAX_DURATION_SEC = 600;

type IterationsConfig = SharedIterationsConfig | PerUserIterationsConfig;

/** So many iterations over all users together: whoever is free takes the next. */
export const sharedIterations: ExecutorKind<SharedIterationsConfig> = {
  plan: planIterations,
  create: (config, host) => {
    // Only workers that have users can do iterations.
    const active = Math.min(config.users, host.share.count);
    const { index } = host.share;
    const own =
      index < active
        ? Math.floor(config.iterations / active) + (index < config.iterations % active ? 1 : 0)
        : 0;
    const budget = { left: own };
    return new IterationUsers(config, host, () => budget);
  },
};

/** So many iterations for each user. */
export const perUserIterations: ExecutorKind<PerUserIterationsConfig> = {
  plan: planIterations,
  create: (config, host) => new IterationUsers(config, host, () => ({ left: config.iterations })),
};

function planIterations(config: IterationsConfig): ExecutorPlan {
  const name = config.name ?? config.kind;
  requireWhole(config.iterations, 1, `${name}: iterations`);
  return {
    kind: config.kind,
    name,
    startSec: requireNonNegative(config.startSec ?? 0, `${name}: startSec`),
    durationSec: requirePositive(maxDurationSec(config), `${name}: maxDurationSec`),
    peakUsers: requireWhole(config.users, 1, `${name}: users`),
    spawnRatePerSec: Number.POSITIVE_INFINITY,
    isOpenModel: false,
    amountAt: () => null,
  };
}

function maxDurationSec(config: IterationsConfig): number {
  return config.maxDurationSec ?? DEFAULT_MAX_DURATION_SEC;
}

interface Budget {
  left: number;
}

class IterationUsers implements Executor {
  targetUsers = 0;
  readonly done: Promise<void>;
  readonly #config: IterationsConfig;
  readonly #host: ExecutorHost;
  readonly #budgetFor: () => Budget;
  readonly #budgets = new Set<Budget>();
  readonly #users = new Set<UserHandle>();
  #endCall: ScheduledCall | null = null;
  #isStopped = false;
  #resolveDone: () => void = () => {};

  constructor(config: IterationsConfig, host: ExecutorHost, budgetFor: () => Budget) {
    this.#config = config;
    this.#host = host;
    this.#budgetFor = budgetFor;
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  start(): void {
    const { scheduler, share, startMs } = this.#host;
    this.#endCall = scheduler.at(startMs + maxDurationSec(this.#config) * 1000, () => this.stop());
    this.targetUsers = this.#config.users;
    for (let slot = share.index; slot < this.#config.users; slot += share.count) this.#spawn(slot);
    this.#checkDone();
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    let left = 0;
    for (const budget of this.#budgets) left += budget.left;
    if (left > 0) this.#host.undelivered(left);
    for (const user of this.#users) user.requestStop();
    this.#checkDone();
  }

  #spawn(slot: number): void {
    const budget = this.#budgetFor();
    this.#budgets.add(budget);
    const pacer: Pacer = {
      next: (waitedMs) => {
        if (budget.left === 0 || this.#isStopped) return null;
        budget.left -= 1;
        return waitedMs;
      },
    };
    const user = this.#host.spawn(this.#host.classFor(slot, this.#config.userClasses ?? null), pacer);
    this.#users.add(user);
    void user.ended.then(() => {
      this.#users.delete(user);
      this.#checkDone();
    });
  }

  #checkDone(): void {
    if (this.#users.size > 0) return;
    this.#isStopped = true;
    this.targetUsers = 0;
    this.#endCall?.cancel();
    this.#resolveDone();
  }
}
