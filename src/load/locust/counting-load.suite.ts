/** A worker's load for tests of the protocol: no requests leave, but what it says it made is known exactly. */
import type { WorkerReport } from "../stats/delta.ts";
import { emptyDelta } from "./locust-deltas.ts";
import { sumUsers } from "./message.ts";
import type { LoadJob, WorkerLoad } from "./worker-load.ts";

/** A load that makes one request per user and second, each of the same latency. */
export interface CountingLoad {
  readonly load: WorkerLoad;
  readonly users: () => number;
  /** Requests made so far. */
  readonly made: () => number;
  readonly jobs: readonly LoadJob[];
  /** Stop time-outs it was ended with, ms. */
  readonly ends: readonly number[];
}

/** Creates one. @param epochMs epoch time at 0 of the clock @param latencyMs of every request */
export function createCountingLoad(
  workerId: string,
  name: string,
  nowMs: () => number,
  epochMs: number,
  latencyMs = 1,
): CountingLoad {
  const jobs: LoadJob[] = [];
  const ends: number[] = [];
  const leftOver: WorkerReport[] = [];
  let counts: Readonly<Record<string, number>> = {};
  let startedMs = Number.POSITIVE_INFINITY;
  let nextSec = 0;
  let made = 0;
  const us = latencyMs * 1000;
  const load: WorkerLoad = {
    begin: async (job) => {
      jobs.push(job);
      counts = {};
      startedMs = job.startedAtMs - epochMs;
      nextSec = Math.max(0, Math.floor((nowMs() - startedMs) / 1000));
    },
    setCounts: (next) => {
      counts = { ...counts, ...next };
      return Object.keys(next).filter((key) => key.startsWith("Unknown"));
    },
    get counts() {
      return counts;
    },
    takeReports: (isLast) => {
      const reports = leftOver.splice(0);
      const nowSec = (nowMs() - startedMs) / 1000;
      for (; nextSec + 1 <= nowSec || (isLast && nextSec < nowSec); nextSec += 1) {
        const users = sumUsers(counts);
        made += users;
        const histogram = {
          count: users,
          minUs: users === 0 ? 0 : us,
          maxUs: users === 0 ? 0 : us,
          sumUs: users * us,
          buckets: users === 0 ? [] : [[us, users] as const],
        };
        const atMs = epochMs + startedMs + nextSec * 1000;
        const request = {
          ...{ method: "GET", name, count: users, failures: 0, bodyBytes: 0 },
          ...{ firstMs: atMs + 1, lastMs: atMs + 999, fromDue: histogram, fromSent: histogram },
        };
        reports.push({
          workerId,
          seq: 0,
          delta: { ...emptyDelta(nextSec), requests: [request] },
          users,
          usersByClass: counts,
          ...{ cpuPercent: 1, memoryBytes: 1, eventLoopDelayP99Ms: 0 },
        });
      }
      return reports;
    },
    end: async (stopTimeoutMs) => {
      ends.push(stopTimeoutMs);
      leftOver.push(...load.takeReports(true));
      startedMs = Number.POSITIVE_INFINITY;
      counts = {};
      return [];
    },
    health: { cpuPercent: 1, memoryBytes: 1 },
  };
  return { load, users: () => sumUsers(counts), made: () => made, jobs, ends };
}
