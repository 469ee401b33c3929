/** A worker's announcement, repeated until its master answers. */
import type { Scheduler } from "../scheduler.ts";
import { every } from "./intervals.ts";
import { TIMERS } from "./message.ts";

/** Says that a worker is ready, again and again, and gives up after Locust's number of tries. */
export class ReadyCalls {
  readonly #scheduler: Scheduler;
  readonly #call: () => void;
  readonly #giveUp: () => void;
  #tries = 0;
  #stopRetry: () => void = () => {};

  /**
   * @param call sends one announcement
   * @param giveUp called when no master answered
   */
  constructor(scheduler: Scheduler, call: () => void, giveUp: () => void) {
    this.#scheduler = scheduler;
    this.#call = call;
    this.#giveUp = giveUp;
  }

  /** Calls now and from now on. */
  begin(): void {
    this.#tries += 1;
    this.#call();
    this.#stopRetry();
    this.#stopRetry = every(this.#scheduler, TIMERS.readyRetryMs, () => {
      if (this.#tries > TIMERS.readyRetries) {
        this.#giveUp();
        return;
      }
      this.#tries += 1;
      this.#call();
    });
  }

  /** The master answered. */
  answered(): void {
    this.#stopRetry();
    this.#tries = 0;
  }

  /** No more calls. */
  end(): void {
    this.#stopRetry();
  }
}
