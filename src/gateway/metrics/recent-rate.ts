import type { MonotonicClock } from "#shared";

const SAMPLE_INTERVAL_MS = 1_000;
/** Samples that the rate looks back on: ten seconds. */
const SAMPLES = 11;

/** How fast a counter has grown over the last seconds. */
export interface RecentRate {
  /** Per second, over at most the last ten seconds. */
  perSec(): number;
  stop(): void;
}

/** Reads the counter once a second; the timer keeps no process alive. */
export function createRecentRate(clock: MonotonicClock, counter: () => number): RecentRate {
  const samples: { readonly atMs: number; readonly count: number }[] = [{ atMs: clock(), count: counter() }];
  const timer = setInterval(() => {
    samples.push({ atMs: clock(), count: counter() });
    if (samples.length > SAMPLES) samples.shift();
  }, SAMPLE_INTERVAL_MS);
  timer.unref();
  return {
    perSec() {
      const oldest = samples[0]!; // there is always one
      const elapsedSec = (clock() - oldest.atMs) / 1000;
      return elapsedSec <= 0 ? 0 : (counter() - oldest.count) / elapsedSec;
    },
    stop: () => clearInterval(timer),
  };
}
