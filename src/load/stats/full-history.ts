import { HISTORY_PERCENTILES, type HistoryRow } from "#contract";
import { Histogram } from "./histogram.ts";
import { splitRowKey } from "./row-totals.ts";
import { CURRENT_WINDOW_SEC, type NamedSecond } from "./second.ts";

/** Locust's current rate is the mean of the ten seconds that ended two seconds ago (`stats.py`, `current_rps`). */
const RATE_FROM_SEC = 12;
const RATE_TO_SEC = 2;
const TOTAL_KEY = "\nAggregated";

interface Running {
  readonly method: string;
  readonly name: string;
  requests: number;
  failures: number;
  bodyBytes: number;
  readonly fromDue: Histogram;
  /** The last seconds, oldest first. */
  readonly recent: {
    readonly tSec: number;
    requests: number;
    failures: number;
    readonly fromDue: Histogram;
  }[];
}

/**
 * Every name at the end of every second, as Locust's `--csv-full-history` has it: totals up to then, percentiles of the
 * last ten seconds. Memory grows with seconds times names; nobody pays who did not ask for it.
 */
export class FullHistory {
  readonly rows: HistoryRow[] = [];
  readonly #running = new Map<string, Running>();

  /** Adds a finished second; seconds come in order. */
  add(tSec: number, byName: ReadonlyMap<string, NamedSecond>): void {
    for (const [key, named] of byName)
      for (const into of [key, TOTAL_KEY]) addTo(this.#runningOf(into), tSec, named);
    const all = [...this.#running].sort(([a], [b]) => order(a, b));
    for (const [, running] of all) this.rows.push(toRow(running, tSec));
  }

  /** Forgets what was counted; rows of finished seconds stay. */
  reset(): void {
    this.#running.clear();
  }

  #runningOf(key: string): Running {
    let running = this.#running.get(key);
    if (running === undefined) {
      const { method, name } = splitRowKey(key);
      running = {
        method,
        name,
        requests: 0,
        failures: 0,
        bodyBytes: 0,
        fromDue: new Histogram(),
        recent: [],
      };
      this.#running.set(key, running);
    }
    return running;
  }
}

function addTo(running: Running, tSec: number, named: NamedSecond): void {
  let last = running.recent.at(-1);
  if (last === undefined || last.tSec !== tSec) {
    last = { tSec, requests: 0, failures: 0, fromDue: new Histogram() };
    running.recent.push(last);
    if (running.recent.length > RATE_FROM_SEC + 1) running.recent.shift();
  }
  last.requests += named.requests;
  last.failures += named.failures;
  running.requests += named.requests;
  running.failures += named.failures;
  running.bodyBytes += named.bodyBytes;
  for (const data of named.fromDue) {
    last.fromDue.addData(data);
    running.fromDue.addData(data);
  }
}

function toRow(running: Running, tSec: number): HistoryRow {
  const window = new Histogram();
  for (const second of running.recent)
    if (second.tSec > tSec - CURRENT_WINDOW_SEC) window.add(second.fromDue);
  const rated = running.recent.filter(
    (second) => second.tSec >= tSec - RATE_FROM_SEC && second.tSec < tSec - RATE_TO_SEC,
  );
  const seconds = Math.min(RATE_FROM_SEC - RATE_TO_SEC, Math.max(0, tSec - RATE_TO_SEC));
  const perSec = (sum: number) => (seconds === 0 ? 0 : sum / seconds);
  const { fromDue } = running;
  return {
    tSec,
    method: running.method,
    name: running.name,
    requestsPerSec: perSec(rated.reduce((sum, second) => sum + second.requests, 0)),
    failuresPerSec: perSec(rated.reduce((sum, second) => sum + second.failures, 0)),
    recentPercentilesMs:
      window.count === 0 ? null : HISTORY_PERCENTILES.map((percent) => window.percentileUs(percent) / 1000),
    requests: running.requests,
    failures: running.failures,
    bodyBytes: running.bodyBytes,
    medianMs: fromDue.percentileUs(50) / 1000,
    meanMs: fromDue.meanUs / 1000,
    minMs: fromDue.minUs / 1000,
    maxMs: fromDue.maxUs / 1000,
  };
}

/** By name, then method; the total last. */
function order(a: string, b: string): number {
  if (a === TOTAL_KEY || b === TOTAL_KEY) return a === b ? 0 : a === TOTAL_KEY ? 1 : -1;
  const [first, second] = [splitRowKey(a), splitRowKey(b)];
  if (first.name !== second.name) return first.name < second.name ? -1 : 1;
  return first.method < second.method ? -1 : 1;
}
