import { describe, expect, it } from "vitest";
import { EventBudget } from "./event-budget.ts";

describe("EventBudget", () => {
  it("admits its number of each kind in a second and begins anew after it", () => {
    const budget = new EventBudget(2);
    const plain = (atMs: number) => budget.take(false, atMs);
    expect([plain(0), plain(1), plain(2)]).toEqual([true, true, false]);
    expect([budget.take(true, 3), budget.take(true, 4), budget.take(true, 5)]).toEqual([true, true, false]);
    expect([plain(999), plain(1_000), plain(1_001), plain(1_002)]).toEqual([false, true, true, false]);
  });
});
