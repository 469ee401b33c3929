/** Iterations that start at a rate whatever the answers do: the open model. */
import type { ConstantArrivalRateConfig, RampingArrivalRateConfig, Stage } from "../model/executor-types.ts";
import type { UserClass } from "../model/user-types.ts";
import type { ScheduledCall } from "../scheduler.ts";
import type { Pacer } from "../user/virtual-user.ts";
import { ArrivalClock, arrivalsBefore, stageArrivals } from "./arrivals.ts";
import type { Executor, ExecutorHost, ExecutorKind, ExecutorPlan, UserHandle } from "./executor.ts";
import { requireNonNegative, requirePositive, requireStages, requireWhole } from "./validate.ts";

const DEFAULT_MAX_USERS = 10_000;
/** Seconds of arrivals for which users are made ready beforehand. */
const READY_SEC = 0.1;
/** Arrivals that may wait for a free user; beyond it they are undelivered at once. */
const BACKLOG_LIMIT = 1_000_000;

type ArrivalConfig = ConstantArrivalRateConfig | RampingArrivalRateConfig;

/** A fixed rate. */
export const constantArrivalRate: ExecutorKind<ConstantArrivalRateConfig> = {
  plan: (config) => {
    const name = config.name ?? config.kind;
    requirePositive(config.ratePerSec, `${name}: ratePerSec`);
    requirePositive(config.durationSec, `${name}: durationSec`);
    return planArrivals(config, config.ratePerSec, constantStages(config));
  },
  create: (config, host) => new ArrivalUsers(config, host, config.ratePerSec, constantStages(config)),
};

/** A rate that follows stages. */
export const rampingArrivalRate: ExecutorKind<RampingArrivalRateConfig> = {
  plan: (config) => {
    const name = config.name ?? config.kind;
    requireStages(config.stages, name);
    const startRate = requireNonNegative(config.startRatePerSec ?? 0, `${name}: startRatePerSec`);
    return planArrivals(config, startRate, config.stages);
  },
  create: (config, host) => new ArrivalUsers(config, host, config.startRatePerSec ?? 0, config.stages),
};

function constantStages(config: ConstantArrivalRateConfig): readonly Stage[] {
  return [{ durationSec: config.durationSec, target: config.ratePerSec }];
}

function planArrivals(config: ArrivalConfig, startRate: number, stages: readonly Stage[]): ExecutorPlan {
  const name = config.name ?? config.kind;
  return {
    kind: config.kind,
    name,
    startSec: requireNonNegative(config.startSec ?? 0, `${name}: startSec`),
    durationSec: stages.reduce((sum, stage) => sum + stage.durationSec, 0),
    peakUsers: requireWhole(config.maxUsers ?? DEFAULT_MAX_USERS, 1, `${name}: maxUsers`),
    spawnRatePerSec: Number.POSITIVE_INFINITY,
    isOpenModel: true,
    amountAt: (tSec) => arrivalsBefore(startRate, stages, tSec),
  };
}

/** Idle users of one class and the arrivals that wait for one. */
interface ClassQueue {
  readonly userClass: UserClass;
  readonly idle: ((dueMs: number | null) => void)[];
  readonly waiting: number[];
  /** First entry of `waiting` not taken yet. */
  head: number;
}

class ArrivalUsers implements Executor {
  readonly done: Promise<void>;
  readonly #config: ArrivalConfig;
  readonly #host: ExecutorHost;
  readonly #clock: ArrivalClock;
  readonly #durationMs: number;
  readonly #maxUsers: number;
  readonly #readyUsers: number;
  readonly #queues = new Map<UserClass, ClassQueue>();
  readonly #users = new Set<UserHandle>();
  #endCall: ScheduledCall | null = null;
  #isStopped = false;
  #resolveDone: () => void = () => {};

  constructor(config: ArrivalConfig, host: ExecutorHost, startRate: number, stages: readonly Stage[]) {
    this.#config = config;
    this.#host = host;
    this.#durationMs = stages.reduce((sum, stage) => sum + stage.durationSec, 0) * 1000;
    this.#maxUsers = Math.max(1, Math.floor((config.maxUsers ?? DEFAULT_MAX_USERS) / host.share.count));
    this.#readyUsers = Math.min(this.#maxUsers, Math.ceil((startRate * READY_SEC) / host.share.count));
    this.#clock = new ArrivalClock(host, stageArrivals(startRate, stages), (index, dueMs) =>
      this.#arrive(index, dueMs),
    );
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  get targetUsers(): number {
    return this.#isStopped ? 0 : this.#host.currentUsers();
  }

  start(): void {
    const { scheduler, share, startMs } = this.#host;
    for (let ready = 0; ready < this.#readyUsers; ready += 1)
      this.#spawn(this.#queueFor(ready * share.count + share.index));
    this.#endCall = scheduler.at(startMs + this.#durationMs, () => this.stop());
    this.#clock.start();
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#clock.stop();
    this.#endCall?.cancel();
    let left = 0;
    for (const queue of this.#queues.values()) {
      left += queue.waiting.length - queue.head;
      for (const resume of queue.idle.splice(0)) resume(null);
    }
    if (left > 0) this.#host.undelivered(left);
    for (const user of this.#users) user.requestStop();
    this.#checkDone();
  }

  #arrive(index: number, dueMs: number): void {
    const queue = this.#queueFor(index);
    const resume = queue.idle.pop();
    if (resume !== undefined) {
      resume(dueMs);
      return;
    }
    if (queue.waiting.length - queue.head >= BACKLOG_LIMIT) {
      this.#host.undelivered(1);
      return;
    }
    queue.waiting.push(dueMs);
    if (this.#users.size < this.#maxUsers) this.#spawn(queue);
  }

  #queueFor(index: number): ClassQueue {
    const userClass = this.#host.classFor(index, this.#config.userClasses ?? null);
    let queue = this.#queues.get(userClass);
    if (queue === undefined) {
      queue = { userClass, idle: [], waiting: [], head: 0 };
      this.#queues.set(userClass, queue);
    }
    return queue;
  }

  #spawn(queue: ClassQueue): void {
    const pacer: Pacer = { wait: null, next: () => this.#next(queue) };
    const user = this.#host.spawn(queue.userClass, pacer);
    this.#users.add(user);
    void user.ended.then(() => {
      this.#users.delete(user);
      this.#checkDone();
    });
  }

  #next(queue: ClassQueue): number | null | Promise<number | null> {
    if (this.#isStopped) return null;
    const dueMs = queue.waiting[queue.head];
    if (dueMs === undefined) return new Promise((resolve) => queue.idle.push(resolve));
    queue.head += 1;
    if (queue.head > 1000 && queue.head * 2 > queue.waiting.length) {
      queue.waiting.splice(0, queue.head);
      queue.head = 0;
    }
    return dueMs;
  }

  #checkDone(): void {
    if (this.#isStopped && this.#users.size === 0) this.#resolveDone();
  }
}
