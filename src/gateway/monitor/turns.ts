import type { MonotonicClock } from "#shared";
import type { MonitorTimers } from "./timers.ts";

/** Items handled before other work of the process gets its turn (performance measurements, WebSockets). */
const ITEMS_AT_ONCE = 500;

/** Calls `handle` for each item, some at a time, and `done` with the time that the calls took, ms. */
export function inTurns<Item>(
  items: readonly Item[],
  handle: (item: Item) => void,
  done: (busyMs: number) => void,
  { clock, timers }: { readonly clock: MonotonicClock; readonly timers: MonitorTimers },
): void {
  let next = 0;
  let busyMs = 0;
  const turn = (): void => {
    const startedMs = clock();
    for (const end = next + ITEMS_AT_ONCE; next < end && next < items.length; next += 1) handle(items[next]!);
    busyMs += clock() - startedMs;
    if (next < items.length) timers.soon(turn);
    else done(busyMs);
  };
  turn();
}
