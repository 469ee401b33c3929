/** A number of users that follows a plan over time: what all closed executors with users are built on. */
import type { ScheduledCall } from "../scheduler.ts";
import { endlessPacer } from "../user/virtual-user.ts";
import type { Executor, ExecutorHost, UserHandle } from "./executor.ts";

/** The number of users changes to `users` at `atMs` after the executor's start. */
export interface UserStep {
  readonly atMs: number;
  readonly users: number;
  /** Classes to spawn from; null or absent = all of the executor's. */
  readonly userClasses?: readonly string[] | null;
}

/** Steps that bring `from` users to `to` at a rate, one user a step, beginning at `startMs`; the first one at once. */
export function* rampSteps(
  from: number,
  to: number,
  ratePerSec: number,
  startMs: number,
): Generator<UserStep> {
  const direction = Math.sign(to - from);
  const count = Math.abs(to - from);
  if (!Number.isFinite(ratePerSec)) {
    if (count > 0) yield { atMs: startMs, users: to };
    return;
  }
  for (let index = 0; index < count; index += 1)
    yield { atMs: startMs + (index * 1000) / ratePerSec, users: from + direction * (index + 1) };
}

/**
 * Follows steps, taking only the slots of its own share: slot s runs on worker s mod n, so the workers' users sum
 * exactly to the plan's at every moment.
 */
export class Population implements Executor {
  targetUsers = 0;
  readonly done: Promise<void>;
  readonly #host: ExecutorHost;
  readonly #durationMs: number;
  readonly #userClasses: readonly string[] | null;
  #steps: Iterator<UserStep>;
  #next: UserStep | null = null;
  #call: ScheduledCall | null = null;
  #endCall: ScheduledCall | null = null;
  readonly #bySlot = new Map<number, UserHandle>();
  readonly #alive = new Set<UserHandle>();
  #isStopped = false;
  #resolveDone: () => void = () => {};

  /** @param durationSec null = until stopped */
  constructor(
    host: ExecutorHost,
    steps: Iterable<UserStep>,
    durationSec: number | null,
    userClasses: readonly string[] | null,
  ) {
    this.#host = host;
    this.#steps = steps[Symbol.iterator]();
    this.#durationMs = durationSec === null ? Number.POSITIVE_INFINITY : durationSec * 1000;
    this.#userClasses = userClasses;
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  start(): void {
    this.#advance();
    if (Number.isFinite(this.#durationMs))
      this.#endCall = this.#host.scheduler.at(this.#host.startMs + this.#durationMs, () => this.stop());
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#call?.cancel();
    this.#endCall?.cancel();
    this.targetUsers = 0;
    this.#bySlot.clear();
    for (const user of this.#alive) user.requestStop();
    this.#checkDone();
  }

  setUsers(users: number, spawnRatePerSec: number): void {
    if (this.#isStopped) return;
    const sinceStartMs = this.#host.scheduler.nowMs() - this.#host.startMs;
    this.#follow(rampSteps(this.targetUsers, users, spawnRatePerSec, sinceStartMs));
  }

  /** Follows other steps from now on. */
  follow(steps: Iterable<UserStep>): void {
    if (!this.#isStopped) this.#follow(steps);
  }

  #follow(steps: Iterable<UserStep>): void {
    this.#call?.cancel();
    this.#next = null;
    this.#steps = steps[Symbol.iterator]();
    this.#advance();
  }

  #advance(): void {
    const { scheduler, startMs } = this.#host;
    for (;;) {
      if (this.#next === null) {
        const { value, done } = this.#steps.next();
        if (done === true) return;
        this.#next = value;
      }
      const step = this.#next;
      if (step.atMs >= this.#durationMs) return;
      if (startMs + step.atMs > scheduler.nowMs()) {
        this.#call = scheduler.at(startMs + step.atMs, () => this.#advance());
        return;
      }
      this.#next = null;
      this.#apply(step);
    }
  }

  #apply(step: UserStep): void {
    const { share } = this.#host;
    for (let slot = this.targetUsers; slot < step.users; slot += 1)
      if (slot % share.count === share.index) this.#spawn(slot, step.userClasses ?? this.#userClasses);
    for (let slot = this.targetUsers - 1; slot >= step.users; slot -= 1) {
      this.#bySlot.get(slot)?.requestStop();
      this.#bySlot.delete(slot);
    }
    this.targetUsers = step.users;
  }

  #spawn(slot: number, only: readonly string[] | null): void {
    const user = this.#host.spawn(this.#host.classFor(slot, only), endlessPacer);
    this.#bySlot.set(slot, user);
    this.#alive.add(user);
    void user.ended.then(() => {
      this.#alive.delete(user);
      this.#checkDone();
    });
  }

  #checkDone(): void {
    if (this.#isStopped && this.#alive.size === 0) this.#resolveDone();
  }
}
