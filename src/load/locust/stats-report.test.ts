import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogramFrom } from "../stats/histogram.ts";
import { Recorder } from "../stats/recorder.ts";
import { RunStats } from "../stats/run-stats.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { fineBucketMs } from "./fine-buckets.ts";
import { familyOf, toDeltas } from "./locust-deltas.ts";
import { type LocustEntry, type LocustReport, readReport } from "./stats-entry.ts";
import { toLocustReport, toStatsMessage } from "./stats-report.ts";

const EPOCH_MS = 1_795_308_495_000;

/** One report of samples, each `[second, latency in ms]`, as it arrives at a master. */
function reportOf(samples: readonly (readonly [number, number])[]): LocustReport {
  const recorder = new Recorder("w", { startedAtMs: 0, epochOffsetMs: EPOCH_MS });
  for (const [tSec, latencyMs] of [...samples].sort(([a], [b]) => a - b)) {
    const endMs = tSec * 1000 + 500;
    recorder.request("GET", "/a", endMs - latencyMs, endMs - latencyMs, endMs, 10);
  }
  const report = toLocustReport(recorder.takeAll(), {
    startedAtMs: EPOCH_MS,
    nowMs: EPOCH_MS + 10_000,
    userClassesCount: { A: 2 },
  });
  const bytes = encodeMessage({ type: "stats", data: toStatsMessage(report), nodeId: "n" });
  return readReport(decodeMessage(bytes)?.data)!;
}

/** Locust's own percentile: the highest bucket that leaves at most int(n x p) requests below it. */
function locustPercentile(entry: LocustEntry, share: number): number {
  const target = Math.floor(entry.requests * share);
  let seen = 0;
  for (const [key, count] of [...entry.bucketsMs].sort(([a], [b]) => b - a)) {
    seen += count;
    if (entry.requests - seen <= target) return key;
  }
  return 0;
}

describe("fine bucket keys", () => {
  it("are within 0.05 % of the latency, 5 µs below 10 ms, and stay put when rounded again", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), (latencyMs) => {
        const key = fineBucketMs(latencyMs);
        expect(Math.abs(key - latencyMs)).toBeLessThanOrEqual(Math.max(0.0051, latencyMs * 0.000501));
        expect(fineBucketMs(key)).toBe(key);
      }),
    );
    expect(fineBucketMs(1049)).toBe(1049);
    expect(fineBucketMs(147.4)).toBe(147.4);
  });

  it("are bounded in number", () => {
    const keys = new Set<number>();
    for (let latencyMs = 10; latencyMs < 100_000; latencyMs *= 1.00005) keys.add(fineBucketMs(latencyMs));
    expect(keys.size).toBeLessThanOrEqual(14_001);
  });
});

describe("reports to a Locust master", () => {
  it("make its percentiles exact", () => {
    const report = reportOf(Array.from({ length: 100 }, () => [0, 1049.0] as const));
    for (const share of [0.5, 0.95, 0.99, 1]) expect(locustPercentile(report.total, share)).toBe(1049);
    expect(report.total.totalMs).toBeCloseTo(104_900, 6);
  });

  it("keep counts, sums and extremes, and percentiles within 0.1 %", () => {
    const samples = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.double({ min: 0.02, max: 90_000, noNaN: true })),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(samples, (all) => {
        const report = reportOf(all);
        const [entry] = report.entries;
        expect(entry?.requests).toBe(all.length);
        expect([...entry!.bucketsMs.values()].reduce((sum, count) => sum + count, 0)).toBe(all.length);
        expect([...entry!.requestsPerSec.values()].reduce((sum, count) => sum + count, 0)).toBe(all.length);
        const latencies = all.map(([, latencyMs]) => latencyMs).sort((a, b) => a - b);
        const exact = latencies[Math.floor(all.length * 0.9 + 1e-9) - 1] ?? latencies[0]!;
        const told = locustPercentile(entry!, 0.9);
        const near = latencies.some(
          (latency) => Math.abs(latency - told) <= Math.max(0.012, latency * 0.00101),
        );
        expect(near && told >= exact * 0.9989 - 0.012).toBe(true);
        expect(entry?.maxMs).toBeCloseTo(latencies.at(-1)!, 2);
        expect(entry?.minMs).toBeCloseTo(latencies[0]!, 2);
      }),
    );
  });

  it("look like a worker's of Locust 2.46.3 when nothing happened", () => {
    const empty = toLocustReport([], {
      startedAtMs: EPOCH_MS,
      nowMs: 1795308495179.244,
      userClassesCount: { Alpha: 2, Beta: 1 },
    });
    const data = toStatsMessage(empty);
    // 366 bytes in the capture: node id, names and numbers are the same there.
    const bytes = encodeMessage({ type: "stats", data, nodeId: "vm_483f0e42bc8a40b8bc4d4008af92474d" });
    expect(bytes.length).toBe(366);
    expect(bytes.subarray(0, 24).toString("hex")).toBe("93a5737461747385a5737461747390ab73746174735f746f");
  });
});

