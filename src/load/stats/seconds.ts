/** The run second by second: open ones still take reports, closed ones become points of the series. */
import { HISTORY_PERCENTILES, type HistoryRow, type RunningTotals, type SeriesPoint } from "#contract";
import { FullHistory } from "./full-history.ts";
import { Histogram } from "./histogram.ts";
import { CURRENT_WINDOW_SEC, type OpenSecond, openSecond, type RecentSecond } from "./second.ts";
import { WindowSeries } from "./windows.ts";

/** A second is closed when every worker reported it, or at latest this long after it ended. */
const SECOND_OPEN_SEC = 5;

/** All seconds of a run. Memory: one small point per second, details of the last few only. */
export class SecondSeries {
  readonly points: SeriesPoint[] = [];
  readonly windows = new WindowSeries();
  readonly #open = new Map<number, OpenSecond>();
  readonly #recent: RecentSecond[] = [];
  readonly #keepSec: number;
  #nextTSec = 0;
  /** Everything in the seconds closed so far, for the history file. */
  readonly #closed = { failures: 0, bodyBytes: 0, fromDue: new Histogram() };

  readonly #history: FullHistory | null;

  /**
   * @param keepSec seconds of recent detail kept for windows (at least {@link CURRENT_WINDOW_SEC})
   * @param hasHistory keeps every name of every second, at the price of memory that grows with the run
   */
  constructor(keepSec: number, hasHistory: boolean) {
    this.#keepSec = Math.max(keepSec, CURRENT_WINDOW_SEC);
    this.#history = hasHistory ? new FullHistory() : null;
  }

  /** Every name second by second; null unless it was asked for. */
  get history(): readonly HistoryRow[] | null {
    return this.#history?.rows ?? null;
  }

  /** The second that takes a report of `tSec`: what comes too late goes into the first one still open. */
  openAt(tSec: number): OpenSecond {
    return this.#second(Math.max(tSec, this.#nextTSec));
  }

  /**
   * Closes the seconds that are complete and returns them.
   * @param nowTSec whole seconds since the start
   * @param reportedTSec last second that every worker reported
   * @param users users running now
   */
  close(nowTSec: number, reportedTSec: number, users: number): readonly SeriesPoint[] {
    const closed: SeriesPoint[] = [];
    while (
      this.#nextTSec < nowTSec &&
      (this.#nextTSec <= reportedTSec || this.#nextTSec < nowTSec - SECOND_OPEN_SEC)
    )
      closed.push(this.#close(users));
    return closed;
  }

  /** Closes everything that is open, at the end of the run. */
  closeAll(users: number): void {
    const last = Math.max(-1, ...this.#open.keys());
    while (this.#nextTSec <= last) this.#close(users);
  }

  /** The last finished seconds, oldest first, at most `windowSec` of them. */
  recent(windowSec: number): readonly RecentSecond[] {
    return this.#recent.slice(-windowSec);
  }

  /** Forgets what was counted; the points stay. */
  reset(): void {
    this.#recent.length = 0;
    this.#closed.failures = 0;
    this.#closed.bodyBytes = 0;
    this.#closed.fromDue.reset();
    this.windows.reset();
    this.#history?.reset();
    for (const second of this.#open.values()) {
      second.requests = 0;
      second.failures = 0;
      second.bodyBytes = 0;
      second.fromDue.reset();
      second.byName.clear();
      second.checks.length = 0;
      second.metrics.length = 0;
    }
  }

  #second(tSec: number): OpenSecond {
    let second = this.#open.get(tSec);
    if (second === undefined) {
      second = openSecond(tSec);
      this.#open.set(tSec, second);
    }
    return second;
  }

  #close(users: number): SeriesPoint {
    const second = this.#second(this.#nextTSec);
    this.#open.delete(this.#nextTSec);
    this.#nextTSec += 1;
    const { fromDue } = second;
    this.#closed.failures += second.failures;
    this.#closed.bodyBytes += second.bodyBytes;
    this.#closed.fromDue.add(fromDue);
    this.windows.add(second.tSec, second.byName);
    this.#history?.add(second.tSec, second.byName);
    const ms = (percent: number) => (fromDue.count === 0 ? null : fromDue.percentileUs(percent) / 1000);
    const point: SeriesPoint = {
      tSec: second.tSec,
      users,
      requests: second.requests,
      failures: second.failures,
      p50Ms: ms(50),
      p95Ms: ms(95),
      p99Ms: ms(99),
      maxMs: ms(100),
      meanMs: fromDue.count === 0 ? null : fromDue.meanUs / 1000,
      ...(this.#closed.fromDue.count === 0 ? {} : { totals: this.#totals() }),
    };
    this.points.push(point);
    this.#recent.push({ ...second, fromDue: fromDue.toData() });
    if (this.#recent.length > this.#keepSec) this.#recent.shift();
    return point;
  }

  #totals(): RunningTotals {
    const { failures, bodyBytes, fromDue } = this.#closed;
    return {
      requests: fromDue.count,
      failures,
      bodyBytes,
      meanMs: fromDue.meanUs / 1000,
      minMs: fromDue.percentileUs(0) / 1000,
      maxMs: fromDue.percentileUs(100) / 1000,
      percentilesMs: HISTORY_PERCENTILES.map((percent) => fromDue.percentileUs(percent) / 1000),
    };
  }
}
