/**
 * Bounds retries to a share of the requests, so that a provider in trouble is not asked even more. A bucket: every request
 * puts a share of a retry in, every retry takes one out. Source: Finagle, `RetryBudget`.
 */
export class RetryBudget {
  /** Retries that were left out because the budget was spent. */
  refusedCount = 0;
  private readonly share: number;
  private readonly burst: number;
  private saved: number;

  /**
   * @param share retries per request, 0 to 1
   * @param burst most retries that are saved up, and those there are at the start
   */
  constructor(share: number, burst: number) {
    this.share = share;
    this.burst = burst;
    this.saved = burst;
  }

  /** Counts a request. */
  deposit(): void {
    if (this.saved < this.burst) this.saved = Math.min(this.burst, this.saved + this.share);
  }

  /** Takes one retry out, if there is one. */
  withdraw(): boolean {
    if (this.saved < 1) {
      this.refusedCount += 1;
      return false;
    }
    this.saved -= 1;
    return true;
  }
}
