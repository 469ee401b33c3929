/** Locust's JSON of statistics (`/stats/requests`, `/exceptions`, `/tasks`), out of a finished or a running run. */
import type { ErrorStats, ExceptionStats, RunResult } from "#contract";
import { maxMs, meanMs, minMs, percentileMs } from "../results/histogram.ts";
import { durationSec } from "../results/select.ts";
import { errorText, sortRequests } from "./locust-csv.ts";

/** Locust shows at most so many names and errors. */
const MAX_ENTRIES = 500;

/** One entry of `stats`. */
export interface LocustStatsEntry {
  readonly method: string;
  readonly name: string;
  readonly num_requests: number;
  readonly num_failures: number;
  readonly min_response_time: number;
  readonly max_response_time: number;
  readonly current_rps: number;
  readonly current_fail_per_sec: number;
  readonly avg_response_time: number;
  readonly median_response_time: number;
  readonly total_rps: number;
  readonly total_fail_per_sec: number;
  readonly "response_time_percentile_0.95": number;
  readonly "response_time_percentile_0.99": number;
  readonly avg_content_length: number;
}

/** One entry of `errors`. */
export interface LocustErrorEntry {
  readonly method: string;
  readonly name: string;
  readonly error: string;
  readonly occurrences: number;
  /** Epoch seconds. */
  readonly first_seen: number;
  readonly last_seen: number;
}

/** The body of `/stats/requests`. */
export interface LocustStats {
  readonly stats: readonly LocustStatsEntry[];
  readonly errors: readonly LocustErrorEntry[];
  readonly current_rps: number;
  readonly current_fail_per_sec: number;
  readonly total_rps: number;
  readonly total_fail_per_sec: number;
  readonly fail_ratio: number;
  readonly current_response_time_percentiles: Readonly<Record<string, number | null>>;
  readonly state: string;
  readonly user_count: number;
  readonly workers?: readonly LocustWorkerEntry[];
  readonly worker_count?: number;
}

/** One worker in `/stats/requests`. */
export interface LocustWorkerEntry {
  readonly id: string;
  readonly state: string;
  readonly user_count: number;
  readonly cpu_usage: number;
  readonly memory_usage: number;
}

/** What {@link locustStats} is made of. */
export interface LocustStatsParts {
  /** Entries without the total, any order. */
  readonly entries: readonly LocustStatsEntry[];
  readonly total: LocustStatsEntry;
  readonly errors: readonly ErrorStats[];
  /** Percentiles of the last ten seconds, ms. */
  readonly currentP50Ms: number | null;
  readonly currentP95Ms: number | null;
  readonly state: string;
  readonly users: number;
  readonly workers?: readonly LocustWorkerEntry[];
}

/** Puts the body of `/stats/requests` together. */
export function locustStats(parts: LocustStatsParts): LocustStats {
  const { total } = parts;
  return {
    stats: [...sortRequests(parts.entries).slice(0, MAX_ENTRIES), total],
    errors: parts.errors.slice(0, MAX_ENTRIES).map((error) => ({
      method: error.method,
      name: error.name,
      error: errorText(error),
      occurrences: error.count,
      first_seen: error.firstSeenMs / 1000,
      last_seen: error.lastSeenMs / 1000,
    })),
    current_rps: total.current_rps,
    current_fail_per_sec: total.current_fail_per_sec,
    total_rps: total.total_rps,
    total_fail_per_sec: total.total_fail_per_sec,
    fail_ratio: total.num_requests === 0 ? 0 : total.num_failures / total.num_requests,
    current_response_time_percentiles: {
      "response_time_percentile_0.5": parts.currentP50Ms,
      "response_time_percentile_0.95": parts.currentP95Ms,
    },
    state: parts.state,
    user_count: parts.users,
    ...(parts.workers === undefined ? {} : { workers: parts.workers, worker_count: parts.workers.length }),
  };
}

/** The body of `/stats/requests` for a finished run. */
export function locustStatsOfResult(result: RunResult): LocustStats {
  const seconds = durationSec(result);
  return locustStats({
    entries: result.requests.map((stats) => toEntry(stats, stats.method, stats.name, seconds)),
    total: toEntry(result.total, "", "Aggregated", seconds),
    errors: result.errors,
    currentP50Ms: null,
    currentP95Ms: null,
    state: "stopped",
    users: 0,
  });
}

/** The body of `/exceptions`. */
export function locustExceptions(exceptions: readonly ExceptionStats[]): {
  readonly exceptions: readonly { count: number; msg: string; traceback: string; nodes: string }[];
} {
  return {
    exceptions: exceptions.map((exception) => ({
      count: exception.count,
      msg: exception.message,
      traceback: exception.traceback,
      nodes: exception.workers.join(", "),
    })),
  };
}

/** The body of `/tasks`: each class's share of the users and each task's share within it. */
export function locustTasks(
  tasks: RunResult["plan"]["tasks"],
  shares: Readonly<Record<string, number>>,
): { readonly per_class: LocustRatios; readonly total: LocustRatios } {
  const ratios = (scale: (name: string) => number): LocustRatios =>
    Object.fromEntries(
      Object.entries(tasks).map(([name, ofClass]) => [
        name,
        {
          ratio: shares[name] ?? 1 / Math.max(1, Object.keys(tasks).length),
          tasks: Object.fromEntries(
            Object.entries(ofClass).map(([task, ratio]) => [task, { ratio: ratio * scale(name) }]),
          ),
        },
      ]),
    );
  return { per_class: ratios(() => 1), total: ratios((name) => shares[name] ?? 1) };
}

type LocustRatios = Readonly<
  Record<
    string,
    { readonly ratio: number; readonly tasks: Readonly<Record<string, { readonly ratio: number }>> }
  >
>;

function toEntry(stats: RunResult["total"], method: string, name: string, seconds: number): LocustStatsEntry {
  const histogram = stats.fromDue;
  return {
    method,
    name,
    num_requests: stats.count,
    num_failures: stats.failures,
    min_response_time: minMs(histogram) ?? 0,
    max_response_time: maxMs(histogram) ?? 0,
    current_rps: 0,
    current_fail_per_sec: 0,
    avg_response_time: meanMs(histogram) ?? 0,
    median_response_time: percentileMs(histogram, 50) ?? 0,
    total_rps: stats.count / seconds,
    total_fail_per_sec: stats.failures / seconds,
    "response_time_percentile_0.95": percentileMs(histogram, 95) ?? 0,
    "response_time_percentile_0.99": percentileMs(histogram, 99) ?? 0,
    avg_content_length: stats.count === 0 ? 0 : stats.bodyBytes / stats.count,
  };
}
