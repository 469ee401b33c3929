/** The one run that the lab conducts at a time: started, watched, steered, kept. */
import type {
  LabEnd,
  LabLive,
  LabLog,
  LabRun,
  LabRunState,
  LabStartRequest,
  LabTick,
  RunResult,
  SeriesPoint,
} from "#contract";
import { type LiveSnapshot, type RunHandle, type RunOptions, type RunOverrides, startRun } from "#load";
import { type EpochClock, RampartError, toRampartError } from "#shared";
import { startObserver } from "../observer/observer.ts";
import { archivePaths, type RecordedRun, recordRun } from "../record.ts";

/** Points of the series kept for readers that connect late; beyond, every second point is dropped. */
const MAX_SERIES = 1200;
/** Log lines kept. */
const MAX_LOG_LINES = 500;

/** What readers of the event stream get. */
export type LabEvent =
  | { readonly type: "tick"; readonly data: LabTick }
  | { readonly type: "end"; readonly data: LabEnd }
  | { readonly type: "log"; readonly data: LabLog };

/** Options of {@link createRunSession}. */
export interface RunSessionOptions {
  readonly resultsDirectory: string;
  readonly reportsDirectory: string;
  readonly epochMs: EpochClock;
  readonly uiDirectory?: string;
  readonly targetsDirectory?: string;
  /** Settings for every run's scenario, such as the mock's address. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What every run is changed by, such as flags of the command line; what a start asks for goes before it. */
  readonly overrides?: RunOverrides;
  /** Starts a run; the engine's by default. */
  readonly start?: (options: RunOptions) => RunHandle;
}

/** What a run is started with. */
export interface SessionStart {
  /** Path of the scenario file. */
  readonly path: string;
  readonly request: LabStartRequest;
  /** Target table that the scenario asks for. */
  readonly table?: string;
  /** Base URL of the system under test, observed during the run; absent = not observed. */
  readonly host?: string;
}

/** The lab's run. */
export interface RunSession {
  /** @throws RMP_LAB_BUSY while a run is under way */
  start(start: SessionStart): void;
  /** Ends the run under way; nothing happens without one. */
  stop(): void;
  setUsers(users: number, spawnRatePerSec?: number): void;
  resetStats(): void;
  readonly state: LabRun;
  /** The moment now; null before the first run. */
  snapshot(): LiveSnapshot | null;
  /** The last finished run of this process. */
  readonly last: RecordedRun | null;
  readonly logLines: readonly string[];
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: LabEvent) => void): () => void;
  /** Resolves when no run is under way. */
  idle(): Promise<void>;
}

/** Creates the lab's run session. */
export function createRunSession(options: RunSessionOptions): RunSession {
  const start = options.start ?? startRun;
  const listeners = new Set<(event: LabEvent) => void>();
  const logLines: string[] = [];
  let handle: RunHandle | null = null;
  let done: Promise<void> = Promise.resolve();
  let current: SessionStart | null = null;
  let startedAtMs: number | null = null;
  let series: SeriesPoint[] = [];
  let latest: LiveSnapshot | null = null;
  let last: RecordedRun | null = null;
  let lastResult: RunResult | null = null;
  let failure: string | null = null;

  const emit = (event: LabEvent) => {
    for (const listener of listeners) listener(event);
  };
  const log = (line: string) => {
    logLines.push(line);
    if (logLines.length > MAX_LOG_LINES) logLines.shift();
    emit({ type: "log", data: { line } });
  };
  const stateNow = (): LabRunState => {
    if (handle === null) return current === null ? "ready" : "stopped";
    const { state } = handle.control.snapshot();
    return state === "ready" ? "spawning" : state === "stopped" ? "stopping" : state;
  };
  const onTick = (snapshot: LiveSnapshot) => {
    latest = snapshot;
    series.push(...snapshot.series);
    if (series.length > MAX_SERIES) series = series.filter((_point, index) => index % 2 === 0);
    emit({ type: "tick", data: { state: snapshot.state, live: toLive(snapshot), series: snapshot.series } });
  };

  async function finish(running: RunHandle, begun: SessionStart): Promise<void> {
    let end: LabEnd;
    const { host } = begun;
    const observer = host === undefined ? null : startObserver({ targetUrl: host, epochMs: options.epochMs });
    try {
      const plain = await running.result;
      const result = observer === null ? plain : await observer.finish(plain);
      lastResult = result;
      last = await recordRun(result, {
        resultsDirectory: options.resultsDirectory,
        reports: archivePaths(result, options.reportsDirectory),
        generatedAtMs: options.epochMs(),
        ...(begun.table === undefined ? {} : { table: begun.table }),
        ...(options.uiDirectory === undefined ? {} : { uiDirectory: options.uiDirectory }),
        ...(options.targetsDirectory === undefined ? {} : { targetsDirectory: options.targetsDirectory }),
      });
      end = { runId: result.id, outcome: last.verdict.outcome, reasons: last.verdict.reasons, error: null };
      log(`${result.scenario.name}: ${last.verdict.outcome}`);
    } catch (error) {
      observer?.stop();
      const known = toRampartError(error);
      failure = `${known.message} (${known.code})`;
      end = { runId: null, outcome: null, reasons: [], error: failure };
      log(failure);
    }
    handle = null;
    emit({ type: "end", data: end });
  }

  return {
    start(begun) {
      if (handle !== null)
        throw new RampartError("RMP_LAB_BUSY", "a run is under way; stop it before starting another");
      current = begun;
      startedAtMs = options.epochMs();
      series = [];
      latest = null;
      failure = null;
      const running = start({
        scenario: begun.path,
        overrides: toOverrides(begun.request, options),
        onTick,
        onLog: log,
      });
      handle = running;
      log(`${begun.request.scenario}: started`);
      done = finish(running, begun);
    },
    stop: () => handle?.control.stop(),
    setUsers: (users, spawnRatePerSec) => handle?.control.setUsers(users, spawnRatePerSec),
    resetStats: () => handle?.control.resetStats(),
    get state() {
      return {
        state: stateNow(),
        scenario: current?.request.scenario ?? null,
        host: current?.request.host ?? lastResult?.plan.host ?? null,
        startedAtMs,
        live: latest === null ? null : toLive(latest),
        series,
        tasks: lastResult?.plan.tasks ?? {},
        lastRunId: last?.result.id ?? null,
        lastOutcome: last?.verdict.outcome ?? null,
        error: failure,
      };
    },
    snapshot: () => handle?.control.snapshot() ?? latest,
    get last() {
      return last;
    },
    logLines,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    idle: () => done,
  };
}

function toOverrides(
  { scenario: _scenario, settings: own, ...asked }: LabStartRequest,
  { overrides, settings }: RunSessionOptions,
): RunOverrides {
  return { ...overrides, ...asked, settings: { ...settings, ...overrides?.settings, ...own } };
}

function toLive(snapshot: LiveSnapshot): LabLive {
  const { state: _state, startedAtMs: _startedAtMs, series: _series, ...live } = snapshot;
  return live;
}
