/** The coordinator's side of the statistics: merges the deltas of all workers into totals and one-second series. */
import type {
  CheckStats,
  ErrorStats,
  ExceptionStats,
  HistoryRow,
  MetricData,
  RequestStats,
  SeriesPoint,
} from "#contract";
import type { MetricDelta, WorkerReport } from "./delta.ts";
import { ErrorTotals } from "./error-totals.ts";
import { Histogram } from "./histogram.ts";
import { addToMetric, type MetricTotals, newMetric, toMetricData } from "./metric-totals.ts";
import { addToRow, byNameAndMethod, newRow, type RowTotals, rowKey, toRequestStats } from "./row-totals.ts";
import { addToSecond, CURRENT_WINDOW_SEC, type RecentSecond } from "./second.ts";
import { SecondSeries } from "./seconds.ts";
import type { WindowSeries } from "./windows.ts";

interface WorkerState {
  lastTSec: number;
  users: number;
  usersByClass: Readonly<Record<string, number>>;
  cpuPercent: number;
  memoryBytes: number;
  eventLoopDelayP99Ms: number;
  gone: boolean;
}

/** Merged statistics of a run. Memory: one histogram pair per name, one small point per second. */
export class RunStats {
  readonly rows = new Map<string, RowTotals>();
  readonly workers = new Map<string, WorkerState>();
  readonly lag = new Histogram();
  #cpuSum = 0;
  #cpuSamples = 0;
  undelivered = 0;
  connectionsOpened = 0;
  readonly #failed = new ErrorTotals();
  readonly #checks = new Map<string, { passes: number; fails: number }>();
  readonly #metrics = new Map<string, MetricTotals>();
  readonly #seconds: SecondSeries;

  /**
   * @param keepSec seconds of recent detail kept for windows (at least {@link CURRENT_WINDOW_SEC})
   * @param hasHistory keeps every name of every second
   */
  constructor(keepSec: number = CURRENT_WINDOW_SEC, hasHistory = false) {
    this.#seconds = new SecondSeries(keepSec, hasHistory);
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
    const second = this.#seconds.openAt(delta.tSec);
    for (const request of delta.requests) {
      this.#addRow(request);
      addToSecond(second, request);
    }
    for (const error of delta.errors) this.#failed.addError(error);
    for (const exception of delta.exceptions) this.#failed.addException(exception);
    for (const check of delta.checks) {
      this.addCheck(check.name, check.passes, check.fails);
      second.checks.push(check);
    }
    for (const metric of delta.metrics) {
      this.addMetric(metric);
      second.metrics.push(metric);
    }
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
      metric = newMetric(delta.kind, delta.unit);
      this.#metrics.set(delta.name, metric);
    }
    addToMetric(metric, delta);
  }

  /** Closes the seconds that are complete at `nowTSec` (whole seconds since the start) and returns them. */
  closeSeconds(nowTSec: number): readonly SeriesPoint[] {
    const live = [...this.workers.values()].filter((worker) => !worker.gone);
    const reported = Math.min(...live.map((worker) => worker.lastTSec), Number.POSITIVE_INFINITY);
    return this.#seconds.close(nowTSec, reported, this.users);
  }

  /** Closes everything that is open, at the end of the run. */
  closeAll(): void {
    this.#seconds.closeAll(this.users);
  }

  /** One point for each closed second. */
  get series(): readonly SeriesPoint[] {
    return this.#seconds.points;
  }

  /** Statistics per name over equal stretches of the run. */
  get windows(): WindowSeries {
    return this.#seconds.windows;
  }

  /** Every name second by second; null unless it was asked for. */
  get history(): readonly HistoryRow[] | null {
    return this.#seconds.history;
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
    return this.#seconds.recent(windowSec);
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
    return this.#failed.errors();
  }

  /** Exceptions, most frequent first. */
  exceptions(): readonly ExceptionStats[] {
    return this.#failed.exceptions();
  }

  /** Checks by name. */
  checks(): readonly CheckStats[] {
    return [...this.#checks].map(([name, counts]) => ({ name, ...counts }));
  }

  /** Custom metrics by name. */
  metrics(): readonly MetricData[] {
    return [...this.#metrics].map(([name, metric]) => toMetricData(name, metric));
  }

  /** One custom metric as it stands; null when nothing was added to it. */
  metric(name: string): Readonly<MetricTotals> | null {
    return this.#metrics.get(name) ?? null;
  }

  /** Forgets all statistics; series and workers stay. */
  reset(): void {
    this.rows.clear();
    this.#failed.reset();
    this.#checks.clear();
    this.#metrics.clear();
    this.#seconds.reset();
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
}
