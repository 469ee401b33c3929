/** Made-up memory series for the leak test: what a healthy and what a leaking process look like. */
import type { Random } from "#shared";

const SECONDS = 600;
const MEGA = 1e6;

/** A process that does not leak: level, noise, saw-tooth, warm-up and now and then a step. */
export function steadySeries(random: Random): [number, number][] {
  return seriesOf(random, 0);
}

/** The same with `perMinute` bytes kept for ever. */
export function leakingSeries(random: Random, perMinute: number): [number, number][] {
  return seriesOf(random, perMinute / 60);
}

function seriesOf(random: Random, leakPerSec: number): [number, number][] {
  const level = (80 + 200 * random()) * MEGA;
  const noise = 0.5 * MEGA * random();
  const tooth = 20 * MEGA * random();
  const period = 5 + 40 * random();
  const warmUp = 30 * MEGA * random();
  const warmUpSec = 20 + 60 * random();
  const stepAtSec = random() < 0.5 ? SECONDS * (0.2 + 0.7 * random()) : Number.POSITIVE_INFINITY;
  const step = 10 * MEGA * (2 * random() - 1);
  return Array.from({ length: SECONDS }, (_, tSec) => {
    const phase = (tSec % period) / period;
    const value =
      level +
      warmUp * (1 - Math.exp(-tSec / warmUpSec)) +
      tooth * phase +
      noise * (random() + random() - 1) +
      (tSec > stepAtSec ? step : 0) +
      leakPerSec * tSec;
    return [tSec, value];
  });
}
