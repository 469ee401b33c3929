/** From flags of `rampart load` to the executors and thresholds of a run. */
import type { ExecutorConfig, RunOverrides, Stage, ThresholdSpec } from "#load";
import { parseTimeSpanSec, RampartError } from "#shared";

/** The flags that shape the load. */
export interface PlanFlags {
  readonly users?: number;
  readonly runTime?: number;
  readonly arrivalRate?: number;
  readonly stages?: string;
}

/** Metric of a threshold that names none. */
const DEFAULT_METRIC = "http_req_duration";

/**
 * Executors asked for by `--arrival-rate` and `--stages`; undefined when neither is given.
 * @throws RMP_CLI_USAGE naming the flag
 */
export function executorsOf(flags: PlanFlags): readonly ExecutorConfig[] | undefined {
  const { arrivalRate, users, runTime } = flags;
  const stages = flags.stages === undefined ? undefined : parseStages(flags.stages);
  const bound = users === undefined ? {} : { maxUsers: users };
  if (arrivalRate !== undefined && stages !== undefined)
    return [{ kind: "ramping-arrival-rate", startRatePerSec: arrivalRate, stages, ...bound }];
  if (stages !== undefined) return [{ kind: "ramping-users", stages }];
  if (arrivalRate === undefined) return undefined;
  if (runTime === undefined)
    throw new RampartError("RMP_CLI_USAGE", "--arrival-rate needs --run-time", { field: "run-time" });
  return [{ kind: "constant-arrival-rate", ratePerSec: arrivalRate, durationSec: runTime, ...bound }];
}

/**
 * Thresholds of the flags by metric: `p(95)<200` is about `http_req_duration`, `metric: expression` about another one.
 * Expressions are checked by the engine.
 */
export function thresholdsOf(expressions: readonly string[]): RunOverrides["thresholds"] | undefined {
  if (expressions.length === 0) return undefined;
  const thresholds: Record<string, ThresholdSpec[]> = {};
  for (const text of expressions) {
    const named = /^\s*([A-Za-z_][\w{}:,/ .*-]*?)\s*:\s*([a-z(].*)$/.exec(text);
    const [metric, expression] =
      named === null ? [DEFAULT_METRIC, text.trim()] : [named[1] ?? "", named[2] ?? ""];
    (thresholds[metric] ??= []).push(expression);
  }
  return thresholds;
}

function parseStages(text: string): Stage[] {
  return text.split(",").map((part) => {
    const [span = "", target = ""] = part.split(":");
    if (!/^\d+(?:\.\d+)?$/.test(target.trim()))
      throw new RampartError("RMP_CLI_USAGE", "--stages: expected span:target pairs such as 30s:10,1m:50", {
        field: "stages",
      });
    return { durationSec: parseTimeSpanSec(span, "--stages"), target: Number(target) };
  });
}
