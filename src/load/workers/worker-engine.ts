/** One worker: runs its share of every executor in this thread and reports each second. */
import type { EpochClock, MonotonicClock } from "#shared";
import { createRandom } from "#shared";
import type { Executor, ExecutorHost, UserHandle, WorkShare } from "../executors/executor.ts";
import { createExecutor, planExecutor } from "../executors/index.ts";
import { createHealthProbe } from "../health.ts";
import type { ExecutorConfig } from "../model/executor-types.ts";
import type { HttpOptions } from "../model/http-types.ts";
import type { Metrics, UserClass } from "../model/user-types.ts";
import { createScheduler } from "../scheduler.ts";
import type { WorkerReport } from "../stats/delta.ts";
import { Recorder } from "../stats/recorder.ts";
import { Http1Client, type PoolMap } from "../transport/http1/client.ts";
import { createTransportContext } from "../transport/http1/transport-context.ts";
import { WebSocketUserClient } from "../transport/websocket/client.ts";
import { createClassPicker } from "../user/class-shares.ts";
import type { UserWorld } from "../user/user-world.ts";
import { type Pacer, VirtualUser } from "../user/virtual-user.ts";

/** What a worker is told before it starts. */
export interface WorkerAssignment {
  readonly workerId: string;
  readonly share: WorkShare;
  readonly host: string;
  readonly seed: number;
  readonly executors: readonly ExecutorConfig[];
  /** Share of the configured executors where it is not that of the users' ids. */
  readonly executorShare?: WorkShare;
  /** Executors beside the configured ones, made by the caller (a master dispatches its users through one). */
  readonly ownExecutors?: readonly ((host: ExecutorHost) => Executor)[];
  /** Classes with their tasks filtered already. */
  readonly userClasses: readonly UserClass[];
  readonly equalWeights: boolean;
  readonly http: HttpOptions;
  /** What `setup` returned. */
  readonly shared: unknown;
  /** When second 0 begins, epoch ms. */
  readonly startedAtMs: number;
}

/** Clocks of a worker. */
export interface WorkerClocks {
  readonly epochMs: EpochClock;
  readonly monotonicMs: MonotonicClock;
}

/** How long users get to end after they were killed, ms. */
const KILL_GRACE_MS = 500;

/** A worker in the present thread. */
export class WorkerEngine {
  /** Resolves when every executor's plan is done and its users have ended. */
  readonly done: Promise<void>;
  /** The same for the configured executors alone. */
  readonly planDone: Promise<void>;
  readonly #assignment: WorkerAssignment;
  readonly #clocks: WorkerClocks;
  readonly #recorder: Recorder;
  readonly #executors: Executor[];
  readonly #users = new Set<VirtualUser>();
  readonly #usersByClass = new Map<string, number>();
  readonly #context: ReturnType<typeof createTransportContext>;
  readonly #scheduler: ReturnType<typeof createScheduler>;
  readonly #world: UserWorld;
  readonly #probe: ReturnType<typeof createHealthProbe>;
  #seq = 0;
  #spawned = 0;
  /** Users over all workers as the coordinator last said. */
  #currentUsers = 0;

  /** @param isThread true in a thread beside others, whose CPU cannot be told from the process's */
  constructor(assignment: WorkerAssignment, clocks: WorkerClocks, isThread = false) {
    this.#assignment = assignment;
    this.#clocks = clocks;
    const epochOffsetMs = clocks.epochMs() - clocks.monotonicMs();
    const startedAtMs = assignment.startedAtMs - epochOffsetMs;
    this.#recorder = new Recorder(assignment.workerId, { startedAtMs, epochOffsetMs });
    this.#scheduler = createScheduler(clocks.monotonicMs);
    this.#context = createTransportContext(clocks.monotonicMs, () => this.#recorder.connectionOpened());
    this.#probe = createHealthProbe(clocks.monotonicMs, isThread);
    this.#world = this.#createWorld();
    this.#executors = assignment.executors.map((config, index) => {
      const startMs = startedAtMs + planExecutor(config).startSec * 1000;
      return createExecutor(config, this.#createHost(startMs, index));
    });
    this.planDone = Promise.all(this.#executors.map((executor) => executor.done)).then(() => {});
    const own = (assignment.ownExecutors ?? []).map((create, index) =>
      create(this.#createHost(startedAtMs, assignment.executors.length + index)),
    );
    this.#executors.push(...own);
    this.done = Promise.all(this.#executors.map((executor) => executor.done)).then(() => {});
    this.#executors.forEach((executor, index) => {
      const config = assignment.executors[index];
      const startMs = startedAtMs + (config === undefined ? 0 : planExecutor(config).startSec * 1000);
      if (startMs <= clocks.monotonicMs()) executor.start();
      else this.#scheduler.at(startMs, () => executor.start());
    });
  }

