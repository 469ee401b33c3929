import type { RunResult, SeriesPoint } from "#contract";
import { firstNormalSecond, normalLimits } from "./normal.ts";

/** A load counts as a burst when the users between bursts are at most this share of the peak. */
const QUIET_SHARE = 0.5;
/** Shortest quiet stretch before the first burst and after the last one, s: ramps and the end of a run are shorter. */
const QUIET_SECONDS = 3;

/** A stretch of a run, seconds since its start; `toSec` is exclusive. */
export interface Phase {
  readonly kind: "normal" | "burst" | "recovery";
  readonly fromSec: number;
  readonly toSec: number;
}

/** How a run came back after its bursts. */
export type Recovery =
  | { readonly kind: "no-burst"; readonly reason: string }
  | { readonly kind: "recovered"; readonly seconds: number; readonly bursts: number }
  | { readonly kind: "not-recovered"; readonly withinSec: number };

/**
 * Cuts a run into normal load, bursts and the recovery after each, read off its users per second. A run without a
 * burst is one normal phase.
 */
export function phasesOf(result: RunResult): Phase[] {
  const { series } = result;
  const peak = series.reduce((most, point) => Math.max(most, point.users), 0);
  const isBurst = (point: SeriesPoint) => point.users > peak * QUIET_SHARE;
  const quiet = series.filter((point) => !isBurst(point));
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return [];
  const quietBefore = series.findIndex(isBurst);
  const quietAfter = series.length - 1 - series.findLastIndex(isBurst);
  const hasQuiet = quietBefore >= QUIET_SECONDS && quietAfter >= QUIET_SECONDS;
  if (peak === 0 || quiet.length === 0 || !hasQuiet)
    return [{ kind: "normal", fromSec: first.tSec, toSec: last.tSec + 1 }];
  const limits = normalLimits(series.slice(0, quietBefore));
  const phases: Phase[] = [];
  let index = 0;
  while (index < series.length) {
    const from = index;
    const inBurst = isBurst(series[index] ?? last);
    while (index < series.length && isBurst(series[index] ?? last) === inBurst) index += 1;
    const range = series.slice(from, index);
    if (inBurst) phases.push(phase("burst", range));
    else if (from === 0 || limits === null) phases.push(phase("normal", range));
    else {
      const back = firstNormalSecond(range, limits) ?? range.length;
      if (back > 0) phases.push(phase("recovery", range.slice(0, back)));
      if (back < range.length) phases.push(phase("normal", range.slice(back)));
    }
  }
  return phases;
}

/** The longest time that any burst of the run needed until latency and failures were normal again. */
export function recoveryOf(result: RunResult): Recovery {
  const phases = phasesOf(result);
  const bursts = phases.filter((entry) => entry.kind === "burst");
  if (bursts.length === 0) return { kind: "no-burst", reason: "the run had no burst" };
  const firstBurstSec = bursts[0]?.fromSec ?? 0;
  const limits = normalLimits(result.series.filter((point) => point.tSec < firstBurstSec));
  if (limits === null)
    return { kind: "no-burst", reason: "no requests before the first burst to compare with" };
  let longest = 0;
  for (const burst of bursts) {
    const nextSec =
      bursts.find((entry) => entry.fromSec > burst.fromSec)?.fromSec ?? Number.POSITIVE_INFINITY;
    const after = result.series.filter((point) => point.tSec >= burst.toSec && point.tSec < nextSec);
    const back = firstNormalSecond(after, limits);
    if (back === null) return { kind: "not-recovered", withinSec: after.length };
    longest = Math.max(longest, back);
  }
  return { kind: "recovered", seconds: longest, bursts: bursts.length };
}

function phase(kind: Phase["kind"], points: readonly SeriesPoint[]): Phase {
  return { kind, fromSec: points[0]?.tSec ?? 0, toSec: (points.at(-1)?.tSec ?? 0) + 1 };
}
