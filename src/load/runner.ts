/**
 * A run from scenario to result. The way of a sample:
 *
 *  1. an executor says that an iteration is due              `executors/`
 *  2. the user's task sends its request                      `user/virtual-user.ts`, `transport/`
 *  3. times are taken from when it was due and when sent     `transport/http1/client.ts`
 *  4. the worker counts it in the present second             `stats/recorder.ts`
 *  5. the finished second leaves as a numbered delta         `workers/worker-engine.ts`
 *  6. the coordinator merges the deltas of all workers       `stats/run-stats.ts`
 *  7. snapshots go out live; the result is made at the end   `live.ts`, `result.ts`
 */
import type { RunResult } from "#contract";
import { epochMs, monotonicMs } from "#shared";
import { takeSnapshot } from "./live.ts";
import { hashScenario, loadScenario } from "./loader.ts";
import type { Scenario } from "./model/scenario-types.ts";
import { buildResult } from "./result.ts";
import { resolveSettings, type Settings } from "./run-plan.ts";
import type {
  LiveSnapshot,
  RunControl,
  RunHandle,
  RunOptions,
  RunOverrides,
  RunState,
  WorkerSnapshot,
} from "./run-types.ts";
import { createScheduler, type ScheduledCall, type Scheduler } from "./scheduler.ts";
import { runSetup, runTeardown, type TeardownFindings } from "./setup.ts";
import { SHIPPED_SHAPES } from "./shapes/index.ts";
import { RunStats } from "./stats/run-stats.ts";
import { createThresholdWatch, type ThresholdWatch } from "./thresholds/watch.ts";
import { createWorkers, type WorkerFactory } from "./workers/create-workers.ts";
import type { WorkerClocks } from "./workers/worker-engine.ts";
import type { WorkerPort } from "./workers/worker-port.ts";

const TICK_MS = 1000;
/** Ticks come this long after the second they close, so that its last samples are in. */
const TICK_PHASE_MS = 20;

/**
 * Runs a scenario to its end.
 * @throws RMP_LOAD_SCENARIO_NOT_FOUND, RMP_LOAD_SCENARIO_INVALID before anything is sent
 */
export function runScenario(options: RunOptions): Promise<RunResult> {
  return startRun(options).result;
}

/**
 * Starts a run and returns at once: `control` steers it, `result` resolves with its outcome.
 * @param makeWorkers makes what generates the load; this thread or threads of this machine by default
 */
export function startRun(options: RunOptions, makeWorkers: WorkerFactory = createWorkers): RunHandle {
  const run = new Run(options, makeWorkers);
  return { control: run, result: run.result() };
}

/** One run. */
class Run implements RunControl {
  readonly #options: RunOptions;
  readonly #makeWorkers: WorkerFactory;
  readonly #clocks: WorkerClocks;
  readonly #scheduler: Scheduler;
  #stats = new RunStats();
  readonly #abort = new AbortController();
  readonly #faults: string[] = [];
  #state: RunState = "ready";
  #settings: Settings | null = null;
  #thresholds: ThresholdWatch | null = null;
  #workers: readonly WorkerPort[] = [];
  #startedAtMs = 0;
  #startedMs = 0;
  #seriesSent = 0;
  #hasSpawned = false;
  #wasStopped = false;
  #requestEnd: () => void = () => {};

  constructor(options: RunOptions, makeWorkers: WorkerFactory) {
    this.#options = options;
    this.#makeWorkers = makeWorkers;
    this.#clocks = options.clock ?? { epochMs, monotonicMs };
    this.#scheduler = createScheduler(this.#clocks.monotonicMs);
    if (options.signal?.aborted === true) this.stop();
    options.signal?.addEventListener("abort", () => this.stop(), { once: true });
  }

