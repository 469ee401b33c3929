/** Moments at which iterations are due in the open model, and the timer that walks through them. */
import type { Stage } from "../model/executor-types.ts";
import type { ScheduledCall } from "../scheduler.ts";
import type { ExecutorHost } from "./executor.ts";

/**
 * Due times of a rate that follows stages, ms after the start: arrival i (from 0) is due when the integral of the rate
 * reaches i. Within a stage of length D with the rate going from a to b that is N(t) = a t + (b - a) t^2 / 2D, solved in
 * the form that stays exact for a = b.
 */
export function* stageArrivals(startRatePerSec: number, stages: readonly Stage[]): Generator<number> {
  let from = startRatePerSec;
  let beganSec = 0;
  let before = 0;
  let index = 0;
  for (const { durationSec, target } of stages) {
    const within = ((from + target) / 2) * durationSec;
    const curve = durationSec === 0 ? 0 : (target - from) / (2 * durationSec);
    // The bound is open: what is due exactly at the end of a stage belongs to the next.
    for (; index < before + within - 1e-9; index += 1) {
      const count = index - before;
      const root = Math.sqrt(Math.max(0, from * from + 4 * curve * count));
      yield (beganSec + (count === 0 ? 0 : (2 * count) / (from + root))) * 1000;
    }
    before += within;
    beganSec += durationSec;
    from = target;
  }
}

/** Arrivals begun before `tSec`. */
export function arrivalsBefore(startRatePerSec: number, stages: readonly Stage[], tSec: number): number {
  let from = startRatePerSec;
  let beganSec = 0;
  let integral = 0;
  for (const { durationSec, target } of stages) {
    const within = Math.min(Math.max(0, tSec - beganSec), durationSec);
    const rate = durationSec === 0 ? target : from + ((target - from) * within) / durationSec;
    integral += ((from + rate) / 2) * within;
    beganSec += durationSec;
    from = target;
  }
  // Arrival 0 is due when the rate begins to be above 0.
  return Math.ceil(integral - 1e-9);
}

/** Calls `arrive` for every arrival of this worker's share when it is due, late ones at once. */
export class ArrivalClock {
  readonly #host: ExecutorHost;
  readonly #dueTimes: Iterator<number>;
  readonly #arrive: (index: number, dueMs: number) => void;
  #index = 0;
  #call: ScheduledCall | null = null;

  /** @param dueTimes ms after the executor's start, ascending, of all workers' arrivals */
  constructor(
    host: ExecutorHost,
    dueTimes: Iterable<number>,
    arrive: (index: number, dueMs: number) => void,
  ) {
    this.#host = host;
    this.#dueTimes = dueTimes[Symbol.iterator]();
    this.#arrive = arrive;
  }

  start(): void {
    this.#advance(this.#nextOwn());
  }

  stop(): void {
    this.#call?.cancel();
  }

  #advance(first: { index: number; dueMs: number } | null): void {
    const { scheduler } = this.#host;
    for (let arrival = first; arrival !== null; arrival = this.#nextOwn()) {
      const { index, dueMs } = arrival;
      if (dueMs > scheduler.nowMs()) {
        this.#call = scheduler.at(dueMs, () => this.#advance({ index, dueMs }));
        return;
      }
      this.#host.lag(scheduler.nowMs() - dueMs);
      this.#arrive(index, dueMs);
    }
  }

  #nextOwn(): { index: number; dueMs: number } | null {
    const { share, startMs } = this.#host;
    for (;;) {
      const { value, done } = this.#dueTimes.next();
      if (done === true) return null;
      const index = this.#index++;
      if (index % share.count === share.index) return { index, dueMs: startMs + value };
    }
  }
}
