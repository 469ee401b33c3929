/**
 * The messages of Locust's master and workers. Source: Locust `locust/runners.py` and `locust/rpc/`, checked against
 * Locust 2.12.1 and captures of 2.46.3.
 */

/** One message as it travels: a type, anything as data, and the id of the worker it is from or for. */
export interface LocustMessage {
  readonly type: string;
  readonly data: unknown;
  readonly nodeId: string;
}

/** What a worker is doing, in Locust's words. */
export type WorkerState = "ready" | "spawning" | "running" | "missing";

/** Version a worker tells when its master shall not compare versions (boomer's convention). */
export const ANY_VERSION = -1;

/** Locust's timers, ms. */
export const TIMERS = {
  /** A worker's heartbeat. */
  heartbeatMs: 1000,
  /** A worker that was silent for so long is missing (3 heartbeats, looked at each second). */
  missingAfterMs: 4000,
  /** A missing worker is forgotten after so long (60 heartbeats). */
  forgottenAfterMs: 64_000,
  /** A worker's statistics. */
  reportMs: 3000,
  /** A worker whose master answers heartbeats gives up when it was silent for so long. */
  masterTimeoutMs: 60_000,
  /** `client_ready` is repeated so often, and so many times, until it is acknowledged. */
  readyRetryMs: 5000,
  readyRetries: 60,
  /** A worker's new log lines. */
  logsMs: 10_000,
} as const;

/** Data of a `spawn` message: the absolute number of users of each class this worker shall run. */
export interface SpawnOrder {
  /** Seconds since the epoch at the master; a message that is not newer than the last one is dropped. */
  readonly timestamp: number;
  readonly userClassesCount: Readonly<Record<string, number>>;
  /** Null: the worker's own. */
  readonly host: string | null;
  readonly stopTimeoutSec: number;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
}

/** Reads a `spawn` message's data; null when it is none. */
export function readSpawnOrder(data: unknown): SpawnOrder | null {
  const fields = recordOf(data);
  if (fields === null || typeof fields["timestamp"] !== "number") return null;
  const counts = readUserClasses(fields["user_classes_count"]);
  if (counts === null) return null;
  const options = recordOf(fields["parsed_options"]) ?? {};
  const { host, stop_timeout: stopTimeout } = fields;
  return {
    timestamp: fields["timestamp"],
    userClassesCount: counts,
    host: typeof host === "string" && host !== "" ? host : null,
    stopTimeoutSec: typeof stopTimeout === "number" && stopTimeout > 0 ? stopTimeout : 0,
    tags: strings(options["tags"]),
    excludeTags: strings(options["exclude_tags"]),
  };
}

/**
 * A `spawn` message's data. Workers of Locust read `parsed_options` for tags and own options; the rest they have from
 * their own command line.
 * @param options values of own options by name
 */
export function writeSpawnOrder(
  order: SpawnOrder,
  options: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return {
    timestamp: order.timestamp,
    user_classes_count: { ...order.userClassesCount },
    host: order.host,
    stop_timeout: order.stopTimeoutSec,
    parsed_options: {
      ...options,
      tags: order.tags.length === 0 ? null : [...order.tags],
      exclude_tags: order.excludeTags.length === 0 ? null : [...order.excludeTags],
    },
  };
}

/** Users by class out of a message; null when it is no map of whole counts. */
export function readUserClasses(data: unknown): Readonly<Record<string, number>> | null {
  const fields = recordOf(data);
  if (fields === null) return null;
  const counts: Record<string, number> = {};
  for (const [name, count] of Object.entries(fields)) {
    if (typeof count !== "number" || !Number.isInteger(count) || count < 0) return null;
    counts[name] = count;
  }
  return counts;
}

/** Sum of users by class. */
export function sumUsers(counts: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const count of Object.values(counts)) sum += count;
  return sum;
}

/** A decoded map as a record (number keys become text); null for anything else. */
export function recordOf(data: unknown): Record<string, unknown> | null {
  if (data instanceof Map) return Object.fromEntries(data);
  // Anything with string keys can be looked at as a record of unknowns.
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Record<string, unknown>)
    : null;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
