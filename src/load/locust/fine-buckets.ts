/**
 * Bucket keys for Locust's `response_times` that are fine enough for its percentiles to be exact. Locust itself rounds to
 * two digits (1049 ms becomes 1000), but takes any key a worker sends.
 */

/** Below this, ms, keys are {@link FLOOR_STEP_MS} apart; above it the steps follow the 1-2-5 series of each decade. */
const FLOOR_MS = 10;
const FLOOR_STEP_MS = 0.01;

/**
 * The key of a latency, ms: rounded to a step that is at most 0.1 % of it (so it is off by 0.05 % at most; below 10 ms by
 * 5 µs at most). The steps of a decade from 10^n are 10^(n-3), 2 x 10^(n-3) from 2 x 10^n and 5 x 10^(n-3) from
 * 5 x 10^n: 3,500 keys a decade, so 10 ms to 100 s has at most 14,000 and what lies below 1,000.
 */
export function fineBucketMs(latencyMs: number): number {
  if (!(latencyMs > 0)) return 0;
  if (latencyMs < FLOOR_MS) return roundTo(latencyMs, FLOOR_STEP_MS);
  const decade = 10 ** Math.floor(Math.log10(latencyMs));
  const lead = latencyMs / decade;
  const factor = lead < 2 ? 1 : lead < 5 ? 2 : 5;
  return roundTo(latencyMs, (factor * decade) / 1000);
}

/** Nearest multiple of a step, without the noise of binary fractions behind the third decimal. */
function roundTo(value: number, step: number): number {
  return Math.round(Math.round(value / step) * step * 1000) / 1000;
}
