/** Results for the lab's tests: built from samples, so that every figure in a test can be computed by hand. */
import type { HistogramData, RequestStats, RunResult, SeriesPoint } from "#contract";

/** Start of every fixture run, epoch ms: 2026-01-02T03:04:05Z. */
export const START_MS = 1_767_323_045_000;

/** A histogram of whole milliseconds. */
export function histogramOf(samplesMs: readonly number[]): HistogramData {
  const counts = new Map<number, number>();
  for (const ms of samplesMs) counts.set(ms * 1000, (counts.get(ms * 1000) ?? 0) + 1);
  const values = samplesMs.map((ms) => ms * 1000);
  return {
    count: values.length,
    minUs: values.length === 0 ? 0 : values.reduce((a, b) => Math.min(a, b)),
    maxUs: values.length === 0 ? 0 : values.reduce((a, b) => Math.max(a, b)),
    sumUs: values.reduce((sum, value) => sum + value, 0),
    buckets: [...counts].sort((a, b) => a[0] - b[0]),
  };
}

/** Statistics of one name from its samples. */
export function statsOf(
  method: string,
  name: string,
  samplesMs: readonly number[],
  failures = 0,
): RequestStats {
  const histogram = histogramOf(samplesMs);
  return {
    method,
    name,
    count: samplesMs.length,
    failures,
    bodyBytes: samplesMs.length * 10,
    firstMs: START_MS,
    lastMs: START_MS + 60_000,
    fromDue: histogram,
    fromSent: histogram,
  };
}

/** A one-second point. */
export function pointOf(tSec: number, users: number, p95Ms: number | null, requests = 10): SeriesPoint {
  const ms = p95Ms;
  return { tSec, users, requests, failures: 0, p50Ms: ms, p95Ms: ms, p99Ms: ms, maxMs: ms, meanMs: ms };
}

/** A valid run of 10 users with waits of 1 to 3 s over 60 s; `overrides` replaces whole fields. */
export function resultOf(overrides: Partial<RunResult> = {}): RunResult {
  const requests = overrides.requests ?? [
    statsOf("GET", "/health", Array(100).fill(2)),
    statsOf(
      "POST",
      "/openai/v1/chat/completions",
      Array.from({ length: 200 }, (_, index) => 10 + (index % 20)),
    ),
  ];
  const samples = requests.flatMap((stats) =>
    stats.fromDue.buckets.flatMap(([us, count]) => Array<number>(count).fill(us / 1000)),
  );
  const failures = requests.reduce((sum, stats) => sum + stats.failures, 0);
  const perSecond = samples.length / 60;
  return {
    schemaVersion: 1,
    id: "2026-01-02T030405Z-light",
    scenario: { name: "light", description: "a test", hash: "ab".repeat(32), seed: 1, notes: [] },
    startedAtMs: START_MS,
    endedAtMs: START_MS + 60_000,
    stoppedEarly: false,
    plan: {
      executors: ["constant-users"],
      users: 10,
      spawnRatePerSec: 2,
      runTimeSec: 60,
      meanWaitSec: 2,
      requestsPerTask: 1,
      host: "http://127.0.0.1:8000",
      workers: 1,
      tasks: { Caller: { health: 0.5, chat: 0.5 } },
    },
    requests,
    total: statsOf("", "Aggregated", samples, failures),
    series: Array.from({ length: 60 }, (_, tSec) => pointOf(tSec, 10, 20, perSecond)),
    errors: [],
    exceptions: [],
    checks: [],
    metrics: [],
    health: {
      verdict: "valid",
      reasons: [],
      eventLoopDelayP99Ms: 2,
      cpuPercent: 10,
      scheduleLagP99Ms: 1,
      undelivered: 0,
      connectionsOpened: 10,
    },
    environment: {
      cpuModel: "test",
      cores: 2,
      memoryBytes: 4e9,
      platform: "linux",
      nodeVersion: "v20",
      rampartVersion: "0.1.0",
      gitCommit: null,
      sameMachine: true,
      target: {},
    },
    observed: {},
    ...overrides,
  };
}
