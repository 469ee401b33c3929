/** One virtual user: its life from `onStart` to `onStop`, and what its tasks see of it. */
import { createRandom, type Random } from "#shared";
import type { HttpClient, HttpResponse, RequestError } from "../model/http-types.ts";
import type { Metrics, TaskGroup, User, UserClass, WaitTime } from "../model/user-types.ts";
import type { WebSocketClient } from "../model/websocket-types.ts";
import type { ScheduledCall } from "../scheduler.ts";
import type { Http1Client } from "../transport/http1/client.ts";
import { TaskWalk } from "./task-tree.ts";
import type { UserWorld } from "./user-world.ts";

/**
 * A start at most this long after it was due counts as punctual: Node's timers tick in whole ms and may round twice,
 * so a shorter delay is the clock's grain, not a generator that fell behind. Longer ones are charged in full.
 */
export const TIMER_GRAIN_MS = 2;
const TRACEBACK_LIMIT_CHARS = 4000;
const MESSAGE_LIMIT_CHARS = 200;

/** Thrown by `user.interrupt()`. */
class InterruptSignal extends Error {
  override readonly name = "InterruptSignal";
}

/** Thrown by `user.stop()` and by requests of a user that was ended. */
class StopSignal extends Error {
  override readonly name = "StopSignal";
}

/** Says when the next iteration is due. */
export interface Pacer {
  /**
   * Moment at which the next iteration is due, monotonic ms, at once when that is past; null = the user ends. May wait.
   * @param waitedMs end of the user's own wait (its start at first), which is the answer of a closed model
   */
  next(waitedMs: number): number | null | Promise<number | null>;
  /** Wait between iterations instead of the tasks' own; null = no wait (the pacer decides alone). */
  readonly wait?: WaitTime | null;
}

/** Runs until it is stopped: the closed model. */
export const endlessPacer: Pacer = { next: (waitedMs) => waitedMs };

/** A virtual user. `run` it once. */
export class VirtualUser implements User<unknown> {
  readonly id: number;
  readonly className: string;
  readonly host: string;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly shared: unknown;
  readonly worker: { readonly index: number; readonly count: number };
  state: unknown = {};
  iteration = 0;
  isStopping = false;
  readonly #world: UserWorld;
  readonly #userClass: UserClass;
  readonly #client: Http1Client;
  #webSocket: (WebSocketClient & { close(): void }) | null = null;
  #dueMs = -1;
  /** When the last task ended. */
  #freeMs = 0;
  #isKilled = false;
  #wake: (() => void) | null = null;
  #sleeps: Set<() => void> | null = null;
  #requestsSeen = 0;

  constructor(id: number, userClass: UserClass, world: UserWorld) {
    this.id = id;
    this.className = userClass.name;
    this.#world = world;
    this.#userClass = userClass;
    this.host = userClass.host ?? world.host;
    // The golden ratio spreads neighbouring ids over the generator's 32-bit seeds (Knuth, TAOCP 3, section 6.4).
    this.random = createRandom(world.seed ^ Math.imul(id + 1, 0x9e3779b1));
    this.metrics = world.metrics;
    this.shared = world.shared;
    this.worker = world.worker;
    this.#client = world.createHttpClient(this, userClass);
  }

  get http(): HttpClient {
    return this.#client;
  }

  get ws(): WebSocketClient {
    this.#webSocket ??= this.#world.createWebSocketClient(this);
    return this.#webSocket;
  }

