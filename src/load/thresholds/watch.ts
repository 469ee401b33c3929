/** Judges thresholds while a run goes on, and at its end. */
import type { ThresholdResult } from "#contract";
import type { ThresholdSpec } from "../model/scenario-types.ts";
import type { RunStats } from "../stats/run-stats.ts";
import { readMetric } from "./metric-view.ts";
import { holds, parseThresholds, type Threshold } from "./parse.ts";

/** Thresholds of one run. */
export interface ThresholdWatch {
  /** Seconds of recent detail that the windows need. */
  readonly windowSec: number;
  /** Judges once; @returns the threshold that asks for the run to be stopped, as a sentence, or null */
  check(stats: RunStats, elapsedSec: number): string | null;
  /** The outcome at the end, in the order they were written. */
  results(stats: RunStats, elapsedSec: number): readonly ThresholdResult[];
}

/** Creates the watch. @throws RMP_LOAD_SCENARIO_INVALID */
export function createThresholdWatch(
  specs: Readonly<Record<string, readonly ThresholdSpec[]>>,
): ThresholdWatch {
  const thresholds = parseThresholds(specs);
  const aborted = new Set<Threshold>();
  const judge = (threshold: Threshold, stats: RunStats, elapsedSec: number) => {
    const value = readMetric(stats, { ...threshold, elapsedSec }, threshold.aggregation);
    // As in k6, a metric without samples keeps its threshold.
    return { value, isKept: value === null || holds(value, threshold.comparison, threshold.bound) };
  };
  return {
    windowSec: Math.max(0, ...thresholds.map((threshold) => threshold.windowSec ?? 0)),
    check: (stats, elapsedSec) => {
      for (const threshold of thresholds) {
        if (!threshold.abortOnFail || elapsedSec < threshold.delayAbortEvalSec) continue;
        const { value, isKept } = judge(threshold, stats, elapsedSec);
        if (isKept) continue;
        aborted.add(threshold);
        return `stopped early: threshold ${threshold.key} ${threshold.expression} does not hold (${value})`;
      }
      return null;
    },
    results: (stats, elapsedSec) =>
      thresholds.map((threshold) => {
        const { value, isKept } = judge(threshold, stats, elapsedSec);
        const wasAborted = aborted.has(threshold);
        return {
          metric: threshold.key,
          threshold: threshold.expression,
          windowSec: threshold.windowSec,
          // What ended the run stays failed, whatever the last answers did to the figure.
          holds: isKept && !wasAborted,
          value,
          aborted: wasAborted,
        };
      }),
  };
}
