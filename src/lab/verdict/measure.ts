import type { RequestStats, RunResult } from "#contract";
import { maxMs, meanMs, minMs, percentileMs } from "../results/histogram.ts";
import { durationSec, peakUsers, selectRequests } from "../results/select.ts";
import { growthOf, latencyGrowthPercent } from "../soak/soak-figures.ts";
import { metricSpec, percentileOfMetric } from "../targets/metrics.ts";
import type { TargetRow } from "../targets/types.ts";
import { plannedRateBound } from "./bound-check.ts";
import { OBSERVED_METRICS, observedValue } from "./observed.ts";
import { recoveryOf } from "./phases.ts";
import { sustainedLevel } from "./sustained.ts";

/** What a run says about a row; `value` is in the row's unit. */
export type Measurement =
  | { readonly kind: "value"; readonly value: number; readonly detail?: string }
  /** Not exercised, not observed, or out of the scenario's reach: never passed. */
  | { readonly kind: "none"; readonly reason: string }
  /** Broken in a way that has no figure, such as "did not recover". */
  | { readonly kind: "breach"; readonly reason: string };

/** Slack of what counts as within a plan's reach. */
const REACH_SLACK = 1.01;

type Measure = (result: RunResult, stats: RequestStats) => number | null;

/** Metrics of requests, whole run or per endpoint, in base units. */
const REQUEST_METRICS: Readonly<Record<string, Measure>> = {
  avg: (_result, stats) => meanMs(stats.fromDue),
  min: (_result, stats) => minMs(stats.fromDue),
  max: (_result, stats) => maxMs(stats.fromDue),
  rate: (result, stats) => stats.count / durationSec(result),
  requests: (_result, stats) => stats.count,
  failures: (_result, stats) => stats.failures,
  error_rate: (_result, stats) => (100 * stats.failures) / stats.count,
  success_rate: (_result, stats) => (100 * (stats.count - stats.failures)) / stats.count,
};

/** Metrics of the whole run, in base units; null = not measured. */
const RUN_METRICS: Readonly<Record<string, (result: RunResult) => number | null>> = {
  users: peakUsers,
  connections: peakConnections,
  duration: durationSec,
  spawn_rate: (result) => result.plan.spawnRatePerSec,
  latency_growth: latencyGrowthPercent,
  exceptions: (result) => result.exceptions.reduce((sum, exception) => sum + exception.count, 0),
};

/** Metrics that scenarios report under their own metric's name. */
const SCENARIO_METRICS: Readonly<Record<string, string>> = {
  connection_success_rate: "ws_connect_success",
  message_latency: "ws_message_latency",
  connection_drops: "ws_drops",
};

/** Measures one row in a run. */
export function measureRow(result: RunResult, row: TargetRow): Measurement {
  const unreachable = unreachableReason(result, row);
  if (unreachable !== null) return { kind: "none", reason: unreachable };
  const measured = row.sustainedSec === null ? measureBase(result, row) : sustainedLevel(result, row);
  if (measured.kind !== "value") return measured;
  return { ...measured, value: measured.value / unitFactor(row) };
}

/** Base units per unit of the row. */
export function unitFactor(row: TargetRow): number {
  return metricSpec(row.metric)?.units[row.unit] ?? 1;
}

function measureBase(result: RunResult, row: TargetRow): Measurement {
  const { metric } = row;
  if (metric === "recovery_time") return measureRecovery(result, row);
  if (metric === "leak_suspects") return measureLeaks(result);
  if (metric === "check_fails") return measureCheck(result, row.of ?? "");
  if (metric === "errors") return measureErrors(result, row);
  if (metric === "custom") return measureCustom(result, row.of ?? "");
  const scenarioMetric = SCENARIO_METRICS[metric];
  if (scenarioMetric !== undefined) return measureCustom(result, scenarioMetric);
  if (metric in OBSERVED_METRICS) {
    const value = observedValue(result, metric);
    // Some scenarios see the same figure from the client's side, such as hits by the gateway's own header.
    return value === null
      ? measureCustom(result, metric, "not observed in this run")
      : { kind: "value", value };
  }
  const ofRun = RUN_METRICS[metric];
  if (ofRun !== undefined) return valueOr(ofRun(result), "not exercised by this run");
  return measureRequests(result, row);
}

