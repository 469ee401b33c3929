import type { Random } from "./system.ts";

/**
 * Wait before a retry, ms: doubled with every one, less a random part of up to a half, so that clients which failed together
 * do not come back together. Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (equal jitter).
 * @param retry number of the retry, from 0
 */
export function backoffMs(retry: number, baseMs: number, maxMs: number, random: Random): number {
  const fullMs = Math.min(maxMs, baseMs * 2 ** retry);
  return fullMs / 2 + (fullMs / 2) * random();
}
