import { describe, expect, it } from "vitest";
import { backoffMs, forbidsRetry, retryAfterMs } from "./backoff.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("the wait before a retry", () => {
  it("doubles up to its bound, less a random part of up to a half", () => {
    for (const [retry, fullMs] of [
      [0, 50],
      [1, 100],
      [5, 1_000],
    ] as const) {
      expect(backoffMs(retry, 50, 1_000, () => 0)).toBe(fullMs / 2);
      expect(backoffMs(retry, 50, 1_000, () => 0.999_999)).toBeCloseTo(fullMs, 0);
    }
  });

  it.each([
    [["retry-after", "2"], 2_000],
    [["retry-after", "0.5"], 500],
    [["retry-after", "2", "retry-after-ms", "150"], 150],
    [["retry-after", new Date(NOW + 3_000).toUTCString()], 3_000],
    [["retry-after", new Date(NOW - 3_000).toUTCString()], 0],
    [["retry-after", "-1"], null],
    [["retry-after", "soon"], null],
    [["retry-after", ""], null],
    [["content-type", "2"], null],
  ] as const)("that an answer asks for is read (%#)", (headers, expected) => {
    expect(retryAfterMs(headers, () => NOW)).toBe(expected);
  });

  it("is of no use when the provider says so", () => {
    expect(forbidsRetry(["x-should-retry", "false"])).toBe(true);
    expect(forbidsRetry(["x-should-retry", "true"])).toBe(false);
    expect(forbidsRetry([])).toBe(false);
  });
});