  /** Due time of the request that starts now (see {@link Pacer}); the first request of an iteration takes the iteration's. */
  takeDueMs(nowMs: number): number {
    if (this.#isKilled) throw new StopSignal();
    this.#requestsSeen += 1;
    const dueMs = this.#dueMs;
    if (dueMs < 0) return nowMs;
    this.#dueMs = -1;
    return dueMs;
  }

  sleep(seconds: number): Promise<void> {
    if (this.#isKilled || !(seconds > 0)) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeps = (this.#sleeps ??= new Set());
      const end = () => {
        call.cancel();
        sleeps.delete(end);
        resolve();
      };
      const call: ScheduledCall = this.#world.scheduler.at(
        this.#world.scheduler.nowMs() + seconds * 1000,
        end,
      );
      sleeps.add(end);
    });
  }

  check<R extends HttpResponse>(response: R, name: string, predicate: (response: R) => boolean): boolean {
    const holds = response.error === null && predicate(response);
    this.#world.recorder.check(name, holds);
    if (!holds && response.error === null) this.#fail(response, `check failed: ${name}`);
    return holds;
  }

  interrupt(): never {
    throw new InterruptSignal();
  }

  stop(): never {
    this.isStopping = true;
    throw new StopSignal();
  }

  /** Lives: `onStart`, iterations as the pacer says, `onStop`. Never rejects. */
  async run(pacer: Pacer): Promise<void> {
    const { scheduler } = this.#world;
    const walk = new TaskWalk(this.#userClass, this.random);
    try {
      if (this.#userClass.state !== undefined) this.state = this.#userClass.state(this);
      await this.#userClass.onStart?.(this);
      this.#freeMs = scheduler.nowMs();
      let waitedMs = this.#freeMs;
      while (!this.isStopping) {
        const next = pacer.next(waitedMs);
        const isAtOnce = typeof next === "number" && next <= this.#freeMs;
        const dueMs = typeof next === "object" && next !== null ? await next : next;
        if (dueMs === null || this.isStopping) break;
        if (!isAtOnce && dueMs > scheduler.nowMs()) await this.#sleepUntil(dueMs);
        if (this.isStopping) break;
        const beganMs = isAtOnce ? this.#freeMs : scheduler.nowMs();
        this.#beginIteration(dueMs, beganMs, pacer);
        const seenBefore = this.#requestsSeen;
        let { wait } = this.#userClass;
        try {
          const task = walk.pickDirect() ?? (await walk.descend(this.#runHook));
          wait = walk.waitAfter(task);
          const running = task.run(this);
          if (running !== undefined) await running;
        } catch (error) {
          if (error instanceof InterruptSignal) await walk.leave(this.#runHook);
          else this.#caught(error);
        }
        waitedMs = this.#endIteration(beganMs, pacer.wait === undefined ? wait : pacer.wait);
        // A task that sent nothing and waits for nothing would keep the event loop from ever turning.
        if (waitedMs <= this.#freeMs && this.#requestsSeen === seenBefore)
          await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.#caught(error);
    }
    await this.#end(walk);
  }

  /** Asks the user to end after its present task; ends its wait. */
  requestStop(): void {
    this.isStopping = true;
    this.#wake?.();
  }

  /**
   * Ends the user now. @param unfinishedMessage its requests under way count as failed with this message (family
   * timeout); null forgets them
   */
  kill(unfinishedMessage: string | null): void {
    this.requestStop();
    this.#isKilled = true;
    this.#client.close(unfinishedMessage);
    this.#webSocket?.close();
    for (const end of this.#sleeps ?? []) end();
  }

  #beginIteration(dueMs: number, beganMs: number, pacer: Pacer): void {
    // A user that was still busy when its time came is late by the target's fault; only a free one by the generator's.
    // Where the pacer decides alone, its executor counts the lag.
    if (dueMs > this.#freeMs && pacer.wait !== null) this.#world.recorder.lag(beganMs - dueMs);
    this.#dueMs = beganMs - dueMs <= TIMER_GRAIN_MS ? beganMs : dueMs;
  }

  /** @returns the end of the wait after the task */
  #endIteration(beganMs: number, wait: WaitTime | null): number {
    this.iteration += 1;
    this.#dueMs = -1;
    const endMs = this.#world.scheduler.nowMs();
    this.#freeMs = endMs;
    if (wait === null) return endMs;
    const waitMs = wait.seconds(this.random, (endMs - beganMs) / 1000) * 1000;
    // A fixed pace stays due at its own time when the task took longer: the answer's slowness is charged to the next.
    return waitMs === 0 && isPaced(wait) ? beganMs + wait.meanSec * 1000 : endMs + waitMs;
  }

  readonly #runHook = async (group: TaskGroup<unknown>, hook: "onStart" | "onStop"): Promise<void> => {
    await group[hook]?.(this);
  };

  #sleepUntil(dueMs: number): Promise<void> {
    return new Promise((resolve) => {
      const call = this.#world.scheduler.at(dueMs, () => {
        this.#wake = null;
        resolve();
      });
      this.#wake = () => {
        this.#wake = null;
        call.cancel();
        resolve();
      };
    });
  }

  async #end(walk: TaskWalk): Promise<void> {
    this.isStopping = true;
    try {
      while (walk.isNested) await walk.leave(this.#runHook);
      await this.#userClass.onStop?.(this);
    } catch (error) {
      this.#caught(error);
    }
    this.#client.close(null);
    this.#webSocket?.close();
  }

  #fail(response: HttpResponse, message: string): void {
    const error: RequestError = { family: "assertion", message };
    // Responses come from the client, which makes them mutable; scenarios see them read-only.
    (response as { error: RequestError | null }).error = error;
    this.#world.recorder.failure(
      response.method,
      response.name,
      error.family,
      error.message,
      this.#world.scheduler.nowMs(),
    );
  }

  #caught(error: unknown): void {
    if (error instanceof StopSignal || (this.#isKilled && this.isStopping)) return;
    const message =
      error instanceof Error ? `${error.name}: ${error.message}` : "a value that is no Error was thrown";
    const traceback = error instanceof Error ? (error.stack ?? "") : "";
    this.#world.recorder.exception(
      message.slice(0, MESSAGE_LIMIT_CHARS),
      traceback.slice(0, TRACEBACK_LIMIT_CHARS),
    );
  }
}

function isPaced(wait: WaitTime): boolean {
  return wait.kind === "constant-pacing" || wait.kind === "constant-throughput";
}
