/** The worker's side of the statistics: counts what happens, and hands out each finished second as a delta. */
import type { ErrorFamily, MetricData } from "#contract";
import type { StatsDelta } from "./delta.ts";
import { Histogram } from "./histogram.ts";
import {
  drainEntries,
  drainHistogram,
  Entry,
  type ErrorCounts,
  errorStats,
  type MetricCounts,
  metricDelta,
} from "./worker-counts.ts";

/** Distinct names, error messages, exceptions and metrics kept; what is beyond is counted under {@link OVERFLOW}. */
export const NAME_LIMIT = 2000;
const ERROR_LIMIT = 1000;
const EXCEPTION_LIMIT = 200;
const METRIC_LIMIT = 500;
/** Name under which things beyond a limit are counted, so that memory stays bounded. */
export const OVERFLOW = "(other)";
const SECOND_MS = 1000;

/** How a recorder tells the time: `startedAtMs` is when second 0 began, `epochOffsetMs` makes epoch times of it. */
export interface RecorderTime {
  /** Monotonic ms of the start of the run. */
  readonly startedAtMs: number;
  /** Epoch ms minus monotonic ms. */
  readonly epochOffsetMs: number;
}

/** Records samples of one worker. All times are monotonic ms; memory is bounded by the limits above. */
export class Recorder {
  readonly #workerId: string;
  readonly #time: RecorderTime;
  readonly #entries = new Map<string, Map<string, Entry>>();
  #entryCount = 0;
  readonly #errors = new Map<string, ErrorCounts>();
  readonly #exceptions = new Map<string, { message: string; traceback: string; count: number }>();
  readonly #checks = new Map<string, { passes: number; fails: number }>();
  readonly #metrics = new Map<string, MetricCounts>();
  readonly #lag = new Histogram();
  #undelivered = 0;
  #connectionsOpened = 0;
  #tSec = 0;
  #rollAtMs: number;
  #sealed: StatsDelta[] = [];

  constructor(workerId: string, time: RecorderTime) {
    this.#workerId = workerId;
    this.#time = time;
    this.#rollAtMs = time.startedAtMs + SECOND_MS;
  }

  /** The entry of a method and name; keep it only for the present call. */
  entry(method: string, name: string): Entry {
    let byName = this.#entries.get(method);
    if (byName === undefined) {
      byName = new Map();
      this.#entries.set(method, byName);
    }
    let entry = byName.get(name);
    if (entry === undefined) {
      if (this.#entryCount >= NAME_LIMIT && name !== OVERFLOW) return this.entry(method, OVERFLOW);
      entry = new Entry(method, name);
      byName.set(name, entry);
      this.#entryCount += 1;
    }
    return entry;
  }

  /** Counts one finished request. */
  request(
    method: string,
    name: string,
    dueMs: number,
    sentMs: number,
    endMs: number,
    bodyBytes: number,
  ): void {
    if (endMs >= this.#rollAtMs) this.roll(endMs);
    const entry = this.entry(method, name);
    if (entry.count === 0) entry.firstMs = sentMs;
    else if (sentMs < entry.firstMs) entry.firstMs = sentMs;
    entry.count += 1;
    entry.bodyBytes += bodyBytes;
    entry.lastMs = endMs;
    entry.fromDue.record((endMs - dueMs) * 1000);
    entry.fromSent.record((endMs - sentMs) * 1000);
  }

  /** Marks one counted request as failed. */
  failure(method: string, name: string, family: ErrorFamily, message: string, atMs: number): void {
    if (atMs >= this.#rollAtMs) this.roll(atMs);
    const entry = this.entry(method, name);
    entry.failures += 1;
    const key = `${entry.method}\n${entry.name}\n${family}\n${message}`;
    const known = this.#errors.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.lastSeenMs = atMs;
      return;
    }
    const kept = this.#errors.size < ERROR_LIMIT ? message : OVERFLOW;
    const keptKey = kept === message ? key : `${entry.method}\n${entry.name}\n${family}\n${OVERFLOW}`;
    const overflow = this.#errors.get(keptKey);
    if (overflow !== undefined) {
      overflow.count += 1;
      overflow.lastSeenMs = atMs;
      return;
    }
    this.#errors.set(keptKey, {
      method: entry.method,
      name: entry.name,
      family,
      message: kept,
      count: 1,
      firstSeenMs: atMs,
      lastSeenMs: atMs,
    });
  }

