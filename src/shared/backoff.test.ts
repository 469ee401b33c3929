import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

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
});
