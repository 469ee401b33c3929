import { basename } from "node:path";
import { HISTORY_PERCENTILES, type HistogramData, type RequestStats, type RunResult } from "#contract";
import { RampartError } from "#shared";
import { parseCsv } from "./csv-text.ts";

/** The CSV files of one Locust run; only the statistics are needed. */
export interface LocustCsvTexts {
  readonly stats: string;
  readonly history?: string;
  readonly failures?: string;
}

type Row = (column: string) => string;

/**
 * A result out of Locust's CSV files (Locust's own or ours), so that they can be judged. Columns are found by their
 * names. Percentiles are those of the file: Locust's are rounded to two digits, ours to whole milliseconds.
 * @param path of `_stats.csv`, for the name of the run and for messages
 * @throws RMP_LAB_RESULT_INVALID when the header is not Locust's or a row has no numbers
 */
export function resultOfLocustCsv(texts: LocustCsvTexts, path: string): RunResult {
  const rows = readRows(texts.stats, path);
  const stats = rows.map((row) => statsOf(row, path));
  const total = stats.find((entry) => entry.name === "Aggregated");
  if (total === undefined)
    throw new RampartError("RMP_LAB_RESULT_INVALID", `${path}: has no row named Aggregated`, {
      field: "Name",
    });
  const totalRow = rows.find((row) => row("Name") === "Aggregated");
  const claimedRatePerSec = Number(totalRow?.("Requests/s") ?? 0);
  const history = texts.history === undefined ? [] : readHistory(texts.history, path);
  const first = history.find((point) => point.users > 0) ?? history[0];
  const last = history.at(-1);
  const hasTime = first !== undefined && last !== undefined && last.tSec > first.tSec;
  const seconds = hasTime
    ? last.tSec - first.tSec
    : claimedRatePerSec > 0
      ? total.count / claimedRatePerSec
      : 0;
  const startedAtMs = (first?.tSec ?? 0) * 1000;
  const users = history.reduce((most, point) => Math.max(most, point.users), 0);
  const name = basename(path).replace(/_stats\.csv$|\.csv$/, "");
  return {
    schemaVersion: 1,
    id: name,
    scenario: {
      name,
      description: "read from Locust's CSV files",
      hash: "",
      seed: 0,
      notes: notesOf(hasTime),
    },
    startedAtMs,
    endedAtMs: startedAtMs + seconds * 1000,
    stoppedEarly: false,
    plan: {
      executors: ["locust"],
      users,
      spawnRatePerSec: 0,
      runTimeSec: null,
      meanWaitSec: null,
      requestsPerTask: 1,
      host: "",
      workers: 1,
      tasks: {},
    },
    requests: stats.filter((entry) => entry !== total),
    total: { ...total, method: "" },
    series: history.map((point, index) => ({
      tSec: point.tSec - (first?.tSec ?? 0),
      users: point.users,
      requests: Math.max(0, point.requests - (history[index - 1]?.requests ?? 0)),
      failures: Math.max(0, point.failures - (history[index - 1]?.failures ?? 0)),
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      maxMs: null,
      meanMs: null,
    })),
    errors: texts.failures === undefined ? [] : readFailures(texts.failures, path),
    exceptions: [],
    checks: [],
    metrics: [],
    health: {
      verdict: "valid",
      reasons: [],
      eventLoopDelayP99Ms: 0,
      cpuPercent: 0,
      scheduleLagP99Ms: 0,
      undelivered: 0,
      connectionsOpened: 0,
    },
    environment: {
      cpuModel: "",
      cores: 0,
      memoryBytes: 0,
      platform: "",
      nodeVersion: "",
      rampartVersion: "",
      gitCommit: null,
      sameMachine: false,
      target: {},
    },
    observed: {},
    // Locust divides by the time from start to the last request, the history also holds the seconds of the ramp's
    // start and of the end; only a file whose own clock is known can be held to its claim.
    ...(hasTime ? { claimedRatePerSec: claimedBySeconds(claimedRatePerSec, total.count, seconds) } : {}),
  };
}

/**
 * The claimed rate, or the computed one when both agree within the seconds that the history cuts at both ends: Locust
 * writes one row a second, so its duration is known to one second at each end.
 */
function claimedBySeconds(claimed: number, count: number, seconds: number): number {
  const slowest = count / (seconds + 2);
  const fastest = count / Math.max(1, seconds - 2);
  return claimed >= slowest && claimed <= fastest ? count / seconds : claimed;
}

function notesOf(hasTime: boolean): string[] {
  const notes = [
    "Locust's files say nothing about the generator's health, the users' waits or the checks of the scenario.",
  ];
  if (!hasTime)
    notes.push("Without the history file the reported rate cannot be checked against the duration.");
  return notes;
}