  /** Counts how late something began after it was due, ms. */
  lag(lagMs: number): void {
    this.#lag.record(lagMs * 1000);
  }

  /** Counts arrivals that were due and never sent. */
  undelivered(count: number): void {
    this.#undelivered += count;
  }

  /** Counts a connection opened. */
  connectionOpened(): void {
    this.#connectionsOpened += 1;
  }

  /** Counts an exception of user code. */
  exception(message: string, traceback: string): void {
    const key = `${message}\n${traceback}`;
    const known = this.#exceptions.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#exceptions.size < EXCEPTION_LIMIT || message === OVERFLOW)
      this.#exceptions.set(key, { message, traceback, count: 1 });
    else this.exception(OVERFLOW, "");
  }

  /** Counts one pass or fail of a check. */
  check(name: string, holds: boolean): void {
    let check = this.#checks.get(name);
    if (check === undefined) {
      check = { passes: 0, fails: 0 };
      this.#checks.set(name, check);
    }
    if (holds) check.passes += 1;
    else check.fails += 1;
  }

  /** Adds a sample of a custom metric; a name keeps the kind and unit of its first use. */
  metric(kind: MetricData["kind"], name: string, value: number, unit: string, atMs: number): void {
    let metric = this.#metrics.get(name);
    if (metric === undefined) {
      if (this.#metrics.size >= METRIC_LIMIT) return;
      metric = {
        kind,
        unit,
        count: 0,
        sum: 0,
        last: 0,
        lastAtMs: 0,
        histogram: kind === "trend" ? new Histogram() : null,
      };
      this.#metrics.set(name, metric);
    }
    metric.count += 1;
    metric.sum += value;
    metric.last = value;
    metric.lastAtMs = atMs;
    metric.histogram?.record(value * 1000);
  }

  /** Seals all seconds that ended before `nowMs`. */
  roll(nowMs: number): void {
    while (nowMs >= this.#rollAtMs) {
      this.#seal();
      const behind = Math.floor((nowMs - this.#rollAtMs) / SECOND_MS);
      // After a long pause only the second that follows is of interest: the empty ones between hold nothing.
      this.#tSec += 1 + behind;
      this.#rollAtMs += SECOND_MS * (1 + behind);
    }
  }

  /** The seconds that ended before `nowMs` and were not taken yet. */
  take(nowMs: number): readonly StatsDelta[] {
    this.roll(nowMs);
    const sealed = this.#sealed;
    this.#sealed = [];
    return sealed;
  }

  /** Everything not taken yet, the unfinished second included. */
  takeAll(): readonly StatsDelta[] {
    this.#seal();
    const sealed = this.#sealed;
    this.#sealed = [];
    return sealed;
  }

  #seal(): void {
    const { epochOffsetMs } = this.#time;
    this.#sealed.push({
      tSec: this.#tSec,
      requests: drainEntries(this.#entries, epochOffsetMs),
      errors: [...this.#errors.values()].map((error) => errorStats(error, epochOffsetMs)),
      exceptions: [...this.#exceptions.values()].map((entry) => ({ ...entry, workers: [this.#workerId] })),
      checks: [...this.#checks].map(([name, counts]) => ({ name, ...counts })),
      metrics: [...this.#metrics]
        .filter(([, metric]) => metric.count > 0)
        .map(([name, metric]) => metricDelta(name, metric, epochOffsetMs)),
      lag: drainHistogram(this.#lag),
      undelivered: this.#undelivered,
      connectionsOpened: this.#connectionsOpened,
    });
    this.#errors.clear();
    this.#exceptions.clear();
    this.#checks.clear();
    this.#undelivered = 0;
    this.#connectionsOpened = 0;
    for (const [name, metric] of this.#metrics) {
      if (metric.count === 0) this.#metrics.delete(name);
      metric.count = 0;
      metric.sum = 0;
      metric.histogram?.reset();
    }
  }
}
