/** How fast users may be placed again or moved. */

/** Lets users through at a rate: the first one at once, none saved up while nothing waits. */
export class Pace {
  #ratePerSec: number;
  #credit = 1;
  #atMs: number;

  /** @param ratePerSec infinite = all at once */
  constructor(ratePerSec: number, nowMs: number) {
    this.#ratePerSec = ratePerSec;
    this.#atMs = nowMs;
  }

  set ratePerSec(ratePerSec: number) {
    this.#ratePerSec = ratePerSec;
  }

  /**
   * Offers what may go by now.
   * @param use takes up to so many and says how many it took
   */
  spend(nowMs: number, use: (limit: number) => number): void {
    if (!Number.isFinite(this.#ratePerSec)) {
      use(Number.POSITIVE_INFINITY);
      return;
    }
    this.#credit += ((nowMs - this.#atMs) * this.#ratePerSec) / 1000;
    this.#atMs = nowMs;
    const whole = Math.floor(this.#credit + 1e-9);
    const used = use(whole);
    this.#credit = used < whole ? 1 : this.#credit - used;
  }
}
