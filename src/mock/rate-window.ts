import type { MonotonicClock } from "#shared";
import type { Provider } from "./reply.ts";

const WINDOW_MS = 60_000;

/** State of the window after one more request. */
export interface RateState {
  readonly isOver: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends, ms. */
  readonly resetMs: number;
}

/** Counts requests in fixed windows of 60 s, the first beginning with the first request. */
export function createRateWindow(clock: MonotonicClock): (limit: number) => RateState {
  let startMs = Number.NEGATIVE_INFINITY;
  let taken = 0;
  return (limit) => {
    const nowMs = clock();
    if (nowMs - startMs >= WINDOW_MS) {
      startMs = nowMs;
      taken = 0;
    }
    const isOver = taken >= limit;
    if (!isOver) taken += 1;
    return { isOver, limit, remaining: limit - taken, resetMs: startMs + WINDOW_MS - nowMs };
  };
}

/**
 * The provider's rate-limit headers, names and values in turn: `x-ratelimit-*-requests` with spans like `59.4s` (OpenAI
 * API reference, "Rate limits"), `anthropic-ratelimit-requests-*` with RFC 3339 times (Anthropic API reference, same).
 */
export function rateHeaders(provider: Provider, state: RateState, nowEpochMs: number): readonly string[] {
  const limit = String(state.limit);
  const remaining = String(state.remaining);
  return provider === "openai"
    ? [
        "x-ratelimit-limit-requests",
        limit,
        "x-ratelimit-remaining-requests",
        remaining,
        "x-ratelimit-reset-requests",
        `${(state.resetMs / 1000).toFixed(1)}s`,
      ]
    : [
        "anthropic-ratelimit-requests-limit",
        limit,
        "anthropic-ratelimit-requests-remaining",
        remaining,
        "anthropic-ratelimit-requests-reset",
        new Date(nowEpochMs + state.resetMs).toISOString(),
      ];
}
