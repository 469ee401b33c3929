import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../types.ts";
import { overlaps, resolveOverlaps } from "./resolve.ts";

const finding = (type: string, start: number, end: number, score: number): Finding => ({
  type,
  start,
  end,
  score,
  source: "test",
  evidence: [],
});
const kept = (...findings: Finding[]) => resolveOverlaps(findings).map((entry) => entry.type);

describe("resolveOverlaps", () => {
  it("keeps the higher score, then the longer, the earlier, the first by name", () => {
    expect(kept(finding("A", 0, 5, 0.6), finding("B", 3, 9, 0.9))).toEqual(["B"]);
    expect(kept(finding("A", 0, 5, 0.9), finding("B", 0, 9, 0.91))).toEqual(["B"]);
    expect(kept(finding("A", 0, 5, 0.9), finding("B", 4, 9, 0.9))).toEqual(["A"]);
    expect(kept(finding("B", 0, 5, 0.9), finding("A", 0, 5, 0.9))).toEqual(["A"]);
  });

  it("lets a third finding stand where the one that covered it lost", () => {
    expect(kept(finding("A", 0, 4, 0.9), finding("B", 3, 8, 0.8), finding("C", 6, 9, 0.7))).toEqual([
      "A",
      "C",
    ]);
  });

  it("leaves no overlap, keeps the order, and every loser overlaps a winner", () => {
    const spans = fc.array(
      fc
        .tuple(
          fc.nat(60),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 0, max: 20 }),
          fc.constantFrom("A", "B"),
        )
        .map(([start, length, score, type]) => finding(type, start, start + length, score / 20)),
    );
    fc.assert(
      fc.property(spans, (input) => {
        const winners = resolveOverlaps(input);
        winners.forEach((winner, index) => {
          if (index > 0) expect(winner.start).toBeGreaterThanOrEqual(winners[index - 1]!.end);
        });
        for (const loser of input.filter((entry) => !winners.includes(entry))) {
          expect(winners.some((winner) => overlaps(winner, loser) && winner.score >= loser.score)).toBe(true);
        }
      }),
    );
  });
});
