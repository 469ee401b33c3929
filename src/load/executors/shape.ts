import type { ShapeConfig } from "../model/executor-types.ts";
import type { LoadShape, ShapeTick } from "../model/shape-types.ts";
import type { ScheduledCall } from "../scheduler.ts";
import type { Executor, ExecutorHost, ExecutorKind } from "./executor.ts";
import { Population, rampSteps, type UserStep } from "./population.ts";

/** How often a shape is asked, ms (Locust: about once a second). */
const TICK_MS = 1000;

/**
 * Users that follow a shape's `tick()`, with Locust's contract: asked about once a second, a changed answer starts a new
 * ramp at its rate, null ends. Unlike Locust's, a slow ramp never holds up the next tick.
 */
export const shapeUsers: ExecutorKind<ShapeConfig> = {
  plan: (config) => {
    const shape = config.shape();
    return {
      kind: config.kind,
      name: config.name ?? shape.name,
      startSec: config.startSec ?? 0,
      durationSec: shape.durationSec,
      peakUsers: shape.peakUsers ?? 0,
      spawnRatePerSec: Number.POSITIVE_INFINITY,
      isOpenModel: false,
      amountAt: (tSec) =>
        shape.durationSec === null ? null : (shape.tick({ runTimeSec: tSec, currentUsers: 0 })?.[0] ?? 0),
    };
  },
  create: (config, host) => new ShapeRunner(config, host),
};

class ShapeRunner implements Executor {
  readonly done: Promise<void>;
  readonly #population: Population;
  readonly #shape: LoadShape;
  readonly #host: ExecutorHost;
  #last: ShapeTick | null = null;
  #ticks = 0;
  #call: ScheduledCall | null = null;

  constructor(config: ShapeConfig, host: ExecutorHost) {
    this.#host = host;
    this.#shape = config.shape();
    this.#population = new Population(host, [], null, config.userClasses ?? null);
    this.done = this.#population.done;
  }

  get targetUsers(): number {
    return this.#population.targetUsers;
  }

  start(): void {
    this.#population.start();
    this.#tick();
  }

  stop(): void {
    this.#call?.cancel();
    this.#population.stop();
  }

  #tick(): void {
    const { scheduler, startMs } = this.#host;
    const runTimeSec = (this.#ticks * TICK_MS) / 1000;
    const answer = this.#shape.tick({ runTimeSec, currentUsers: this.#host.currentUsers() });
    if (answer === null) {
      this.stop();
      return;
    }
    if (!isSame(answer, this.#last)) {
      this.#last = answer;
      const [users, ratePerSec, userClasses] = answer;
      const rate = ratePerSec > 0 ? ratePerSec : Number.POSITIVE_INFINITY;
      this.#population.follow(
        withClasses(
          rampSteps(this.#population.targetUsers, users, rate, this.#ticks * TICK_MS),
          userClasses ?? null,
        ),
      );
    }
    this.#ticks += 1;
    this.#call = scheduler.at(startMs + this.#ticks * TICK_MS, () => this.#tick());
  }
}

function* withClasses(steps: Iterable<UserStep>, userClasses: readonly string[] | null): Generator<UserStep> {
  for (const step of steps) yield userClasses === null ? step : { ...step, userClasses };
}

function isSame(a: ShapeTick, b: ShapeTick | null): boolean {
  return (
    b !== null &&
    a[0] === b[0] &&
    a[1] === b[1] &&
    JSON.stringify(a[2] ?? null) === JSON.stringify(b[2] ?? null)
  );
}
