/** What a worker runs for its master: one engine from the first `spawn` to the `stop`. */
import type { EpochClock } from "#shared";
import type { WorkShare } from "../executors/executor.ts";
import type { Scenario } from "../model/scenario-types.ts";
import { resolveSettings, type Settings } from "../run-plan.ts";
import type { RunOverrides } from "../run-types.ts";
import { runSetup, runTeardown } from "../setup.ts";
import { SHIPPED_SHAPES } from "../shapes/index.ts";
import type { WorkerReport } from "../stats/delta.ts";
import { RunStats } from "../stats/run-stats.ts";
import { type WorkerClocks, WorkerEngine } from "../workers/worker-engine.ts";
import { DispatchedUsers } from "./dispatched-users.ts";
import { executorsOf, type PeerWork } from "./shared-work.ts";

/** One run as its master describes it. */
export interface LoadJob {
  /** When second 0 begins by this machine's clock, epoch ms. */
  readonly startedAtMs: number;
  /** Null: the worker's own. */
  readonly host: string | null;
  /** Null: the worker's own. */
  readonly seed: number | null;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  /** Makes the ids of users unique over all workers. */
  readonly share: WorkShare;
  /** What the master's `setup` returned; null when this worker has to run setup and teardown itself. */
  readonly shared: { readonly value: unknown } | null;
  /** Share of executors to run without orders; null without one. */
  readonly work: PeerWork | null;
  /** Called when that share is done. */
  readonly onWorkDone: () => void;
}

/** A worker's load as its session steers it. */
export interface WorkerLoad {
  /** Prepares a run. @throws RMP_LOAD_SCENARIO_INVALID */
  begin(job: LoadJob): Promise<void>;
  /** Sets the users of each class. @returns names that the scenario does not have */
  setCounts(counts: Readonly<Record<string, number>>): readonly string[];
  /** Users by class that were asked for and could be started. */
  readonly counts: Readonly<Record<string, number>>;
  /** Finished seconds since the last call; the unfinished one too when `isLast`. */
  takeReports(isLast: boolean): readonly WorkerReport[];
  /** Ends all users within the time, then runs teardown. @returns why teardown failed the run */
  end(stopTimeoutMs: number): Promise<readonly string[]>;
  /** The last look at this process. */
  readonly health: { readonly cpuPercent: number; readonly memoryBytes: number };
}

/** What a load is made from. */
export interface WorkerLoadOptions {
  readonly workerId: string;
  readonly scenario: Scenario;
  readonly overrides: RunOverrides;
  readonly clocks: WorkerClocks;
  readonly log: (line: string) => void;
}

interface ActiveRun {
  readonly settings: Settings;
  readonly engine: WorkerEngine;
  readonly users: DispatchedUsers;
  readonly job: LoadJob;
  readonly shared: unknown;
  /** Kept only where a teardown of this worker will ask for it. */
  readonly stats: RunStats | null;
  readonly pending: WorkerReport[];
  readonly abort: AbortController;
}

/** Creates a worker's load. */
export function createWorkerLoad(options: WorkerLoadOptions): WorkerLoad {
  const { scenario, clocks } = options;
  let run: ActiveRun | null = null;
  /** Reports of a run that ended. */
  let leftOver: WorkerReport[] = [];
  let health = { cpuPercent: 0, memoryBytes: 0 };

  const surroundings = (settings: Settings, abort: AbortController) => ({
    host: settings.host,
    users: settings.peakUsers,
    seed: settings.seed,
    settings: options.overrides.settings ?? {},
    signal: abort.signal,
    log: options.log,
  });

  const collect = (active: ActiveRun, isLast: boolean) => {
    for (const report of active.engine.report(isLast)) {
      active.stats?.add(report);
      active.pending.push(report);
      health = { cpuPercent: report.cpuPercent, memoryBytes: report.memoryBytes };
    }
  };

  return {
    begin: async (job) => {
      const settings = resolveSettings(scenario, overridesFor(options.overrides, job), SHIPPED_SHAPES);
      const abort = new AbortController();
      const shared =
        job.shared === null
          ? await runSetup(scenario, settings.http, surroundings(settings, abort), clocks)
          : job.shared.value;
      let users: DispatchedUsers | null = null;
      const engine = new WorkerEngine(
        {
          workerId: options.workerId,
          share: job.share,
          host: settings.host,
          seed: settings.seed,
          executors: job.work === null ? [] : executorsOf(job.work, scenario),
          ...(job.work === null ? {} : { executorShare: job.work.share }),
          ownExecutors: [(host) => (users = new DispatchedUsers(host))],
          userClasses: settings.userClasses,
          equalWeights: settings.equalWeights,
          http: settings.http,
          shared,
          startedAtMs: job.startedAtMs,
        },
        clocks,
      );
      // The engine makes its own executors while it is constructed.
      const dispatched = users as DispatchedUsers | null;
      if (dispatched === null) throw new TypeError("the engine made no users");
      if (job.work !== null) void engine.planDone.then(job.onWorkDone);
      const keepsStats = job.shared === null && scenario.teardown !== undefined;
      run = {
        settings,
        engine,
        users: dispatched,
        job,
        shared,
        stats: keepsStats ? new RunStats() : null,
        pending: [],
        abort,
      };
    },
    setCounts: (counts) => {
      if (run === null) return Object.keys(counts);
      const known = new Set(run.settings.userClasses.map((userClass) => userClass.name));
      const usable = Object.entries(counts).filter(([name]) => known.has(name));
      run.users.setCounts(Object.fromEntries(usable));
      return Object.keys(counts).filter((name) => !known.has(name));
    },
    get counts() {
      return run?.users.counts ?? {};
    },
    takeReports: (isLast) => {
      if (run !== null) collect(run, isLast);
      const taken = [...leftOver, ...(run?.pending.splice(0) ?? [])];
      leftOver = [];
      return taken;
    },
    end: async (stopTimeoutMs) => {
      const active = run;
      if (active === null) return [];
      collect(active, false);
      const usersByClass = active.users.counts;
      const users = active.users.targetUsers;
      const finished = active.pending.length;
      await active.engine.stop(stopTimeoutMs);
      collect(active, true);
      // The last seconds had the users that ran until the stop, not those that are left after it.
      active.pending.push(
        ...active.pending.splice(finished).map((report) => ({ ...report, users, usersByClass })),
      );
      active.engine.close();
      leftOver = active.pending;
      run = null;
      active.abort.abort();
      if (active.stats === null) return [];
      const { failures } = await runTeardown(
        scenario,
        active.settings.http,
        surroundings(active.settings, active.abort),
        clocks,
        active.shared,
        active.stats,
        active.job.startedAtMs,
      );
      return failures;
    },
    get health() {
      return health;
    },
  };
}

/** The last whole second of the epoch, so that the seconds of a Locust report are those of its master. */
export function alignedStartMs(epochMs: EpochClock): number {
  return Math.floor(epochMs() / 1000) * 1000;
}

function overridesFor(own: RunOverrides, job: LoadJob): RunOverrides {
  const host = job.host ?? own.host;
  const seed = job.seed ?? own.seed;
  return {
    ...own,
    ...(host === undefined ? {} : { host }),
    ...(seed === undefined ? {} : { seed }),
    ...(job.tags.length === 0 ? {} : { tags: job.tags }),
    ...(job.excludeTags.length === 0 ? {} : { excludeTags: job.excludeTags }),
  };
}
