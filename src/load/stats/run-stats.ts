/** The coordinator's side of the statistics: merges the deltas of all workers into totals and one-second series. */
import {
  type CheckStats,
  type ErrorStats,
  type ExceptionStats,
  HISTORY_PERCENTILES,
  type HistogramData,
  type MetricData,
  type RequestStats,
  type RunningTotals,
  type SeriesPoint,
} from "#contract";
import type { MetricDelta, WorkerReport } from "./delta.ts";
import { Histogram } from "./histogram.ts";
import { WindowSeries } from "./windows.ts";

/** Seconds over which "current" rates and percentiles are taken, as in Locust. */
export const CURRENT_WINDOW_SEC = 10;
/** A second is closed when every worker reported it, or at latest this long after it ended. */
const SECOND_OPEN_SEC = 5;

/** Running totals of one method and name. */
export interface RowTotals {
  readonly method: string;
  readonly name: string;
  count: number;
  failures: number;
  bodyBytes: number;
  firstMs: number;
  lastMs: number;
  readonly fromDue: Histogram;
  readonly fromSent: Histogram;
}

/** Running totals of a custom metric; trends are kept times 1,000. */
export interface MetricTotals {
  kind: MetricData["kind"];
  unit: string;
  count: number;
  sum: number;
  last: number;
  lastAtMs: number;
  histogram: Histogram | null;
}

interface OpenSecond {
  readonly tSec: number;
  requests: number;
  failures: number;
  bodyBytes: number;
  readonly fromDue: Histogram;
  /** Requests and failures by `METHOD\nname`. */
  readonly byName: Map<string, { requests: number; failures: number; fromDue: HistogramData[] }>;
}

interface WorkerState {
  lastTSec: number;
  users: number;
  usersByClass: Readonly<Record<string, number>>;
  cpuPercent: number;
  memoryBytes: number;
  eventLoopDelayP99Ms: number;
  gone: boolean;
}

/** A finished second with its per-name counts and latencies, for windows over the recent past. */
export interface RecentSecond {
  readonly tSec: number;
  readonly requests: number;
  readonly failures: number;
  readonly fromDue: HistogramData;
  readonly byName: ReadonlyMap<
    string,
    { readonly requests: number; readonly failures: number; readonly fromDue: readonly HistogramData[] }
  >;
}

/** Merged statistics of a run. Memory: one histogram pair per name, one small point per second. */
export class RunStats {
  readonly rows = new Map<string, RowTotals>();
  readonly series: SeriesPoint[] = [];
  readonly workers = new Map<string, WorkerState>();
  readonly lag = new Histogram();
  #cpuSum = 0;
  #cpuSamples = 0;
  undelivered = 0;
  connectionsOpened = 0;
  readonly #errors = new Map<string, { -readonly [K in keyof ErrorStats]: ErrorStats[K] }>();
  readonly #exceptions = new Map<
    string,
    { message: string; traceback: string; count: number; workers: Set<string> }
  >();
  readonly #checks = new Map<string, { passes: number; fails: number }>();
  readonly #metrics = new Map<string, MetricTotals>();
  readonly #open = new Map<number, OpenSecond>();
  readonly #recent: RecentSecond[] = [];
  readonly #keepSec: number;
  #nextTSec = 0;
  readonly windows = new WindowSeries();
  /** Everything in the seconds closed so far, for the history file. */
  readonly #closed = { failures: 0, bodyBytes: 0, fromDue: new Histogram() };

  /** @param keepSec seconds of recent detail kept for windows (at least {@link CURRENT_WINDOW_SEC}) */
  constructor(keepSec: number = CURRENT_WINDOW_SEC) {
    this.#keepSec = Math.max(keepSec, CURRENT_WINDOW_SEC);
  }

  /** Announces a worker whose reports a second has to wait for. */
  addWorker(id: string): void {
    this.workers.set(id, {
      lastTSec: -1,
      users: 0,
      usersByClass: {},
      cpuPercent: 0,
      memoryBytes: 0,
      eventLoopDelayP99Ms: 0,
      gone: false,
    });
  }

  /** A worker ended or was lost: seconds no longer wait for it. */
  removeWorker(id: string): void {
    const worker = this.workers.get(id);
    if (worker === undefined) return;
    worker.gone = true;
    worker.users = 0;
    worker.usersByClass = {};
  }

