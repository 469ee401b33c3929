/** Locust's reports as our deltas: counts exact by second, latencies as fine as the sender's buckets. */
import type { ErrorFamily, ErrorStats, HistogramData, RequestStats } from "#contract";
import type { StatsDelta } from "../stats/delta.ts";
import { EMPTY_HISTOGRAM, HISTOGRAM_MAX_US } from "../stats/histogram.ts";
import type { LocustEntry, LocustError, LocustReport } from "./stats-entry.ts";

/** What is known of a failure from the text that a Locust worker made of its exception; first match counts. */
const FAMILY_SIGNS: readonly (readonly [ErrorFamily, RegExp])[] = [
  ["dns", /gaierror|NameResolution|getaddrinfo|no such host/i],
  ["tls", /SSLError|CertificateError|certificate verify|x509/i],
  ["timeout", /timed? ?out|deadline exceeded/i],
  ["connect", /ConnectionRefused|connection refused|NewConnectionError|ConnectTimeout/i],
  ["reset", /ConnectionReset|RemoteDisconnected|connection reset|Broken ?pipe|Connection aborted|EOF/i],
  ["http", /HTTPError|status code|Client Error|Server Error/i],
];

/** Error family of a Locust worker's error text; what no transport error explains was a check of the locustfile. */
export function familyOf(error: string): ErrorFamily {
  return FAMILY_SIGNS.find(([, sign]) => sign.test(error))?.[0] ?? "assertion";
}

/**
 * A report as deltas, one a second, oldest first. Requests and failures fall into their own seconds as the worker counted
 * them; it tells latencies only for the report as a whole, so these are spread over its seconds in proportion: percentiles
 * of a row stay as the buckets have them, those of one second are those of the report. Due and sent are the same there.
 * @param tSecOf second of the run of a second of the epoch
 */
export function toDeltas(report: LocustReport, tSecOf: (epochSec: number) => number): readonly StatsDelta[] {
  const bySecond = new Map<number, RequestStats[]>();
  for (const entry of report.entries)
    for (const [tSec, request] of splitEntry(entry, tSecOf)) {
      const requests = bySecond.get(tSec) ?? [];
      requests.push(request);
      bySecond.set(tSec, requests);
    }
  const seconds = [...bySecond].sort(([a], [b]) => a - b);
  const deltas: StatsDelta[] = seconds.map(([tSec, requests]) => ({ ...emptyDelta(tSec), requests }));
  if (report.errors.length > 0) {
    const endSec = report.total.lastRequestSec ?? report.total.startSec;
    const errors = report.errors.map((error) => toErrorStats(error, report.total.startSec, endSec));
    const last = deltas.pop() ?? emptyDelta(tSecOf(Math.floor(endSec)));
    deltas.push({ ...last, errors });
  }
  return deltas;
}

/** A delta in which nothing happened. */
export function emptyDelta(tSec: number): StatsDelta {
  return {
    tSec,
    requests: [],
    errors: [],
    exceptions: [],
    checks: [],
    metrics: [],
    lag: EMPTY_HISTOGRAM,
    undelivered: 0,
    connectionsOpened: 0,
  };
}

function toErrorStats(error: LocustError, startSec: number, endSec: number): ErrorStats {
  return {
    method: error.method,
    name: error.name,
    family: familyOf(error.error),
    message: error.error,
    count: error.occurrences,
    firstSeenMs: (error.firstSeenSec ?? startSec) * 1000,
    lastSeenMs: (error.lastSeenSec ?? endSec) * 1000,
  };
}

