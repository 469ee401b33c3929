import { describe, expect, it } from "vitest";
import { forbidsRetry, retryAfterMs } from "./retry-advice.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("what an answer says about a retry", () => {
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
  ] as const)("the wait that it asks for is read (%#)", (headers, expected) => {
    expect(retryAfterMs(headers, () => NOW)).toBe(expected);
  });

  it("is of no use when the provider says so", () => {
    expect(forbidsRetry(["x-should-retry", "false"])).toBe(true);
    expect(forbidsRetry(["x-should-retry", "true"])).toBe(false);
    expect(forbidsRetry([])).toBe(false);
  });
});