  /** Merges one report. */
  add(report: WorkerReport): void {
    if (!this.workers.has(report.workerId)) this.addWorker(report.workerId);
    const worker = this.workers.get(report.workerId)!;
    const { delta } = report;
    worker.lastTSec = Math.max(worker.lastTSec, delta.tSec);
    worker.users = report.users;
    worker.usersByClass = report.usersByClass;
    worker.cpuPercent = report.cpuPercent;
    worker.memoryBytes = report.memoryBytes;
    worker.eventLoopDelayP99Ms = Math.max(worker.eventLoopDelayP99Ms, report.eventLoopDelayP99Ms);
    this.#cpuSum += report.cpuPercent;
    this.#cpuSamples += 1;
    const second = this.#second(Math.max(delta.tSec, this.#nextTSec));
    for (const request of delta.requests) {
      this.#addRow(request);
      second.requests += request.count;
      second.failures += request.failures;
      second.bodyBytes += request.bodyBytes;
      second.fromDue.addData(request.fromDue);
      const key = rowKey(request.method, request.name);
      const named = second.byName.get(key) ?? { requests: 0, failures: 0, fromDue: [] };
      named.requests += request.count;
      named.failures += request.failures;
      named.fromDue.push(request.fromDue);
      second.byName.set(key, named);
    }
    for (const error of delta.errors) this.#addError(error);
    for (const exception of delta.exceptions) this.#addException(exception);
    for (const check of delta.checks) this.addCheck(check.name, check.passes, check.fails);
    for (const metric of delta.metrics) this.addMetric(metric);
    this.lag.addData(delta.lag);
    this.undelivered += delta.undelivered;
    this.connectionsOpened += delta.connectionsOpened;
  }

  /** Adds passes and fails to a check. */
  addCheck(name: string, passes: number, fails: number): void {
    const check = this.#checks.get(name) ?? { passes: 0, fails: 0 };
    check.passes += passes;
    check.fails += fails;
    this.#checks.set(name, check);
  }

  /** Adds samples to a custom metric. */
  addMetric(delta: MetricDelta): void {
    let metric = this.#metrics.get(delta.name);
    if (metric === undefined) {
      metric = {
        kind: delta.kind,
        unit: delta.unit,
        count: 0,
        sum: 0,
        last: 0,
        lastAtMs: Number.NEGATIVE_INFINITY,
        histogram: null,
      };
      this.#metrics.set(delta.name, metric);
    }
    metric.count += delta.count;
    metric.sum += delta.sum;
    if (delta.lastAtMs >= metric.lastAtMs) {
      metric.last = delta.last;
      metric.lastAtMs = delta.lastAtMs;
    }
    if (delta.histogram !== null) {
      metric.histogram ??= new Histogram();
      metric.histogram.addData(delta.histogram);
    }
  }

