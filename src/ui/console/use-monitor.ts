import { useEffect, useRef, useState } from "preact/hooks";
import type { DetectionResultEvent, MonitorEvent } from "#contract";

/** Events a browser keeps. */
const MAX_EVENTS = 200;
/** How often the page is drawn anew, ms. */
const DRAW_MS = 250;
/** The rate is the mean of this long, ms. */
const RATE_WINDOW_MS = 5_000;
/** Pause before the connection is tried again, ms. */
const RETRY_MS = 2_000;

/** What the live monitor has told. */
export interface MonitorView {
  readonly state: "connecting" | "live" | "lost";
  /** Newest first. */
  readonly events: readonly DetectionResultEvent[];
  readonly perSec: number;
  /** Since the page was opened. */
  readonly total: number;
  readonly flagged: number;
  readonly skipped: number;
  /** Why the gateway refused something; null when it did not. */
  readonly error: string | null;
}

const NOTHING: MonitorView = {
  state: "connecting",
  events: [],
  perSec: 0,
  total: 0,
  flagged: 0,
  skipped: 0,
  error: null,
};

/**
 * Follows the gateway's live monitor.
 * @param flaggedOnly asks the gateway for flagged events alone
 * @param isPaused keeps the view as it is; what happens meanwhile is shown afterwards
 */
export function useMonitor(flaggedOnly: boolean, isPaused: boolean): MonitorView {
  const [view, setView] = useState(NOTHING);
  const latest = useRef<MonitorView>(NOTHING);
  const arrivals = useRef<{ readonly atMs: number; readonly count: number }[]>([]);

  useEffect(() => {
    let socket: WebSocket | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const change = (part: Partial<MonitorView>): void => {
      latest.current = { ...latest.current, ...part };
    };
    const hear = (event: MonitorEvent): void => {
      if (event.type === "error") change({ error: event.message });
      if (event.type !== "detection_result" && event.skipped === undefined) return;
      const { events, total, flagged, skipped } = latest.current;
      const isResult = event.type === "detection_result";
      const missed = event.skipped ?? 0;
      arrivals.current.push({ atMs: performance.now(), count: missed + (isResult ? 1 : 0) });
      change({
        events: isResult ? [event, ...events].slice(0, MAX_EVENTS) : events,
        total: total + missed + (isResult ? 1 : 0),
        flagged: flagged + (isResult && event.flagged ? 1 : 0),
        skipped: skipped + missed,
      });
    };
    const open = (): void => {
      change({ state: "connecting" });
      socket = new WebSocket(new URL("ws/monitor", location.href.replace(/^http/, "ws")));
      socket.onopen = () => {
        change({ state: "live", error: null });
        socket?.send(
          JSON.stringify({ type: "subscribe", filter: flaggedOnly ? { flagged_only: true } : {} }),
        );
      };
      socket.onmessage = ({ data }: MessageEvent<string>) => hear(JSON.parse(data));
      socket.onclose = () => {
        change({ state: "lost" });
        retry = setTimeout(open, RETRY_MS);
      };
    };
    open();
    return () => {
      clearTimeout(retry);
      if (socket === null) return;
      socket.onclose = null;
      socket.close();
    };
  }, [flaggedOnly]);

  useEffect(() => {
    if (isPaused) return;
    const draw = (): void => {
      const sinceMs = performance.now() - RATE_WINDOW_MS;
      arrivals.current = arrivals.current.filter(({ atMs }) => atMs >= sinceMs);
      const count = arrivals.current.reduce((sum, arrival) => sum + arrival.count, 0);
      latest.current = { ...latest.current, perSec: count / (RATE_WINDOW_MS / 1000) };
      setView(latest.current);
    };
    draw();
    const timer = setInterval(draw, DRAW_MS);
    return () => clearInterval(timer);
  }, [isPaused]);

  return view;
}
