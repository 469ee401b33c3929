/** How the live monitor waits; tests hand in timers that they move themselves. */
export interface MonitorTimers {
  /** Calls `run` every `intervalMs`; the answer ends it. */
  every(intervalMs: number, run: () => void): () => void;
  /** Calls `run` once after `delayMs`. */
  after(delayMs: number, run: () => void): void;
  /** Calls `run` after the events that are waiting now. */
  soon(run: () => void): void;
}

/** Node's timers; none keeps the process alive. */
export const nodeTimers: MonitorTimers = {
  every(intervalMs, run) {
    const timer = setInterval(run, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
  after(delayMs, run) {
    setTimeout(run, delayMs).unref();
  },
  soon(run) {
    setImmediate(run);
  },
};
