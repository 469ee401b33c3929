import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBiasDetector } from "./detector.ts";
import { groupMetrics } from "./fairness.ts";
import { GROUP_TERMS, SLURS } from "./lexicon.data.ts";
import { BIAS_KINDS } from "./types.ts";

const detector = createBiasDetector();

describe("bias indicators", () => {
  it("finds the gender stereotype in the description of a nurse", () => {
    const result = detector.audit({ text: "The nurse was very caring and gentle with her patients." });
    expect(result.kinds).toContain("gender");
    expect(result.indicators[0]).toMatchObject({
      kind: "gender",
      rule: "stereotyped_role",
      severity: "medium",
    });
  });

  it("passes neutral and positive mentions of groups", () => {
    for (const text of [
      "Muslim families celebrated the festival with their neighbours.",
      "The deaf community has a rich culture.",
      "She is an engineer at a large company.",
      "Immigrants founded many of the city's best restaurants.",
    ])
      expect(detector.audit({ text }).hasBias, text).toBe(false);
  });

  it("finds a generalisation, and takes it lower when somebody reports it", () => {
    const said = detector.audit({ text: "All immigrants are criminals." });
    expect(said.indicators[0]).toMatchObject({
      kind: "nationality",
      rule: "degrading_generalisation",
      severity: "high",
    });
    const reported = detector.audit({ text: "It is a stereotype that immigrants are criminals." });
    expect(reported.hasBias).toBe(false);
  });

  it("suggests a wording for a non-inclusive term", () => {
    const text = "The chairman spoke first.";
    const [indicator] = detector.audit({ text }).indicators;
    expect(indicator).toMatchObject({ rule: "non_inclusive_term", suggestedAlternative: "chairperson" });
    expect(text.slice(indicator!.start, indicator!.end)).toBe("chairman");
  });

  it("exchanges the group and keeps the case of words", () => {
    const result = detector.audit({ text: "She said HIS father is kind." });
    expect(result.counterfactuals).toEqual([
      { kind: "gender", swapped: 3, original: 0, counterfactual: 0, difference: 0 },
    ]);
  });

  it("keeps spans inside the text and scores in [0, 1] for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const result = detector.audit({ text });
        expect(result.score).toBeGreaterThanOrEqual(0);
        expect(result.score).toBeLessThanOrEqual(1);
        for (const indicator of result.indicators) {
          expect(indicator.start).toBeGreaterThanOrEqual(0);
          expect(indicator.end).toBeLessThanOrEqual(text.length);
          expect(indicator.start).toBeLessThan(indicator.end);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("names only known kinds in its lists", () => {
    for (const kind of [...Object.keys(GROUP_TERMS), ...Object.keys(SLURS)])
      expect(BIAS_KINDS).toContain(kind);
  });
});

describe("group metrics", () => {
  const decisions = (group: string, favourable: number, total: number, right = favourable) =>
    Array.from({ length: total }, (_, index) => ({
      group,
      predicted: index < favourable,
      actual: index < right,
    }));

  it("fails the four-fifths rule below 0.8 and passes at it", () => {
    expect(groupMetrics([...decisions("a", 50, 100), ...decisions("b", 39, 100)])?.passesFourFifths).toBe(
      false,
    );
    expect(groupMetrics([...decisions("a", 50, 100), ...decisions("b", 40, 100)])?.passesFourFifths).toBe(
      true,
    );
  });

  it("computes parity and equalised odds by hand-checked numbers", () => {
    const metrics = groupMetrics([...decisions("a", 6, 10, 5), ...decisions("b", 3, 10, 6)])!;
    expect(metrics.demographicParityDifference).toBeCloseTo(0.3);
    expect(metrics.demographicParityRatio).toBeCloseTo(0.5);
    // a: 5 of 5 rightly favoured, 1 of 5 wrongly; b: 3 of 6 and 0 of 4.
    expect(metrics.equalisedOddsDifference).toBeCloseTo(0.5);
  });

  it("invents nothing: one group, nobody selected, no labels", () => {
    expect(groupMetrics(decisions("a", 3, 5))).toBeUndefined();
    expect(groupMetrics([...decisions("a", 0, 5), ...decisions("b", 0, 5)])?.passesFourFifths).toBeNull();
    const unlabelled = [
      { group: "a", predicted: true },
      { group: "b", predicted: false },
    ];
    expect(groupMetrics(unlabelled)?.equalisedOddsDifference).toBeNaN();
  });

  it("does not depend on the order of the decisions", () => {
    const item = fc.record({
      group: fc.constantFrom("a", "b", "c"),
      predicted: fc.boolean(),
      actual: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 40 }), (items) => {
        const forward = groupMetrics(items);
        const backward = groupMetrics([...items].reverse());
        expect(backward?.demographicParityDifference).toEqual(forward?.demographicParityDifference);
        expect(backward?.equalisedOddsDifference).toEqual(forward?.equalisedOddsDifference);
      }),
    );
  });
});
