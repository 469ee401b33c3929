/** Reports of Rampart workers as they arrive: checked before they count. */
import type {
  CheckStats,
  ErrorFamily,
  ErrorStats,
  ExceptionStats,
  HistogramData,
  MetricData,
  RequestStats,
} from "#contract";
import type { MetricDelta, StatsDelta, WorkerReport } from "../stats/delta.ts";
import { recordOf } from "./message.ts";
import { toPlain } from "./peer-protocol.ts";

const FAMILIES: ReadonlySet<string> = new Set<ErrorFamily>([
  "dns",
  "connect",
  "tls",
  "timeout",
  "reset",
  "http",
  "protocol",
  "assertion",
]);
const METRIC_KINDS: ReadonlySet<string> = new Set<MetricData["kind"]>(["counter", "gauge", "rate", "trend"]);

/** Thrown inside this file only. */
class Malformed extends Error {}

/** Data of a `rampart_report` message; null when it is none. */
export function readWorkerReport(
  data: unknown,
): { readonly run: string; readonly report: WorkerReport } | null {
  try {
    const fields = record(toPlain(data));
    return { run: text(fields, "run"), report: report(record(fields["report"])) };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

type Fields = Record<string, unknown>;

function report(fields: Fields): WorkerReport {
  return {
    workerId: text(fields, "workerId"),
    seq: number(fields, "seq"),
    delta: delta(record(fields["delta"])),
    users: number(fields, "users"),
    usersByClass: Object.fromEntries(
      Object.entries(record(fields["usersByClass"])).map(([name, count]) => [name, finite(count)]),
    ),
    cpuPercent: number(fields, "cpuPercent"),
    memoryBytes: number(fields, "memoryBytes"),
    eventLoopDelayP99Ms: number(fields, "eventLoopDelayP99Ms"),
  };
}

function delta(fields: Fields): StatsDelta {
  return {
    tSec: number(fields, "tSec"),
    requests: list(fields, "requests", requests),
    errors: list(fields, "errors", errors),
    exceptions: list(fields, "exceptions", exceptions),
    checks: list(fields, "checks", checks),
    metrics: list(fields, "metrics", metrics),
    lag: histogram(record(fields["lag"])),
    undelivered: number(fields, "undelivered"),
    connectionsOpened: number(fields, "connectionsOpened"),
  };
}

function requests(fields: Fields): RequestStats {
  return {
    method: text(fields, "method"),
    name: text(fields, "name"),
    count: number(fields, "count"),
    failures: number(fields, "failures"),
    bodyBytes: number(fields, "bodyBytes"),
    firstMs: number(fields, "firstMs"),
    lastMs: number(fields, "lastMs"),
    fromDue: histogram(record(fields["fromDue"])),
    fromSent: histogram(record(fields["fromSent"])),
  };
}

function errors(fields: Fields): ErrorStats {
  const family = text(fields, "family");
  if (!FAMILIES.has(family)) throw new Malformed();
  return {
    method: text(fields, "method"),
    name: text(fields, "name"),
    // Looked up in the set of families just above.
    family: family as ErrorFamily,
    message: text(fields, "message"),
    count: number(fields, "count"),
    firstSeenMs: number(fields, "firstSeenMs"),
    lastSeenMs: number(fields, "lastSeenMs"),
  };
}

function exceptions(fields: Fields): ExceptionStats {
  const { workers } = fields;
  return {
    message: text(fields, "message"),
    traceback: text(fields, "traceback"),
    count: number(fields, "count"),
    workers: Array.isArray(workers) ? workers.map(String) : [],
  };
}

function checks(fields: Fields): CheckStats {
  return { name: text(fields, "name"), passes: number(fields, "passes"), fails: number(fields, "fails") };
}

function metrics(fields: Fields): MetricDelta {
  const kind = text(fields, "kind");
  if (!METRIC_KINDS.has(kind)) throw new Malformed();
  return {
    name: text(fields, "name"),
    // Looked up in the set of kinds just above.
    kind: kind as MetricData["kind"],
    unit: text(fields, "unit"),
    count: number(fields, "count"),
    sum: signed(fields, "sum"),
    last: signed(fields, "last"),
    lastAtMs: number(fields, "lastAtMs"),
    histogram: fields["histogram"] == null ? null : histogram(record(fields["histogram"])),
  };
}

function histogram(fields: Fields): HistogramData {
  const { buckets } = fields;
  if (!Array.isArray(buckets)) throw new Malformed();
  return {
    count: number(fields, "count"),
    minUs: number(fields, "minUs"),
    maxUs: number(fields, "maxUs"),
    sumUs: number(fields, "sumUs"),
    buckets: buckets.map((pair: unknown) => {
      if (!Array.isArray(pair) || pair.length !== 2) throw new Malformed();
      return [finite(pair[0]), finite(pair[1])];
    }),
  };
}

function list<T>(fields: Fields, key: string, read: (fields: Fields) => T): readonly T[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw new Malformed();
  return value.map((item) => read(record(item)));
}

function record(value: unknown): Fields {
  const fields = recordOf(value);
  if (fields === null) throw new Malformed();
  return fields;
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== "string") throw new Malformed();
  return value;
}

function number(fields: Fields, key: string): number {
  return finite(fields[key]);
}

function signed(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Malformed();
  return value;
}

function finite(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw new Malformed();
  return value;
}
