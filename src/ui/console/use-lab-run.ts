import { useEffect, useState } from "preact/hooks";
import type { LabEnd, LabLog, LabRun, LabTick, SeriesPoint } from "#contract";

/** Points of the series a browser keeps; beyond, every second one is dropped. */
const MAX_POINTS = 2400;

/** Log lines a browser keeps. */
const MAX_LINES = 300;

/** What the lab is doing, followed live. */
export interface LabView {
  readonly run: LabRun | null;
  readonly end: LabEnd | null;
  readonly log: readonly string[];
  /** False while the connection to the lab is broken; the browser tries again by itself. */
  readonly isConnected: boolean;
}

/** Follows the lab's run over its event stream. */
export function useLabRun(): LabView {
  const [view, setView] = useState<LabView>({ run: null, end: null, log: [], isConnected: false });
  useEffect(() => {
    const events = new EventSource("api/run/events");
    const on = <T>(name: string, apply: (view: LabView, data: T) => LabView): void =>
      events.addEventListener(name, (event: MessageEvent<string>) =>
        setView((before) => apply(before, JSON.parse(event.data))),
      );
    on<LabRun>("state", (before, run) => ({ ...before, run, isConnected: true }));
    on<LabTick>("tick", (before, tick) => ({ ...before, run: withTick(before.run, tick), end: null }));
    on<LabEnd>("end", (before, end) => ({ ...before, run: withEnd(before.run, end), end }));
    on<LabLog>("log", (before, { line }) => ({ ...before, log: [...before.log, line].slice(-MAX_LINES) }));
    events.onerror = () => setView((before) => ({ ...before, isConnected: false }));
    return () => events.close();
  }, []);
  return view;
}

function withTick(run: LabRun | null, tick: LabTick): LabRun | null {
  if (run === null) return run;
  const isNewRun = (tick.series[0]?.tSec ?? 0) < (run.series.at(-1)?.tSec ?? -1);
  return {
    ...run,
    state: tick.state,
    live: tick.live,
    series: join(isNewRun ? [] : run.series, tick.series),
  };
}

function withEnd(run: LabRun | null, end: LabEnd): LabRun | null {
  return run === null
    ? run
    : { ...run, state: "stopped", lastRunId: end.runId, lastOutcome: end.outcome, error: end.error };
}

function join(before: readonly SeriesPoint[], more: readonly SeriesPoint[]): readonly SeriesPoint[] {
  const all = [...before, ...more];
  return all.length > MAX_POINTS ? all.filter((_, index) => index % 2 === 0) : all;
}
