/** `rampart capacity`: runs a scenario level by level until the highest load that meets its targets is known. */
import { setTimeout } from "node:timers/promises";
import type { ReportChart, RunResult, RunVerdict } from "#contract";
import { type ExecutorConfig, type RunOverrides, runScenario } from "#load";
import { startObserver } from "../observer/observer.ts";
import { meanMs, percentileMs } from "../results/histogram.ts";
import { durationSec } from "../results/select.ts";
import type { TargetTable } from "../targets/types.ts";
import { judge } from "../verdict/judge.ts";
import { type LevelOutcome, type SearchResult, searchCapacity } from "./search.ts";

/** Share of the asked arrival rate that must be served for a level to hold. */
const SERVED_SHARE = 0.95;
/** Share of the capacity that is held at the end, and the scenario name under which that run is judged. */
const HOLD_SHARE = 0.8;
const HOLD_SCENARIO = "capacity-hold";
/** Pause after a level that was too much, seconds. */
const SETTLE_SEC = 3;
/** Levels that would need more generator connections than this at once are not tried. */
const MAX_IN_FLIGHT = 10_000;

/** Limits that a level must keep. */
export interface CapacityLimits {
  readonly p95Ms: number;
  readonly errorPercent: number;
}

/** Options of {@link runCapacity}. */
export interface CapacityOptions {
  /** Path of the scenario whose tasks make the load. */
  readonly scenario: string;
  readonly overrides: RunOverrides;
  /** What is varied: arrivals per second (open model) or users (closed model). */
  readonly vary: "rate" | "users";
  readonly limits: CapacityLimits;
  readonly startLevel: number;
  readonly maxLevel: number;
  /** Seconds per level; the first fifth of them is not judged apart, so keep it well above the ramp. */
  readonly levelSec: number;
  /** Seconds for which 80 % of the capacity is held at the end; 0 = not. */
  readonly holdSec: number;
  readonly precision?: number;
  /** Pause after a level that did not hold, seconds. Default 3. */
  readonly settleSec?: number;
  /** Tables that judge the hold, by the scenario name `capacity-hold`. */
  readonly tables: readonly TargetTable[];
  readonly onLevel?: (level: MeasuredLevel) => void;
}

/** One measured level. */
export interface MeasuredLevel extends LevelOutcome {
  readonly level: number;
  readonly servedPerSec: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly errorPercent: number;
}

/** What `rampart capacity` reports. */
export interface CapacityReport extends SearchResult<MeasuredLevel> {
  readonly vary: CapacityOptions["vary"];
  readonly limits: CapacityLimits;
  /** The run at 80 % of the capacity and its judgement; null without one. */
  readonly hold: { readonly result: RunResult; readonly verdict: RunVerdict } | null;
  /** Latency over the served rate: the knee. */
  readonly chart: ReportChart;
}

/** Searches for the capacity, then holds 80 % of it. @throws RMP_LOAD_SCENARIO_NOT_FOUND, RMP_LOAD_SCENARIO_INVALID */
export async function runCapacity(options: CapacityOptions): Promise<CapacityReport> {
  const found = await searchCapacity<MeasuredLevel>({
    startLevel: options.startLevel,
    maxLevel: options.maxLevel,
    isWhole: options.vary === "users",
    ...(options.precision === undefined ? {} : { precision: options.precision }),
    measure: async (level) => {
      const result = await runLevel(options, level, options.levelSec);
      const measured = judgeLevel(result, level, options);
      options.onLevel?.(measured);
      // What a level too high left in queues must not be charged to the next.
      if (measured.verdict !== "holds") await setTimeout((options.settleSec ?? SETTLE_SEC) * 1000);
      return measured;
    },
  });
  const hold =
    found.capacity === null || options.holdSec <= 0
      ? null
      : await holdLevel(options, found.capacity * HOLD_SHARE);
  return { ...found, vary: options.vary, limits: options.limits, hold, chart: kneeChart(found, options) };
}