  /** Closes the seconds that are complete at `nowTSec` (whole seconds since the start) and returns them. */
  closeSeconds(nowTSec: number): readonly SeriesPoint[] {
    const live = [...this.workers.values()].filter((worker) => !worker.gone);
    const reported = Math.min(...live.map((worker) => worker.lastTSec), Number.POSITIVE_INFINITY);
    const closed: SeriesPoint[] = [];
    while (
      this.#nextTSec < nowTSec &&
      (this.#nextTSec <= reported || this.#nextTSec < nowTSec - SECOND_OPEN_SEC)
    )
      closed.push(this.#close());
    return closed;
  }

  /** Closes everything that is open, at the end of the run. */
  closeAll(): void {
    const last = Math.max(-1, ...this.#open.keys());
    while (this.#nextTSec <= last) this.#close();
  }

  /** Mean CPU of a worker over the run, % of one core. */
  get cpuPercent(): number {
    return this.#cpuSamples === 0 ? 0 : this.#cpuSum / this.#cpuSamples;
  }

  /** Users running over all workers. */
  get users(): number {
    let users = 0;
    for (const worker of this.workers.values()) users += worker.users;
    return users;
  }

  /** Users running by class. */
  get usersByClass(): Readonly<Record<string, number>> {
    const sum: Record<string, number> = {};
    for (const worker of this.workers.values())
      for (const [name, count] of Object.entries(worker.usersByClass)) sum[name] = (sum[name] ?? 0) + count;
    return sum;
  }

  /** The last finished seconds, oldest first, at most `windowSec` of them. */
  recent(windowSec: number): readonly RecentSecond[] {
    return this.#recent.slice(-windowSec);
  }

  /** All rows as result data, by name, then method. */
  requestStats(): readonly RequestStats[] {
    return [...this.rows.values()].sort(byNameAndMethod).map(toRequestStats);
  }

  /** The sum of all rows. */
  total(): RowTotals {
    const total = newRow("", "Aggregated");
    for (const row of this.rows.values()) addToRow(total, toRequestStats(row));
    return total;
  }

  /** Errors, most frequent first. */
  errors(): readonly ErrorStats[] {
    return [...this.#errors.values()].map((error) => ({ ...error })).sort(byFrequency);
  }

  /** Exceptions, most frequent first. */
  exceptions(): readonly ExceptionStats[] {
    return [...this.#exceptions.values()]
      .map((entry) => ({ ...entry, workers: [...entry.workers] }))
      .sort((a, b) => b.count - a.count);
  }

  /** Checks by name. */
  checks(): readonly CheckStats[] {
    return [...this.#checks].map(([name, counts]) => ({ name, ...counts }));
  }

  /** Custom metrics by name. */
  metrics(): readonly MetricData[] {
    return [...this.#metrics].map(([name, metric]) => ({
      name,
      kind: metric.kind,
      value: metricValue(metric),
      count: metric.count,
      unit: metric.unit,
      // Other units are kept times 1,000, which only means something where 1,000 is µs per ms.
      ...(metric.histogram === null || metric.unit !== "ms" ? {} : { histogram: metric.histogram.toData() }),
    }));
  }

  /** One custom metric as it stands; null when nothing was added to it. */
  metric(name: string): Readonly<MetricTotals> | null {
    return this.#metrics.get(name) ?? null;
  }

  /** Forgets all statistics; series and workers stay. */
  reset(): void {
    this.rows.clear();
    this.#errors.clear();
    this.#exceptions.clear();
    this.#checks.clear();
    this.#metrics.clear();
    this.#recent.length = 0;
    this.#closed.failures = 0;
    this.#closed.bodyBytes = 0;
    this.#closed.fromDue.reset();
    this.windows.reset();
    for (const second of this.#open.values()) {
      second.requests = 0;
      second.failures = 0;
      second.bodyBytes = 0;
      second.fromDue.reset();
      second.byName.clear();
    }
  }

  #second(tSec: number): OpenSecond {
    let second = this.#open.get(tSec);
    if (second === undefined) {
      second = { tSec, requests: 0, failures: 0, bodyBytes: 0, fromDue: new Histogram(), byName: new Map() };
      this.#open.set(tSec, second);
    }
    return second;
  }

  #close(): SeriesPoint {
    const second = this.#second(this.#nextTSec);
    this.#open.delete(this.#nextTSec);
    this.#nextTSec += 1;
    const { fromDue } = second;
    this.#closed.failures += second.failures;
    this.#closed.bodyBytes += second.bodyBytes;
    this.#closed.fromDue.add(fromDue);
    this.windows.add(second.tSec, second.byName);
    const ms = (percent: number) => (fromDue.count === 0 ? null : fromDue.percentileUs(percent) / 1000);
    const point: SeriesPoint = {
      tSec: second.tSec,
      users: this.users,
      requests: second.requests,
      failures: second.failures,
      p50Ms: ms(50),
      p95Ms: ms(95),
      p99Ms: ms(99),
      maxMs: ms(100),
      meanMs: fromDue.count === 0 ? null : fromDue.meanUs / 1000,
      ...(this.#closed.fromDue.count === 0 ? {} : { totals: this.#totals() }),
    };
    this.series.push(point);
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

  #addRow(request: RequestStats): void {
    const key = rowKey(request.method, request.name);
    let row = this.rows.get(key);
    if (row === undefined) {
      row = newRow(request.method, request.name);
      this.rows.set(key, row);
    }
    addToRow(row, request);
  }

  #addError(error: ErrorStats): void {
    const key = `${error.method}\n${error.name}\n${error.family}\n${error.message}`;
    const known = this.#errors.get(key);
    if (known === undefined) {
      this.#errors.set(key, { ...error });
      return;
    }
    known.count += error.count;
    known.firstSeenMs = Math.min(known.firstSeenMs, error.firstSeenMs);
    known.lastSeenMs = Math.max(known.lastSeenMs, error.lastSeenMs);
  }

  #addException(exception: ExceptionStats): void {
    const key = `${exception.message}\n${exception.traceback}`;
    const known = this.#exceptions.get(key);
    if (known === undefined) {
      this.#exceptions.set(key, { ...exception, workers: new Set(exception.workers) });
      return;
    }
    known.count += exception.count;
    for (const worker of exception.workers) known.workers.add(worker);
  }
}

/** Key of a method and name in {@link RunStats.rows} and {@link RecentSecond.byName}. */
export function rowKey(method: string, name: string): string {
  return `${method}\n${name}`;
}

/** A row as result data. */
export function toRequestStats(row: RowTotals): RequestStats {
  return { ...row, fromDue: row.fromDue.toData(), fromSent: row.fromSent.toData() };
}

function newRow(method: string, name: string): RowTotals {
  return {
    method,
    name,
    count: 0,
    failures: 0,
    bodyBytes: 0,
    firstMs: 0,
    lastMs: 0,
    fromDue: new Histogram(),
    fromSent: new Histogram(),
  };
}

function addToRow(row: RowTotals, request: RequestStats): void {
  if (request.count > 0) {
    row.firstMs = row.count === 0 ? request.firstMs : Math.min(row.firstMs, request.firstMs);
    row.lastMs = Math.max(row.lastMs, request.lastMs);
  }
  row.count += request.count;
  row.failures += request.failures;
  row.bodyBytes += request.bodyBytes;
  row.fromDue.addData(request.fromDue);
  row.fromSent.addData(request.fromSent);
}

/** Most frequent first; ties by name and message, so that the order does not depend on arrival. */
function byFrequency(a: ErrorStats, b: ErrorStats): number {
  if (a.count !== b.count) return b.count - a.count;
  const [left, right] = [a, b].map((error) => `${error.name}\n${error.method}\n${error.message}`);
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

function metricValue(metric: MetricTotals): number {
  if (metric.kind === "counter") return metric.sum;
  if (metric.kind === "gauge") return metric.last;
  return metric.count === 0 ? 0 : metric.sum / metric.count;
}

function byNameAndMethod(a: RowTotals, b: RowTotals): number {
  return a.name === b.name ? (a.method < b.method ? -1 : 1) : a.name < b.name ? -1 : 1;
}
