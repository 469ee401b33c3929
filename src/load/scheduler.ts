/** Calls at planned moments, over one timer: what users wait on and executors plan with. */
import type { MonotonicClock } from "#shared";

/** A planned call. */
export interface ScheduledCall {
  /** Monotonic ms. */
  readonly dueMs: number;
  /** Does nothing once the call was made. */
  cancel(): void;
}

/** Makes calls when they are due. Tests hand in one whose clock they move. */
export interface Scheduler {
  nowMs(): number;
  /** Calls `run` at `dueMs` or as soon after as the event loop allows, never before. */
  at(dueMs: number, run: () => void): ScheduledCall;
}

interface Planned extends ScheduledCall {
  run: (() => void) | null;
  readonly order: number;
}

/** Starts the timer that a heap needs: calls `wake` after `delayMs`; returns what stops it. */
export type TimerStarter = (wake: () => void, delayMs: number) => () => void;

const nodeTimer: TimerStarter = (wake, delayMs) => {
  const timer = setTimeout(wake, delayMs);
  return () => clearTimeout(timer);
};

/** A scheduler over a binary heap and one timer: O(log n) a call, no timer object per user. */
export function createScheduler(nowMs: MonotonicClock, startTimer: TimerStarter = nodeTimer): Scheduler {
  const heap: Planned[] = [];
  let order = 0;
  let stopTimer: (() => void) | null = null;
  let timerDueMs = Number.POSITIVE_INFINITY;

  const arm = () => {
    const first = heap[0];
    if (first === undefined || first.dueMs >= timerDueMs) return;
    stopTimer?.();
    timerDueMs = first.dueMs;
    stopTimer = startTimer(wake, Math.max(0, Math.ceil(first.dueMs - nowMs())));
  };
  const wake = () => {
    timerDueMs = Number.POSITIVE_INFINITY;
    stopTimer = null;
    while (heap.length > 0 && heap[0]!.dueMs <= nowMs()) popFirst(heap).run?.();
    arm();
  };
  return {
    nowMs,
    at: (dueMs, run) => {
      const planned: Planned = {
        dueMs,
        run,
        order: order++,
        cancel: () => {
          planned.run = null;
          while (heap.length > 0 && heap[0]!.run === null) popFirst(heap);
          if (heap.length > 0 || stopTimer === null) return;
          // Nothing is left to wait for: an armed timer would keep the process from ending.
          stopTimer();
          stopTimer = null;
          timerDueMs = Number.POSITIVE_INFINITY;
        },
      };
      pushUp(heap, planned);
      arm();
      return planned;
    },
  };
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function pushUp(heap: Planned[], item: Planned): void {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(item, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = item;
}

function popFirst(heap: Planned[]): Planned {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
  return first;
}
