import type { SessionsConfig } from "../model/executor-types.ts";
import type { ScheduledCall } from "../scheduler.ts";
import type { Pacer } from "../user/virtual-user.ts";
import { ArrivalClock, arrivalsBefore, stageArrivals } from "./arrivals.ts";
import type { Executor, ExecutorHost, ExecutorKind, UserHandle } from "./executor.ts";
import { invalid, requireNonNegative, requirePositive, requireWhole } from "./validate.ts";

const DEFAULT_MAX_USERS = 10_000;

/**
 * Conversations: each session is a fresh user (own state, cookies, connection) that takes its turns with think time and
 * ends. Either so many at once (a session that ends is followed by a new one) or so many begun per second.
 */
export const sessions: ExecutorKind<SessionsConfig> = {
  plan: (config) => {
    const name = config.name ?? config.kind;
    const { concurrent, ratePerSec } = config;
    if ((concurrent === undefined) === (ratePerSec === undefined))
      throw invalid(`${name}: concurrent`, "give either concurrent or ratePerSec");
    requirePositive(config.durationSec, `${name}: durationSec`);
    const [least, most] = turnBounds(config);
    requireWhole(least, 1, `${name}: turns`);
    requireWhole(most, least, `${name}: turns`);
    if (concurrent !== undefined) requireWhole(concurrent, 1, `${name}: concurrent`);
    if (ratePerSec !== undefined) requirePositive(ratePerSec, `${name}: ratePerSec`);
    return {
      kind: config.kind,
      name,
      startSec: requireNonNegative(config.startSec ?? 0, `${name}: startSec`),
      durationSec: config.durationSec,
      peakUsers: concurrent ?? config.maxUsers ?? DEFAULT_MAX_USERS,
      spawnRatePerSec: ratePerSec ?? Number.POSITIVE_INFINITY,
      isOpenModel: ratePerSec !== undefined,
      amountAt: (tSec) => {
        if (ratePerSec !== undefined) return arrivalsBefore(ratePerSec, stagesOf(config), tSec);
        return tSec >= 0 && tSec < config.durationSec ? concurrent! : 0;
      },
    };
  },
  create: (config, host) => new SessionUsers(config, host),
};

function turnBounds(config: SessionsConfig): readonly [number, number] {
  return typeof config.turns === "number" ? [config.turns, config.turns] : config.turns;
}

function stagesOf(config: SessionsConfig) {
  return [{ durationSec: config.durationSec, target: config.ratePerSec ?? 0 }];
}

class SessionUsers implements Executor {
  targetUsers = 0;
  readonly done: Promise<void>;
  readonly #config: SessionsConfig;
  readonly #host: ExecutorHost;
  readonly #clock: ArrivalClock | null;
  readonly #maxUsers: number;
  readonly #users = new Set<UserHandle>();
  #endCall: ScheduledCall | null = null;
  #isStopped = false;
  #resolveDone: () => void = () => {};

  constructor(config: SessionsConfig, host: ExecutorHost) {
    this.#config = config;
    this.#host = host;
    this.#maxUsers = Math.max(1, Math.floor((config.maxUsers ?? DEFAULT_MAX_USERS) / host.share.count));
    this.#clock =
      config.ratePerSec === undefined
        ? null
        : new ArrivalClock(host, stageArrivals(config.ratePerSec, stagesOf(config)), (index, dueMs) =>
            this.#arrive(index, dueMs),
          );
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  start(): void {
    const { scheduler, share, startMs } = this.#host;
    this.#endCall = scheduler.at(startMs + this.#config.durationSec * 1000, () => this.stop());
    this.#clock?.start();
    const concurrent = this.#config.concurrent ?? 0;
    this.targetUsers = concurrent;
    for (let slot = share.index; slot < concurrent; slot += share.count) this.#follow(slot, slot);
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.targetUsers = 0;
    this.#clock?.stop();
    this.#endCall?.cancel();
    for (const user of this.#users) user.requestStop();
    this.#checkDone();
  }

  /** Sessions of one slot, one after another; `number` tells sessions apart over all workers. */
  #follow(slot: number, number: number): void {
    this.#begin(number, null, () => {
      if (!this.#isStopped) this.#follow(slot, number + (this.#config.concurrent ?? 1));
    });
  }

  #arrive(index: number, dueMs: number): void {
    if (this.#users.size >= this.#maxUsers) this.#host.undelivered(1);
    else this.#begin(index, dueMs, () => {});
    this.targetUsers = this.#host.currentUsers();
  }

  #begin(number: number, dueMs: number | null, onEnd: () => void): void {
    const [least, most] = turnBounds(this.#config);
    let left = least + Math.floor(this.#host.randomFor(number) * (most - least + 1));
    let firstDueMs = dueMs;
    const pacer: Pacer = {
      ...(this.#config.thinkTime === undefined ? {} : { wait: this.#config.thinkTime }),
      next: (waitedMs) => {
        if (left === 0 || this.#isStopped) return null;
        left -= 1;
        const due = firstDueMs ?? waitedMs;
        firstDueMs = null;
        return due;
      },
    };
    const user = this.#host.spawn(this.#host.classFor(number, this.#config.userClasses ?? null), pacer);
    this.#users.add(user);
    void user.ended.then(() => {
      this.#users.delete(user);
      onEnd();
      this.#checkDone();
    });
  }

  #checkDone(): void {
    if (this.#isStopped && this.#users.size === 0) this.#resolveDone();
  }
}