function measureRequests(result: RunResult, row: TargetRow): Measurement {
  const stats = selectRequests(result, row.endpoints);
  if (stats === null) return { kind: "none", reason: "not exercised by this run" };
  const percentile = percentileOfMetric(row.metric);
  const value =
    percentile === null
      ? (REQUEST_METRICS[row.metric]?.(result, stats) ?? null)
      : percentileMs(stats.fromDue, percentile);
  const measured = valueOr(value, "no latency was recorded");
  // 1 / (1 - p) samples are the least at which a percentile differs from the maximum.
  const enough = percentile === null ? 0 : 100 / (100 - percentile);
  return measured.kind === "value" && stats.count < enough
    ? { ...measured, detail: `of ${stats.count}, so this is the maximum` }
    : measured;
}

function measureRecovery(result: RunResult, row: TargetRow): Measurement {
  const recovery = recoveryOf(result);
  if (recovery.kind === "no-burst") return { kind: "none", reason: recovery.reason };
  if (recovery.kind === "not-recovered") {
    const reason = `not recovered within the ${recovery.withinSec} s after the burst`;
    const isLongEnough = recovery.withinSec >= row.bound * unitFactor(row);
    return isLongEnough
      ? { kind: "breach", reason }
      : { kind: "none", reason: `${reason}, too short to tell` };
  }
  return { kind: "value", value: recovery.seconds };
}

function measureLeaks(result: RunResult): Measurement {
  const growth = Object.entries(growthOf(result)).filter(([, entry]) => entry.verdict !== "too-short");
  if (growth.length === 0) return { kind: "none", reason: "too short to tell" };
  const growing = growth.filter(([, entry]) => entry.verdict === "grows");
  const named = growing.map(([name, entry]) => `${name} +${entry.slopePerHour.toPrecision(3)} per hour`);
  return { kind: "value", value: growing.length, ...(named.length > 0 ? { detail: named.join(", ") } : {}) };
}

function measureCheck(result: RunResult, name: string): Measurement {
  const isNamed = (check: string) =>
    name.endsWith("*") ? check.startsWith(name.slice(0, -1)) : check === name;
  const checks = result.checks.filter((check) => isNamed(check.name) && check.passes + check.fails > 0);
  if (checks.length === 0) return { kind: "none", reason: "this scenario does not check it" };
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const fails = checks.reduce((sum, check) => sum + check.fails, 0);
  return { kind: "value", value: fails, detail: `of ${passes + fails} checked` };
}

function measureErrors(result: RunResult, row: TargetRow): Measurement {
  if (selectRequests(result, row.endpoints) === null)
    return { kind: "none", reason: "not exercised by this run" };
  const subject = row.of ?? "";
  const matching = result.errors.filter(
    (error) =>
      (error.family === subject || (error.family === "http" && error.message.includes(subject))) &&
      (row.endpoints.length === 0 ||
        row.endpoints.some((name) => name === error.name || name === `${error.method} ${error.name}`)),
  );
  return { kind: "value", value: matching.reduce((sum, error) => sum + error.count, 0) };
}

function measureCustom(
  result: RunResult,
  name: string,
  reason = "not measured by this scenario",
): Measurement {
  const metric = result.metrics.find((entry) => entry.name === name);
  if (metric === undefined || metric.count === 0) return { kind: "none", reason };
  return { kind: "value", value: metric.kind === "rate" ? 100 * metric.value : metric.value };
}

/** Why no run of this plan could meet the row, or null. */
function unreachableReason(result: RunResult, row: TargetRow): string | null {
  if (row.level === "condition") return null;
  const needed = row.op === "<" || row.op === "<=" ? null : row.bound * unitFactor(row);
  if (needed === null) return null;
  if (row.metric === "users" || row.metric === "connections")
    return result.plan.users < needed ? `out of reach: this run had ${result.plan.users}` : null;
  if (row.metric !== "rate") return null;
  const bound = plannedRateBound(result);
  const stats = selectRequests(result, row.endpoints);
  if (bound === null || stats === null || result.total.count === 0) return null;
  const reachable = bound * (stats.count / result.total.count);
  // Random arrivals reach their mean only nearly; a rate planned for is within reach.
  return reachable * REACH_SLACK < needed
    ? `unreachable by this scenario: its plan allows at most ${reachable.toPrecision(3)}/s`
    : null;
}

/** Scenarios with other users beside the listeners count their connections themselves. */
function peakConnections(result: RunResult): number | null {
  const counted = result.metrics.find((metric) => metric.name === "ws_connections_peak");
  if (counted !== undefined) return counted.value;
  return result.requests.some(isWebSocket) ? peakUsers(result) : null;
}

function isWebSocket(stats: RequestStats): boolean {
  return stats.method.startsWith("WS");
}

function valueOr(value: number | null, reason: string): Measurement {
  return value === null || !Number.isFinite(value) ? { kind: "none", reason } : { kind: "value", value };
}