  /** Sets the number of users of executors that have one. */
  setUsers(users: number, spawnRatePerSec: number): void {
    for (const executor of this.#executors) executor.setUsers?.(users, spawnRatePerSec);
  }

  /** Tells how many users run over all workers. */
  setCurrentUsers(users: number): void {
    this.#currentUsers = users;
  }

  /** Users wanted at this moment over all workers. */
  get targetUsers(): number {
    return this.#executors.reduce((sum, executor) => sum + executor.targetUsers, 0);
  }

  /** Starts nothing more; resolves when all users ended or the time is over. */
  async stop(timeoutMs: number): Promise<void> {
    for (const executor of this.#executors) executor.stop();
    if (timeoutMs > 0) await this.#within(this.done, timeoutMs);
    if (this.#users.size === 0) return;
    const message = timeoutMs > 0 ? "unfinished when the run's stop time-out ended" : null;
    for (const user of this.#users) user.kill(message);
    await this.#within(this.done, KILL_GRACE_MS);
  }

  /** Everything new since the last call. @param isLast true hands out the unfinished second too */
  report(isLast: boolean): readonly WorkerReport[] {
    const deltas = isLast ? this.#recorder.takeAll() : this.#recorder.take(this.#clocks.monotonicMs());
    if (deltas.length === 0) return [];
    const health = this.#probe.sample();
    const usersByClass = Object.fromEntries([...this.#usersByClass].filter(([, count]) => count > 0));
    return deltas.map((delta) => ({
      workerId: this.#assignment.workerId,
      seq: ++this.#seq,
      delta,
      users: this.#users.size,
      usersByClass,
      ...health,
    }));
  }

  /** Closes all connections and timers. */
  close(): void {
    this.#probe.stop();
    this.#context.close();
  }

  async #within(done: Promise<void>, timeoutMs: number): Promise<void> {
    let end: () => void = () => {};
    const timeout = new Promise<void>((resolve) => {
      end = resolve;
    });
    const call = this.#scheduler.at(this.#scheduler.nowMs() + timeoutMs, end);
    await Promise.race([done, timeout]);
    call.cancel();
  }

  #createWorld(): UserWorld {
    const { assignment, clocks, recorder, context } = {
      assignment: this.#assignment,
      clocks: this.#clocks,
      recorder: this.#recorder,
      context: this.#context,
    };
    const sharedPools = new Map<string, PoolMap>();
    const poolsOf = (userClass: UserClass): PoolMap => {
      const pools = sharedPools.get(userClass.name) ?? new Map();
      sharedPools.set(userClass.name, pools);
      return pools;
    };
    const metrics: Metrics = {
      count: (name, amount = 1) => recorder.metric("counter", name, amount, "", clocks.monotonicMs()),
      gauge: (name, value) => recorder.metric("gauge", name, value, "", clocks.monotonicMs()),
      rate: (name, isTrue) => recorder.metric("rate", name, isTrue ? 1 : 0, "", clocks.monotonicMs()),
      trend: (name, value, unit = "ms") => recorder.metric("trend", name, value, unit, clocks.monotonicMs()),
    };
    return {
      host: assignment.host,
      seed: assignment.seed,
      worker: assignment.share,
      shared: assignment.shared,
      scheduler: this.#scheduler,
      recorder,
      metrics,
      createHttpClient: (owner, userClass) => {
        const options = mergeHttpOptions(assignment.http, userClass.http);
        const environment = {
          nowMs: clocks.monotonicMs,
          epochMs: clocks.epochMs,
          recorder,
          takeDueMs: (nowMs: number) => owner.takeDueMs(nowMs),
        };
        const pools = options.connections === "shared" ? poolsOf(userClass) : null;
        return new Http1Client(environment, context, owner.host, options, pools);
      },
      createWebSocketClient: (owner) =>
        new WebSocketUserClient({
          ...clocks,
          recorder,
          scheduler: this.#scheduler,
          owner,
          tls: assignment.http.tls ?? {},
        }),
    };
  }

  #createHost(startMs: number, index: number): ExecutorHost {
    const { userClasses, equalWeights, seed } = this.#assignment;
    const share = this.#assignment.executorShare ?? this.#assignment.share;
    const pickers = new Map<string, (slot: number) => UserClass>();
    return {
      scheduler: this.#scheduler,
      share,
      startMs,
      randomFor: (n) => createRandom(Math.imul(seed + index + 1, 0x9e3779b1) ^ n)(),
      classFor: (slot, only = null) => {
        const key = only === null ? "" : only.join("\n");
        let picker = pickers.get(key);
        if (picker === undefined) {
          const chosen =
            only === null ? userClasses : userClasses.filter((entry) => only.includes(entry.name));
          picker = createClassPicker(chosen, equalWeights);
          pickers.set(key, picker);
        }
        return picker(slot);
      },
      spawn: (userClass, pacer) => this.#spawn(userClass, pacer),
      lag: (lagMs) => this.#recorder.lag(lagMs),
      undelivered: (count) => this.#recorder.undelivered(count),
      currentUsers: () => Math.max(this.#currentUsers, this.#users.size),
    };
  }

  #spawn(userClass: UserClass, pacer: Pacer): UserHandle {
    const { share } = this.#assignment;
    const user = new VirtualUser(this.#spawned * share.count + share.index, userClass, this.#world);
    this.#spawned += 1;
    this.#users.add(user);
    this.#countUser(userClass.name, 1);
    const ended = user.run(pacer).then(() => {
      this.#users.delete(user);
      this.#countUser(userClass.name, -1);
    });
    return { requestStop: () => user.requestStop(), ended };
  }

  #countUser(name: string, change: number): void {
    this.#usersByClass.set(name, (this.#usersByClass.get(name) ?? 0) + change);
  }
}

/** Options of a class over those of the scenario; headers, time-outs and TLS are merged key by key. */
export function mergeHttpOptions(scenario: HttpOptions, userClass: HttpOptions): HttpOptions {
  return {
    ...scenario,
    ...userClass,
    headers: { ...scenario.headers, ...userClass.headers },
    timeouts: { ...scenario.timeouts, ...userClass.timeouts },
    tls: { ...scenario.tls, ...userClass.tls },
  };
}