describe("reports of Locust workers", () => {
  const entry: LocustEntry = {
    name: "/a",
    method: "GET",
    lastRequestSec: EPOCH_MS / 1000 + 2.99,
    startSec: EPOCH_MS / 1000 + 0.18,
    requests: 24,
    noneRequests: 0,
    failures: 6,
    totalMs: 3537.6,
    maxMs: 147.4,
    minMs: 147.4,
    contentBytes: 240,
    bucketsMs: new Map([[150, 24]]),
    requestsPerSec: new Map([0, 1, 2].map((tSec, index) => [EPOCH_MS / 1000 + tSec, [7, 7, 10][index]!])),
    failuresPerSec: new Map([[EPOCH_MS / 1000 + 2, 6]]),
  };
  const tSecOf = (epochSec: number) => Math.max(0, Math.floor(epochSec - EPOCH_MS / 1000));
  const total: LocustEntry = { ...entry, name: "Aggregated", method: "" };

  it("fall into their seconds, and rounded keys never leave what was measured", () => {
    const errors = [
      {
        method: "GET",
        name: "/a",
        error: "ConnectionRefusedError(111)",
        occurrences: 6,
        firstSeenSec: null,
        lastSeenSec: null,
      },
    ];
    const deltas = toDeltas({ entries: [entry], total, errors, userClassesCount: {} }, tSecOf);
    expect(deltas.map((delta) => [delta.tSec, delta.requests[0]?.count])).toEqual([
      [0, 7],
      [1, 7],
      [2, 10],
    ]);
    const stats = new RunStats();
    for (const delta of deltas)
      stats.add({
        workerId: "w",
        seq: 0,
        delta,
        users: 0,
        usersByClass: {},
        cpuPercent: 0,
        memoryBytes: 0,
        eventLoopDelayP99Ms: 0,
      });
    const sum = stats.total();
    expect([sum.count, sum.failures, sum.bodyBytes, sum.fromDue.sumUs]).toEqual([24, 6, 240, 3_537_600]);
    expect([sum.fromDue.percentileUs(50), sum.fromDue.percentileUs(99)]).toEqual([147_400, 147_400]);
    expect(stats.errors()).toMatchObject([{ family: "connect", count: 6 }]);
  });

  it("sum exactly however they are cut", () => {
    const arbitrary = fc.record({
      perSec: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
      missing: fc.nat(3),
      none: fc.nat(2),
      keys: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ perSec, missing, none, keys }) => {
        const inSeconds = perSec.reduce((sum, count) => sum + count, 0);
        const requests = inSeconds + missing;
        const noneRequests = Math.min(none, requests);
        const bucketsMs = new Map<number, number>();
        for (let index = 0; index < requests - noneRequests; index += 1) {
          const key = keys[index % keys.length]!;
          bucketsMs.set(key, (bucketsMs.get(key) ?? 0) + 1);
        }
        const sized: LocustEntry = {
          ...entry,
          requests,
          noneRequests,
          failures: 0,
          failuresPerSec: new Map(),
          minMs: Math.min(...keys),
          maxMs: Math.max(...keys),
          bucketsMs,
          requestsPerSec: new Map(perSec.map((count, tSec) => [EPOCH_MS / 1000 + tSec, count])),
        };
        const rows = toDeltas({ entries: [sized], total, errors: [], userClassesCount: {} }, tSecOf).flatMap(
          (delta) => delta.requests,
        );
        expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(requests);
        expect(rows.reduce((sum, row) => sum + row.bodyBytes, 0)).toBe(rows.length === 0 ? 0 : 240);
        const merged = histogramFrom({ count: 0, minUs: 0, maxUs: 0, sumUs: 0, buckets: [] });
        for (const row of rows) {
          expect(row.fromDue.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(row.fromDue.count);
          merged.addData(row.fromDue);
        }
        expect(merged.count).toBe(requests - noneRequests);
      }),
    );
  });

  it("tell families by the exception's text", () => {
    const cases = [
      "ConnectionRefusedError(111, 'Connection refused')",
      "HTTPError('500 Server Error: x for url: /b')",
      "ReadTimeout('timed out')",
      "RemoteDisconnected('Remote end closed connection')",
      "gaierror(-2)",
      "CatchResponseError('wrong text')",
    ];
    expect(cases.map(familyOf)).toEqual(["connect", "http", "timeout", "reset", "dns", "assertion"]);
  });

  it.each([
    [{}],
    [{ stats: [], stats_total: null }],
    [{ stats: [{ name: 1 }], stats_total: {} }],
    [{ stats: "x" }],
  ])("are refused when malformed: %j", (data) => {
    expect(readReport(data)).toBeNull();
  });
});
