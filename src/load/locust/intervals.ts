/** Repeated calls on a scheduler, so that tests can move the clock. */
import type { ScheduledCall, Scheduler } from "../scheduler.ts";

/** Calls `run` every so many ms from now on. @returns ends it */
export function every(scheduler: Scheduler, intervalMs: number, run: () => void): () => void {
  let isEnded = false;
  let call: ScheduledCall;
  const plan = (dueMs: number) => {
    call = scheduler.at(dueMs, () => {
      run();
      // After a pause the missed calls are left out.
      if (!isEnded) plan(Math.max(dueMs + intervalMs, scheduler.nowMs()));
    });
  };
  plan(scheduler.nowMs() + intervalMs);
  return () => {
    isEnded = true;
    call.cancel();
  };
}

/** Resolves after so many ms. */
export function after(scheduler: Scheduler, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.at(scheduler.nowMs() + delayMs, resolve);
  });
}