/** One entry as rows by second of the run. */
function splitEntry(
  entry: LocustEntry,
  tSecOf: (epochSec: number) => number,
): readonly (readonly [number, RequestStats])[] {
  const endSec = entry.lastRequestSec ?? entry.startSec;
  const requests = bySecondOf(entry.requestsPerSec, entry.requests, endSec, tSecOf);
  const failures = bySecondOf(entry.failuresPerSec, entry.failures, endSec, tSecOf);
  const seconds = [...new Set([...requests.keys(), ...failures.keys()])].sort((a, b) => a - b);
  const counts = seconds.map((tSec) => requests.get(tSec) ?? 0);
  const histograms = splitHistogram(entry, counts);
  const bytes = apportion(Math.round(entry.contentBytes), counts);
  return seconds.map((tSec, index) => [
    tSec,
    {
      method: entry.method,
      name: entry.name,
      count: counts[index]!,
      failures: failures.get(tSec) ?? 0,
      bodyBytes: bytes[index]!,
      firstMs: entry.startSec * 1000,
      lastMs: endSec * 1000,
      fromDue: histograms[index]!,
      fromSent: histograms[index]!,
    },
  ]);
}

/** Counts by second of the run that sum to `total`: what the per-second map leaves out counts at the end. */
function bySecondOf(
  perSec: ReadonlyMap<number, number>,
  total: number,
  endSec: number,
  tSecOf: (epochSec: number) => number,
): Map<number, number> {
  const counts = new Map<number, number>();
  let rest = total;
  const add = (tSec: number, count: number) => {
    if (count > 0) counts.set(tSec, (counts.get(tSec) ?? 0) + count);
    rest -= count;
  };
  for (const [epochSec, count] of perSec) add(tSecOf(epochSec), Math.min(count, rest));
  add(tSecOf(Math.floor(endSec)), rest);
  return counts;
}

/** The entry's latencies over seconds with so many requests each; bucket counts sum exactly. */
function splitHistogram(entry: LocustEntry, counts: readonly number[]): readonly HistogramData[] {
  const timed = Math.max(0, entry.requests - entry.noneRequests);
  const minUs = toUs(entry.minMs ?? 0);
  const maxUs = Math.max(minUs, toUs(entry.maxMs));
  const buckets = [...entry.bucketsMs].sort(([a], [b]) => a - b);
  const counted = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (timed === 0 || counted === 0) return counts.map(() => EMPTY_HISTOGRAM);
  const shares = apportion(counted, counts);
  const sums = apportion(Math.round(entry.totalMs * 1000), shares);
  const open = shares.map(() => [] as [number, number][]);
  const remaining = [...shares];
  for (const [keyMs, count] of buckets) {
    // A rounded key may lie outside what was measured; the samples do not.
    const valueUs = Math.min(Math.max(toUs(keyMs), minUs), maxUs);
    apportion(count, remaining).forEach((part, index) => {
      remaining[index]! -= part;
      if (part > 0) open[index]!.push([valueUs, part]);
    });
  }
  const lowestUs = Math.min(...open.map((pairs) => pairs[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const highestUs = Math.max(...open.map((pairs) => pairs.at(-1)?.[0] ?? 0));
  const fastest = open.findIndex((pairs) => pairs[0]?.[0] === lowestUs);
  const slowest = open.findIndex((pairs) => pairs.at(-1)?.[0] === highestUs);
  return open.map((pairs, index) => ({
    count: shares[index]!,
    minUs: index === fastest ? minUs : (pairs[0]?.[0] ?? 0),
    maxUs: index === slowest ? maxUs : (pairs.at(-1)?.[0] ?? 0),
    sumUs: sums[index]!,
    buckets: pairs,
  }));
}

/** Splits a whole number in proportion to weights by largest remainder; the parts sum exactly, none exceeds its weight when the total does not exceed their sum. */
function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return weights.map((_, index) => (index === weights.length - 1 ? total : 0));
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  let rest = total - parts.reduce((all, part) => all + part, 0);
  const order = exact
    .map((value, index) => [value - Math.floor(value), index] as const)
    .sort(([a], [b]) => b - a);
  for (const [, index] of order) {
    if (rest <= 0) break;
    parts[index]! += 1;
    rest -= 1;
  }
  return parts;
}

function toUs(ms: number): number {
  return Math.min(Math.round(ms * 1000), HISTOGRAM_MAX_US);
}
