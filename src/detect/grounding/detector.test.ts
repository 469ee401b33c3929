import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGroundingDetector } from "./detector.ts";

const detector = createGroundingDetector();

describe("grounding without a fitted model", () => {
  it("gives a true claim about the capital of France a low risk", () => {
    const result = detector.assess({
      answer: "Paris is the capital of France.",
      context: "The capital of France is Paris.",
    });
    expect(result.hallucinationRisk).toBeLessThan(0.3);
    expect(result.isHallucination).toBe(false);
    expect(result.segments).toEqual([]);
  });

  it("names the claim whose number the reference contradicts", () => {
    const answer = "The tower stands in Paris. It was finished in 1925.";
    const result = detector.assess({
      answer,
      context: "The tower stands in Paris. It was finished in 1889.",
    });
    expect(result.segments).toHaveLength(1);
    const [segment] = result.segments;
    expect(answer.slice(segment!.start, segment!.end)).toBe("It was finished in 1925.");
    expect(segment!.reasons).toContain("number_conflict");
  });

  it("says that nothing was assessed without a reference", () => {
    const result = detector.assess({ answer: "Paris is the capital of France.", context: "" });
    expect(result.assessed).toBe(false);
    expect(result.isHallucination).toBe(false);
    expect(result.needsReview).toBe(true);
  });

  it("keeps risks, intervals and offsets in their bounds for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.string({ maxLength: 200 }),
        (answer, context) => {
          const result = detector.assess({ answer, context });
          const [low, high] = result.confidenceInterval;
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(result.hallucinationRisk);
          expect(high).toBeGreaterThanOrEqual(result.hallucinationRisk);
          expect(high).toBeLessThanOrEqual(1);
          let last = 0;
          for (const claim of result.claims) {
            expect(claim.start).toBeGreaterThanOrEqual(last);
            expect(claim.end).toBeGreaterThan(claim.start);
            expect(claim.end).toBeLessThanOrEqual(answer.length);
            last = claim.end;
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
