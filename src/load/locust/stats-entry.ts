/** Locust's statistics as they travel in a `stats` message. Source: Locust `stats.py`, `StatsEntry.serialize`. */
import { readUserClasses, recordOf } from "./message.ts";

/** Statistics of one name and method since the last report. Times of day in seconds since the epoch, latencies in ms. */
export interface LocustEntry {
  readonly name: string;
  readonly method: string;
  readonly lastRequestSec: number | null;
  readonly startSec: number;
  readonly requests: number;
  /** Requests without a latency. */
  readonly noneRequests: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly maxMs: number;
  readonly minMs: number | null;
  readonly contentBytes: number;
  /** Requests by latency bucket, ms. */
  readonly bucketsMs: ReadonlyMap<number, number>;
  /** Requests and failures by second of the epoch. */
  readonly requestsPerSec: ReadonlyMap<number, number>;
  readonly failuresPerSec: ReadonlyMap<number, number>;
}

/** Failures of one kind since the last report. */
export interface LocustError {
  readonly method: string;
  readonly name: string;
  readonly error: string;
  readonly occurrences: number;
  /** First and last time within the report, seconds since the epoch; null when the worker does not tell. */
  readonly firstSeenSec: number | null;
  readonly lastSeenSec: number | null;
}

/** Data of a `stats` message. */
export interface LocustReport {
  readonly entries: readonly LocustEntry[];
  readonly total: LocustEntry;
  readonly errors: readonly LocustError[];
  readonly userClassesCount: Readonly<Record<string, number>>;
}

/** Name of the entry of all requests. */
export const TOTAL_NAME = "Aggregated";

/** A report as a `stats` message's data. */
export function writeReport(
  report: LocustReport,
  keyOf: (error: LocustError) => string,
): Record<string, unknown> {
  const users = Object.values(report.userClassesCount);
  return {
    stats: report.entries.map(writeEntry),
    stats_total: writeEntry(report.total),
    errors: Object.fromEntries(
      report.errors.map((error) => [
        keyOf(error),
        {
          name: error.name,
          method: error.method,
          error: error.error,
          occurrences: error.occurrences,
          first_seen: error.firstSeenSec,
          last_seen: error.lastSeenSec,
        },
      ]),
    ),
    user_classes_count: { ...report.userClassesCount },
    user_count: users.reduce((sum, count) => sum + count, 0),
  };
}

/** Reads a `stats` message's data; null when it is none. Unknown keys are ignored. */
export function readReport(data: unknown): LocustReport | null {
  const fields = recordOf(data);
  if (fields === null || !Array.isArray(fields["stats"])) return null;
  const entries = fields["stats"].map(readEntry);
  const total = readEntry(fields["stats_total"]);
  const errorFields = recordOf(fields["errors"]) ?? {};
  const errors = Object.values(errorFields).map(readError);
  // Boomer's reports come without users until it was told to spawn some.
  const userClassesCount = readUserClasses(fields["user_classes_count"] ?? {});
  if (total === null || userClassesCount === null) return null;
  if (!entries.every(isPresent) || !errors.every(isPresent)) return null;
  return { entries, total, errors, userClassesCount };
}

function writeEntry(entry: LocustEntry): Record<string, unknown> {
  return {
    name: entry.name,
    method: entry.method,
    last_request_timestamp: entry.lastRequestSec,
    start_time: entry.startSec,
    num_requests: entry.requests,
    num_none_requests: entry.noneRequests,
    num_failures: entry.failures,
    total_response_time: entry.totalMs,
    max_response_time: entry.maxMs,
    min_response_time: entry.minMs,
    total_content_length: entry.contentBytes,
    response_times: entry.bucketsMs,
    num_reqs_per_sec: entry.requestsPerSec,
    num_fail_per_sec: entry.failuresPerSec,
  };
}

function readEntry(data: unknown): LocustEntry | null {
  const fields = recordOf(data);
  if (fields === null) return null;
  const count = (key: string): number | null => {
    const value = fields[key];
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
  };
  const requests = count("num_requests");
  const failures = count("num_failures");
  const totalMs = count("total_response_time");
  const maxMs = count("max_response_time");
  const startSec = count("start_time");
  const bucketsMs = readCounts(fields["response_times"]);
  const requestsPerSec = readCounts(fields["num_reqs_per_sec"]);
  const failuresPerSec = readCounts(fields["num_fail_per_sec"]);
  const { name, method } = fields;
  if (typeof name !== "string" || requests === null || failures === null || totalMs === null) return null;
  if (maxMs === null || startSec === null) return null;
  if (bucketsMs === null || requestsPerSec === null || failuresPerSec === null) return null;
  return {
    name,
    method: typeof method === "string" ? method : "",
    lastRequestSec: count("last_request_timestamp"),
    startSec,
    requests,
    noneRequests: count("num_none_requests") ?? 0,
    failures,
    totalMs,
    maxMs,
    minMs: count("min_response_time"),
    contentBytes: count("total_content_length") ?? 0,
    bucketsMs,
    requestsPerSec,
    failuresPerSec,
  };
}

function readError(data: unknown): LocustError | null {
  const fields = recordOf(data);
  if (fields === null) return null;
  const { method, name, error, occurrences } = fields;
  if (typeof name !== "string" || typeof occurrences !== "number" || !(occurrences >= 0)) return null;
  return {
    method: typeof method === "string" ? method : "",
    name,
    error: typeof error === "string" ? error : "unknown error",
    occurrences,
    firstSeenSec: typeof fields["first_seen"] === "number" ? fields["first_seen"] : null,
    lastSeenSec: typeof fields["last_seen"] === "number" ? fields["last_seen"] : null,
  };
}

/** A map of numbers to counts; keys may have become text on the way. */
function readCounts(data: unknown): ReadonlyMap<number, number> | null {
  if (data === undefined || data === null) return new Map();
  const entries = data instanceof Map ? [...data] : Object.entries(recordOf(data) ?? { "": Number.NaN });
  const counts = new Map<number, number>();
  for (const [key, count] of entries) {
    const number = typeof key === "number" ? key : Number.parseFloat(String(key));
    if (!Number.isFinite(number) || typeof count !== "number" || !(count >= 0)) return null;
    counts.set(number, (counts.get(number) ?? 0) + count);
  }
  return counts;
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}