async function runLevel(options: CapacityOptions, level: number, seconds: number): Promise<RunResult> {
  const executor: ExecutorConfig =
    options.vary === "rate"
      ? {
          kind: "constant-arrival-rate",
          ratePerSec: level,
          durationSec: seconds,
          maxUsers: MAX_IN_FLIGHT,
        }
      : { kind: "constant-users", users: Math.round(level), durationSec: seconds };
  return runScenario({
    scenario: options.scenario,
    overrides: { ...options.overrides, executors: [executor], runTimeSec: seconds },
  });
}

function judgeLevel(result: RunResult, level: number, options: CapacityOptions): MeasuredLevel {
  const { total } = result;
  const { limits } = options;
  const servedPerSec = (total.count - total.failures) / durationSec(result);
  const errorPercent = total.count === 0 ? 100 : (100 * total.failures) / total.count;
  const p95Ms = percentileMs(total.fromDue, 95);
  const figures = {
    level,
    servedPerSec,
    meanMs: meanMs(total.fromDue),
    p50Ms: percentileMs(total.fromDue, 50),
    p95Ms,
    p99Ms: percentileMs(total.fromDue, 99),
    errorPercent,
  };
  const reasons: string[] = [];
  if (p95Ms === null || p95Ms >= limits.p95Ms)
    reasons.push(`P95 ${p95Ms?.toFixed(1) ?? "-"} ms, wanted < ${limits.p95Ms} ms`);
  if (errorPercent >= limits.errorPercent)
    reasons.push(`errors ${errorPercent.toFixed(2)} %, wanted < ${limits.errorPercent} %`);
  const asked = level * result.plan.requestsPerTask;
  if (options.vary === "rate" && servedPerSec < SERVED_SHARE * asked)
    reasons.push(`served ${servedPerSec.toFixed(1)}/s of ${asked.toFixed(1)}/s asked`);
  if (reasons.length === 0) return { ...figures, verdict: "holds", reason: "" };
  // A generator that could not keep up explains bad figures; good ones stand in spite of it.
  if (result.health.verdict === "invalid")
    return { ...figures, verdict: "unknown", reason: `generator: ${result.health.reasons.join("; ")}` };
  return { ...figures, verdict: "fails", reason: reasons.join("; ") };
}

async function holdLevel(
  options: CapacityOptions,
  level: number,
): Promise<{ readonly result: RunResult; readonly verdict: RunVerdict }> {
  const { host } = options.overrides;
  const observer = host === undefined ? null : startObserver({ targetUrl: host });
  try {
    const plain = await runLevel(options, level, options.holdSec);
    const result = observer === null ? plain : await observer.finish(plain);
    return { result, verdict: judge(result, options.tables, { scenario: HOLD_SCENARIO }) };
  } finally {
    observer?.stop();
  }
}

function kneeChart(found: SearchResult<MeasuredLevel>, options: CapacityOptions): ReportChart {
  const points = found.steps.map((step) => step.outcome).sort((a, b) => a.level - b.level);
  const series = (
    label: string,
    role: "p50" | "p95" | "p99",
    pick: (point: MeasuredLevel) => number | null,
  ) => ({
    label,
    role,
    axis: "left" as const,
    values: points.map(pick),
  });
  return {
    id: "knee",
    title: "Latency over load",
    caption: "Each point is one level of the search; the knee is where latency leaves the flat part.",
    kind: "line",
    xUnit: options.vary === "rate" ? "req/s" : "users",
    unit: "ms",
    rightUnit: "served/s",
    x: points.map((point) => point.level),
    series: [
      series("Median", "p50", (point) => point.p50Ms),
      series("P95", "p95", (point) => point.p95Ms),
      series("P99", "p99", (point) => point.p99Ms),
      { label: "Served", role: "rate", axis: "right", values: points.map((point) => point.servedPerSec) },
    ],
    bands: [],
    bounds: [{ label: `P95 < ${options.limits.p95Ms} ms`, value: options.limits.p95Ms }],
  };
}