function readRows(text: string, path: string): Row[] {
  const [header, ...rows] = parseCsv(text);
  for (const column of ["Type", "Name", "Request Count", "Failure Count", "95%", "Requests/s"])
    if (!header?.includes(column))
      throw new RampartError(
        "RMP_LAB_RESULT_INVALID",
        `${path}: not a _stats.csv of Locust: no column "${column}"`,
        {
          field: column,
        },
      );
  return rows.map((cells) => (column) => cells[header?.indexOf(column) ?? -1] ?? "");
}

function statsOf(row: Row, path: string): RequestStats {
  const read = (column: string) => {
    const value = Number(row(column));
    if (row(column) === "" || !Number.isFinite(value))
      throw new RampartError(
        "RMP_LAB_RESULT_INVALID",
        `${path}: "${column}" of ${row("Name")} is no number`,
        {
          field: column,
        },
      );
    return value;
  };
  const count = read("Request Count");
  const histogram = histogramOfPercentiles(row, count);
  return {
    method: row("Type"),
    name: row("Name"),
    count,
    failures: read("Failure Count"),
    bodyBytes: Math.round(read("Average Content Size") * count),
    firstMs: 0,
    lastMs: 0,
    fromDue: histogram,
    fromSent: histogram,
  };
}

/** A histogram that gives back exactly the file's percentiles, mean, minimum and maximum. */
function histogramOfPercentiles(row: Row, count: number): HistogramData {
  const minUs = Number(row("Min Response Time")) * 1000;
  const maxUs = Math.max(Number(row("Max Response Time")) * 1000, minUs);
  const buckets: [number, number][] = [];
  let taken = 0;
  let floorUs = 0;
  for (const percentile of HISTORY_PERCENTILES) {
    const value = Number(row(`${percentile}%`));
    const rank = Math.max(1, Math.ceil((percentile / 100) * count - 1e-9));
    if (!Number.isFinite(value) || rank <= taken) continue;
    floorUs = Math.max(floorUs, value * 1000);
    buckets.push([floorUs, rank - taken]);
    taken = rank;
  }
  return { count, minUs, maxUs, sumUs: Number(row("Average Response Time")) * 1000 * count, buckets };
}

function readHistory(
  text: string,
  path: string,
): { tSec: number; users: number; requests: number; failures: number }[] {
  const [header, ...rows] = parseCsv(text);
  const column = (name: string) => {
    const index = header?.indexOf(name) ?? -1;
    if (index < 0)
      throw new RampartError("RMP_LAB_RESULT_INVALID", `${path}: the history has no column "${name}"`, {
        field: name,
      });
    return index;
  };
  const [time, users, name] = [column("Timestamp"), column("User Count"), column("Name")];
  const [requests, failures] = [column("Total Request Count"), column("Total Failure Count")];
  return rows
    .filter((cells) => cells[name] === "Aggregated")
    .map((cells) => ({
      tSec: Number(cells[time]),
      users: Number(cells[users]),
      requests: Number(cells[requests]),
      failures: Number(cells[failures]),
    }));
}

function readFailures(text: string, path: string): RunResult["errors"] {
  const [header, ...rows] = parseCsv(text);
  const at = (name: string) => header?.indexOf(name) ?? -1;
  if (at("Error") < 0)
    throw new RampartError("RMP_LAB_RESULT_INVALID", `${path}: the failures have no column "Error"`);
  return rows.map((cells) => ({
    method: cells[at("Method")] ?? "",
    name: cells[at("Name")] ?? "",
    family: familyOf(cells[at("Error")] ?? ""),
    message: cells[at("Error")] ?? "",
    count: Number(cells[at("Occurrences")] ?? 0),
    firstSeenMs: Date.parse(cells[at("First Seen")] ?? "") || 0,
    lastSeenMs: Date.parse(cells[at("Last Seen")] ?? "") || 0,
  }));
}

/** Family of an error text: ours starts with it, Locust's names Python's exception. */
function familyOf(text: string): RunResult["errors"][number]["family"] {
  const own = /^(dns|connect|tls|timeout|reset|http|protocol|assertion)\b/.exec(text)?.[1];
  // The pattern lists exactly the members of ErrorFamily.
  if (own !== undefined) return own as RunResult["errors"][number]["family"];
  if (/timed? ?out/i.test(text)) return "timeout";
  if (/reset|RemoteDisconnected|aborted/i.test(text)) return "reset";
  if (/refused|ConnectionError|unreachable/i.test(text)) return "connect";
  return /HTTPError|BadStatus|\b[45]\d\d\b/.test(text) ? "http" : "assertion";
}
