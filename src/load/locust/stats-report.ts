/** Our statistics as a Locust report: what a worker sends to its master every three seconds. */
import { createHash } from "node:crypto";
import type { HistogramData, RequestStats } from "#contract";
import type { StatsDelta } from "../stats/delta.ts";
import { bucketIndex, bucketWidthUs } from "../stats/histogram.ts";
import { fineBucketMs } from "./fine-buckets.ts";
import {
  type LocustEntry,
  type LocustError,
  type LocustReport,
  TOTAL_NAME,
  writeReport,
} from "./stats-entry.ts";

/** A report under construction, entry by entry. */
interface OpenEntry {
  readonly name: string;
  readonly method: string;
  lastRequestSec: number | null;
  startSec: number;
  requests: number;
  failures: number;
  totalMs: number;
  maxMs: number;
  minMs: number | null;
  contentBytes: number;
  readonly bucketsMs: Map<number, number>;
  readonly requestsPerSec: Map<number, number>;
  readonly failuresPerSec: Map<number, number>;
}

/** What a report needs beside the statistics. */
export interface ReportContext {
  /** When second 0 of the deltas began, epoch ms. */
  readonly startedAtMs: number;
  /** Now, epoch ms. */
  readonly nowMs: number;
  readonly userClassesCount: Readonly<Record<string, number>>;
}

/**
 * Finished seconds as one Locust report. Latencies are from when a request was due; bucket keys are fine
 * ({@link fineBucketMs}), so the master's percentiles are within 0.1 % of ours.
 */
export function toLocustReport(deltas: readonly StatsDelta[], context: ReportContext): LocustReport {
  const nowSec = context.nowMs / 1000;
  const entries = new Map<string, OpenEntry>();
  const errors = new Map<string, LocustError>();
  const total = openEntry(TOTAL_NAME, "", nowSec);
  for (const delta of deltas) {
    const epochSec = Math.floor(context.startedAtMs / 1000 + delta.tSec);
    for (const request of delta.requests) {
      const key = `${request.method}\n${request.name}`;
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = openEntry(request.name, request.method, nowSec);
        entries.set(key, entry);
      }
      addRequests(entry, request, epochSec);
      addRequests(total, request, epochSec);
    }
    for (const error of delta.errors) {
      const key = `${error.method}\n${error.name}\n${error.message}`;
      const known = errors.get(key);
      const first = error.firstSeenMs / 1000;
      const last = error.lastSeenMs / 1000;
      errors.set(key, {
        method: error.method,
        name: error.name,
        error: error.message,
        occurrences: error.count + (known?.occurrences ?? 0),
        firstSeenSec: Math.min(first, known?.firstSeenSec ?? first),
        lastSeenSec: Math.max(last, known?.lastSeenSec ?? last),
      });
    }
  }
  return {
    entries: [...entries.values()].map(closeEntry),
    total: closeEntry(total),
    errors: [...errors.values()],
    userClassesCount: context.userClassesCount,
  };
}

/** A report as a `stats` message's data, with error keys as Locust makes them (any text that is the same for the same error). */
export function toStatsMessage(report: LocustReport): Record<string, unknown> {
  return writeReport(report, (error) =>
    createHash("sha256").update(`${error.method}.${error.name}.${error.error}`).digest("hex"),
  );
}

function openEntry(name: string, method: string, startSec: number): OpenEntry {
  return {
    name,
    method,
    lastRequestSec: null,
    startSec,
    requests: 0,
    failures: 0,
    totalMs: 0,
    maxMs: 0,
    minMs: null,
    contentBytes: 0,
    bucketsMs: new Map(),
    requestsPerSec: new Map(),
    failuresPerSec: new Map(),
  };
}

function addRequests(entry: OpenEntry, request: RequestStats, epochSec: number): void {
  const { fromDue } = request;
  entry.requests += request.count;
  entry.failures += request.failures;
  entry.contentBytes += request.bodyBytes;
  add(entry.requestsPerSec, epochSec, request.count);
  add(entry.failuresPerSec, epochSec, request.failures);
  if (request.count > 0) {
    entry.startSec = Math.min(entry.startSec, request.firstMs / 1000);
    entry.lastRequestSec = Math.max(entry.lastRequestSec ?? 0, request.lastMs / 1000);
  }
  if (fromDue.count === 0) return;
  entry.totalMs += fromDue.sumUs / 1000;
  entry.maxMs = Math.max(entry.maxMs, fromDue.maxUs / 1000);
  entry.minMs = Math.min(entry.minMs ?? Number.POSITIVE_INFINITY, fromDue.minUs / 1000);
  for (const [valueUs, count] of fromDue.buckets)
    add(entry.bucketsMs, fineBucketMs(middleUs(valueUs, fromDue) / 1000), count);
}

/** Middle of a bucket given by its highest value, within the smallest and largest sample, µs. */
function middleUs(highestUs: number, histogram: HistogramData): number {
  const middle = highestUs - (bucketWidthUs(bucketIndex(highestUs)) - 1) / 2;
  return Math.min(Math.max(middle, histogram.minUs), histogram.maxUs);
}

function closeEntry(entry: OpenEntry): LocustEntry {
  return { ...entry, noneRequests: 0 };
}

function add(counts: Map<number, number>, key: number, count: number): void {
  if (count > 0) counts.set(key, (counts.get(key) ?? 0) + count);
}
