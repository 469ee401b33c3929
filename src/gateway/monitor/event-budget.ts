const WINDOW_MS = 1_000;

/**
 * Bounds the events of a second. Flagged ones have a budget of their own, so that a flood of harmless requests never
 * hides what was found.
 */
export class EventBudget {
  private readonly perSec: number;
  private windowEndsMs = Number.NEGATIVE_INFINITY;
  private plainLeft = 0;
  private flaggedLeft = 0;

  /** @param perSec events of each of the two kinds in a second */
  constructor(perSec: number) {
    this.perSec = perSec;
  }

  /** Takes one event from the budget; false when it is used up. */
  take(isFlagged: boolean, nowMs: number): boolean {
    if (nowMs >= this.windowEndsMs) {
      this.windowEndsMs = nowMs + WINDOW_MS;
      this.plainLeft = this.perSec;
      this.flaggedLeft = this.perSec;
    }
    if (isFlagged) {
      this.flaggedLeft -= 1;
      return this.flaggedLeft >= 0;
    }
    this.plainLeft -= 1;
    return this.plainLeft >= 0;
  }
}
