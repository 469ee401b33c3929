/** A scheduler whose clock the test moves. */
import { createScheduler, type Scheduler } from "./scheduler.ts";

/** A simulated clock and the scheduler that runs on it. */
export interface Simulation {
  readonly scheduler: Scheduler;
  /** Moves the clock to `ms`, making every call that is due on the way at its time and letting promises settle. */
  advanceTo(ms: number): Promise<void>;
}

/** Creates a simulation that starts at 0 ms. */
export function simulate(): Simulation {
  let nowMs = 0;
  let armed: { wake: () => void; atMs: number } | null = null;
  const scheduler = createScheduler(
    () => nowMs,
    (wake, delayMs) => {
      const timer = { wake, atMs: nowMs + delayMs };
      armed = timer;
      return () => {
        if (armed === timer) armed = null;
      };
    },
  );
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    scheduler,
    advanceTo: async (ms) => {
      await settle();
      // The closure above assigns `armed`, which the compiler cannot see here.
      for (
        let timer = armed as { wake: () => void; atMs: number } | null;
        timer !== null && timer.atMs <= ms;
      ) {
        armed = null;
        nowMs = Math.max(nowMs, timer.atMs);
        timer.wake();
        await settle();
        timer = armed as { wake: () => void; atMs: number } | null;
      }
      nowMs = ms;
    },
  };
}
