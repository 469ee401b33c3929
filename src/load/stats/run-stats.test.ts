import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Recorder } from "./recorder.ts";
import { RunStats } from "./run-stats.ts";

interface Sample {
  readonly name: string;
  readonly endMs: number;
  readonly latencyMs: number;
  readonly lateMs: number;
  readonly fails: boolean;
  readonly worker: number;
}

const sample = fc.record<Sample>({
  name: fc.constantFrom("/a", "/b", "/c"),
  endMs: fc.integer({ min: 0, max: 5999 }),
  latencyMs: fc.double({ min: 0, max: 5000, noNaN: true }),
  lateMs: fc.double({ min: 0, max: 50, noNaN: true }),
  fails: fc.boolean(),
  worker: fc.nat(2),
});

/** Records the samples on `workers` recorders and merges their reports. */
function merged(samples: readonly Sample[], workers: number): RunStats {
  const stats = new RunStats();
  const recorders = Array.from(
    { length: workers },
    (_, index) => new Recorder(`w${index}`, { startedAtMs: 0, epochOffsetMs: 1_000_000 }),
  );
  for (const entry of [...samples].sort((a, b) => a.endMs - b.endMs)) {
    const recorder = recorders[entry.worker % workers]!;
    const sentMs = entry.endMs - entry.latencyMs;
    recorder.request("GET", entry.name, sentMs - entry.lateMs, sentMs, entry.endMs, 10);
    if (entry.fails) recorder.failure("GET", entry.name, "http", "HTTP 500", entry.endMs);
    recorder.lag(entry.lateMs);
    recorder.metric("trend", "t", entry.latencyMs, "ms", entry.endMs);
    recorder.check("c", !entry.fails);
  }
  recorders.forEach((recorder, index) => {
    let seq = 0;
    for (const delta of recorder.takeAll())
      stats.add({
        workerId: `w${index}`,
        seq: ++seq,
        delta,
        users: 1,
        usersByClass: { U: 1 },
        cpuPercent: 10,
        memoryBytes: 1,
        eventLoopDelayP99Ms: 0,
      });
  });
  stats.closeAll();
  return stats;
}

describe("RunStats", () => {
  it("merges any split over workers into the same totals, series, errors and metrics", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const whole = merged(samples, 1);
        const parts = merged(samples, 3);
        const rounded = (stats: RunStats) =>
          JSON.parse(
            // Sums of the same numbers in another order differ in their last digits.
            JSON.stringify(
              [stats.requestStats(), stats.errors(), stats.checks(), stats.metrics()],
              (_key, value) => (typeof value === "number" ? Number(value.toPrecision(10)) : value),
            ),
          );
        expect(rounded(parts)).toEqual(rounded(whole));
        expect(parts.series.map(({ users: _, meanMs: __, ...point }) => point)).toEqual(
          whole.series.map(({ users: _, meanMs: __, ...point }) => point),
        );
        expect(parts.lag.toData()).toMatchObject({ count: samples.length });
      }),
    );
  });

  it("counts every sample once, in its own second", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const stats = merged(samples, 2);
        expect(stats.total().count).toBe(samples.length);
        expect(stats.total().failures).toBe(samples.filter((entry) => entry.fails).length);
        for (const point of stats.series)
          expect(point.requests).toBe(
            samples.filter((entry) => Math.floor(entry.endMs / 1000) === point.tSec).length,
          );
        for (const row of stats.requestStats()) {
          const ends = samples.filter((entry) => entry.name === row.name).map((entry) => entry.endMs);
          expect(row.lastMs).toBe(Math.max(...ends) + 1_000_000);
        }
      }),
    );
  });

  it("keeps names, errors and exceptions within bounds", () => {
    const recorder = new Recorder("w", { startedAtMs: 0, epochOffsetMs: 0 });
    for (let index = 0; index < 5000; index += 1) {
      recorder.request("GET", `/item/${index}`, 0, 0, 1, 0);
      recorder.failure("GET", `/item/${index}`, "http", `message ${index}`, 1);
      recorder.exception(`exception ${index}`, "");
    }
    const [delta] = recorder.takeAll();
    expect(delta!.requests.length).toBeLessThanOrEqual(2001);
    expect(delta!.requests.reduce((sum, row) => sum + row.count, 0)).toBe(5000);
    expect(delta!.errors.reduce((sum, row) => sum + row.count, 0)).toBe(5000);
    expect(delta!.exceptions.reduce((sum, row) => sum + row.count, 0)).toBe(5000);
    expect(delta!.errors.length + delta!.exceptions.length).toBeLessThan(4000);
  });

  it("does not wait for a worker that is gone", () => {
    const stats = new RunStats();
    stats.addWorker("a");
    stats.addWorker("b");
    expect(stats.closeSeconds(1)).toEqual([]);
    stats.removeWorker("a");
    stats.removeWorker("b");
    expect(stats.closeSeconds(2).map((point) => point.tSec)).toEqual([0, 1]);
  });
});
