/** The results file's content from a finished run. */
import { RUN_SCHEMA_VERSION, type RunResult, type ThresholdResult } from "#contract";
import { fingerprint } from "./environment.ts";
import { judgeHealth } from "./health.ts";
import { describePlan, type Settings } from "./run-plan.ts";
import type { TeardownFindings } from "./setup.ts";
import { toRequestStats } from "./stats/row-totals.ts";
import type { RunStats } from "./stats/run-stats.ts";

/** What a result is built from. */
export interface ResultParts {
  readonly settings: Settings;
  readonly hash: string;
  readonly stats: RunStats;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly stoppedEarly: boolean;
  /** What went wrong on the generator's side. */
  readonly faults: readonly string[];
  readonly findings: TeardownFindings;
  /** Facts that the caller wants in the report. */
  readonly notes: readonly string[];
  readonly thresholds: readonly ThresholdResult[];
}

/** Builds the result. */
export function buildResult(parts: ResultParts): RunResult {
  const { settings, stats, findings } = parts;
  const { scenario } = settings;
  const total = toRequestStats(stats.total());
  const errors = stats.errors();
  const workers = [...stats.workers.values()];
  return {
    schemaVersion: RUN_SCHEMA_VERSION,
    id: `${new Date(parts.startedAtMs).toISOString().replaceAll(":", "")}-${scenario.name}`,
    scenario: {
      name: scenario.name,
      description: scenario.description,
      hash: parts.hash,
      seed: settings.seed,
      notes: [...scenario.notes, ...parts.notes, ...findings.notes],
    },
    startedAtMs: parts.startedAtMs,
    endedAtMs: parts.endedAtMs,
    stoppedEarly: parts.stoppedEarly,
    plan: describePlan(settings),
    requests: stats.requestStats(),
    total,
    series: stats.series,
    windows: stats.windows.toData(),
    ...(stats.history === null ? {} : { history: stats.history }),
    errors,
    exceptions: stats.exceptions(),
    checks: stats.checks(),
    metrics: stats.metrics(),
    health: judgeHealth({
      eventLoopDelayP99Ms: Math.max(0, ...workers.map((worker) => worker.eventLoopDelayP99Ms)),
      cpuPercent: stats.cpuPercent,
      scheduleLagP99Ms: stats.lag.percentileUs(99) / 1000,
      undelivered: stats.undelivered,
      requests: total.count,
      connectionsOpened: stats.connectionsOpened,
      errors,
      faults: parts.faults,
    }),
    environment: fingerprint(settings.host),
    observed: {},
    ...(parts.thresholds.length === 0 ? {} : { thresholds: parts.thresholds }),
    ...(findings.failures.length === 0 ? {} : { scenarioFailures: findings.failures }),
  };
}