  setUsers(users: number, spawnRatePerSec?: number): void {
    const rate = spawnRatePerSec ?? this.#settings?.spawnRatePerSec ?? Number.POSITIVE_INFINITY;
    const whole = Math.max(0, Math.round(users));
    for (const worker of this.#workers) worker.setUsers(whole, rate > 0 ? rate : Number.POSITIVE_INFINITY);
    if (this.#state === "running") this.#state = "spawning";
  }

  stop(): void {
    this.#wasStopped = true;
    this.#abort.abort();
    this.#requestEnd();
  }

  resetStats(): void {
    this.#stats.reset();
  }

  snapshot(): LiveSnapshot {
    const elapsedMs = this.#startedMs === 0 ? 0 : this.#clocks.monotonicMs() - this.#startedMs;
    const series = this.#stats.series.slice(this.#seriesSent);
    return takeSnapshot(this.#stats, {
      state: this.#state,
      startedAtMs: this.#startedAtMs,
      elapsedSec: elapsedMs / 1000,
      runTimeSec: this.#settings?.runTimeSec ?? null,
      targetUsers: this.#targetUsers(),
      series,
      workers: [...this.#stats.workers].map(([id, worker]) => this.#workerSnapshot(id, worker)),
    });
  }

  async result(): Promise<RunResult> {
    const overrides = this.#options.overrides ?? {};
    const { scenario, hash, path } = await load(this.#options.scenario);
    const settings = resolveSettings(scenario, overrides, SHIPPED_SHAPES);
    this.#settings = settings;
    const thresholds = createThresholdWatch(settings.thresholds);
    this.#thresholds = thresholds;
    this.#stats = new RunStats(thresholds.windowSec, overrides.fullHistory);
    const log = this.#options.onLog ?? (() => {});
    const context = {
      host: settings.host,
      users: settings.peakUsers,
      seed: settings.seed,
      settings: overrides.settings ?? {},
      signal: this.#abort.signal,
      log,
    };
    const shared = this.#wasStopped
      ? undefined
      : await runSetup(scenario, settings.http, context, this.#clocks);
    await this.#generate(settings, overrides, path, shared);
    const endedAtMs = this.#clocks.epochMs();
    const findings = await this.#teardown(settings, context, shared);
    this.#state = "stopped";
    this.#tick();
    return buildResult({
      settings,
      hash,
      stats: this.#stats,
      startedAtMs: this.#startedAtMs,
      endedAtMs,
      stoppedEarly: this.#wasStopped,
      faults: this.#faults,
      findings,
      notes: overrides.notes ?? [],
      thresholds: thresholds.results(this.#stats, (endedAtMs - this.#startedAtMs) / 1000),
    });
  }

  /** Load from the first user to the last. */
  async #generate(
    settings: Settings,
    overrides: RunOverrides,
    path: string | null,
    shared: unknown,
  ): Promise<void> {
    this.#begin();
    if (this.#wasStopped) return;
    this.#workers = await this.#makeWorkers({
      settings,
      overrides,
      path,
      shared,
      clocks: this.#clocks,
      startedAtMs: this.#startedAtMs,
      begin: () => this.#begin(),
      events: {
        report: (report) => this.#stats.add(report),
        lost: (id, reason) => {
          this.#stats.removeWorker(id);
          this.#faults.push(`worker ${id} was lost: ${reason}; start the run again`);
        },
        ended: (id) => this.#stats.removeWorker(id),
        fault: (sentence) => this.#faults.push(sentence),
      },
    });
    for (const worker of this.#workers) if (worker.isFleet !== true) this.#stats.addWorker(worker.id);
    await this.#untilEnd(settings);
    this.#state = "stopping";
    await Promise.all(this.#workers.map((worker) => worker.stop(settings.stopTimeoutSec * 1000)));
    for (const worker of this.#workers) this.#stats.removeWorker(worker.id);
    this.#stats.closeAll();
  }

  /** Second 0 begins. @returns epoch ms */
  #begin(): number {
    this.#state = "spawning";
    this.#startedAtMs = this.#clocks.epochMs();
    this.#startedMs = this.#clocks.monotonicMs();
    return this.#startedAtMs;
  }

  /** Ticks each second until the run time is over, the plan is done, or somebody stops the run. */
  async #untilEnd(settings: Settings): Promise<void> {
    let ticks = 0;
    const tick = () => {
      ticks += 1;
      for (const worker of this.#workers) {
        worker.poll();
        worker.setCurrentUsers(this.#stats.users);
      }
      this.#tick();
      next = this.#scheduler.at(this.#startedMs + (ticks + 1) * TICK_MS + TICK_PHASE_MS, tick);
    };
    let next = this.#scheduler.at(this.#startedMs + TICK_MS + TICK_PHASE_MS, tick);
    let end: ScheduledCall | null = null;
    await new Promise<void>((resolve) => {
      this.#requestEnd = resolve;
      if (this.#wasStopped) resolve();
      if (settings.runTimeSec !== null)
        end = this.#scheduler.at(this.#startedMs + settings.runTimeSec * 1000, resolve);
      void Promise.all(this.#workers.map((worker) => worker.done)).then(() => resolve());
    });
    next.cancel();
    // The compiler does not see that the promise's executor ran already.
    (end as ScheduledCall | null)?.cancel();
  }

  #tick(): void {
    const elapsedMs = this.#clocks.monotonicMs() - this.#startedMs;
    this.#stats.closeSeconds(Math.floor(elapsedMs / TICK_MS));
    if (this.#state === "spawning" && this.#targetUsers() > 0 && this.#stats.users >= this.#peakNow())
      this.#spawned();
    if (this.#state === "spawning" || this.#state === "running") this.#checkThresholds(elapsedMs / 1000);
    this.#options.onTick?.(this.snapshot());
    this.#seriesSent = this.#stats.series.length;
  }

  #checkThresholds(elapsedSec: number): void {
    const reason = this.#thresholds?.check(this.#stats, elapsedSec) ?? null;
    if (reason === null) return;
    this.#options.onLog?.(reason);
    this.stop();
  }

  #spawned(): void {
    this.#state = "running";
    if (this.#hasSpawned) return;
    this.#hasSpawned = true;
    if (this.#options.overrides?.resetStats === true) this.#stats.reset();
  }

  /** Users that make the ramp complete: what is wanted now, but not less than a constant plan's full number. */
  #peakNow(): number {
    const plan = this.#settings?.plans[0];
    const isConstant = this.#settings?.plans.length === 1 && plan?.kind === "constant-users";
    return isConstant && !this.#hasSpawned ? (plan?.peakUsers ?? 0) : this.#targetUsers();
  }

  #targetUsers(): number {
    return Math.max(0, ...this.#workers.map((worker) => worker.targetUsers));
  }

  #workerSnapshot(
    id: string,
    worker: { gone: boolean; users: number; cpuPercent: number; memoryBytes: number },
  ): WorkerSnapshot {
    return {
      id,
      state: worker.gone && this.#state === "running" ? "missing" : this.#state,
      users: worker.users,
      cpuPercent: worker.cpuPercent,
      memoryBytes: worker.memoryBytes,
    };
  }

  async #teardown(
    settings: Settings,
    context: Parameters<typeof runTeardown>[2],
    shared: unknown,
  ): Promise<TeardownFindings> {
    return await runTeardown(
      settings.scenario,
      settings.http,
      context,
      this.#clocks,
      shared,
      this.#stats,
      this.#startedAtMs,
    );
  }
}

async function load(
  scenario: Scenario | string,
): Promise<{ scenario: Scenario; hash: string; path: string | null }> {
  if (typeof scenario === "string") return await loadScenario(scenario);
  return { scenario, hash: hashScenario(scenario), path: null };
}
