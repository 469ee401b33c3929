/** Users that a master asks for, by class. */
import type { Executor, ExecutorHost, UserHandle } from "../executors/executor.ts";
import { endlessPacer } from "../user/virtual-user.ts";

/** Runs the absolute number of users of each class that was last asked for. */
export class DispatchedUsers implements Executor {
  readonly done: Promise<void>;
  readonly #host: ExecutorHost;
  /** Users by class, youngest last; those asked to end have left. */
  readonly #byClass = new Map<string, UserHandle[]>();
  readonly #alive = new Set<UserHandle>();
  #isStopped = false;
  #resolveDone: () => void = () => {};

  constructor(host: ExecutorHost) {
    this.#host = host;
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  start(): void {}

  /** Starts and ends users so that each class has its number; classes not named keep theirs. New ones come first, as in Locust. */
  setCounts(counts: Readonly<Record<string, number>>): void {
    if (this.#isStopped) return;
    for (const [name, count] of Object.entries(counts)) {
      const users = this.#byClass.get(name) ?? [];
      this.#byClass.set(name, users);
      while (users.length < count) users.push(this.#spawn(name));
    }
    for (const [name, count] of Object.entries(counts)) {
      const users = this.#byClass.get(name) ?? [];
      while (users.length > count) users.pop()?.requestStop();
    }
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#byClass.clear();
    for (const user of this.#alive) user.requestStop();
    this.#checkDone();
  }

  /** Users wanted on this worker; the master alone knows how many all workers run. */
  get targetUsers(): number {
    let sum = 0;
    for (const users of this.#byClass.values()) sum += users.length;
    return sum;
  }

  /** Users wanted on this worker by class. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byClass].map(([name, users]) => [name, users.length]));
  }

  #spawn(name: string): UserHandle {
    const user = this.#host.spawn(this.#host.classFor(0, [name]), endlessPacer);
    this.#alive.add(user);
    void user.ended.then(() => {
      this.#alive.delete(user);
      this.#checkDone();
    });
    return user;
  }

  #checkDone(): void {
    if (this.#isStopped && this.#alive.size === 0) this.#resolveDone();
  }
}
