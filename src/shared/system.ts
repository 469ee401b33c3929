/**
 * The one impure file below `src/cli/`: clock, randomness, environment. Everything else gets these handed in, so that
 * tests can move the clock and seed the dice.
 */
import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";

/** Wall-clock time in milliseconds since the Unix epoch. */
export type EpochClock = () => number;

/** Monotonic time in milliseconds with sub-millisecond digits; only differences mean anything. */
export type MonotonicClock = () => number;

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Milliseconds since the Unix epoch (`Date.now`). */
export const epochMs: EpochClock = () => Date.now();

/** Monotonic milliseconds (`performance.now`), about 55 ns a call. */
export const monotonicMs: MonotonicClock = () => performance.now();

/** Unseeded random numbers in [0, 1); use {@link createRandom} where a run must be repeatable. */
export const systemRandom: Random = () => Math.random();

/** The process environment, read only. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** `bytes` random bytes from the operating system, as lower-case hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/**
 * A seeded generator of numbers in [0, 1): mulberry32 (32-bit state, period 2^32), public domain by Tommy Ettinger.
 * @param seed any integer; only its low 32 bits count
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
