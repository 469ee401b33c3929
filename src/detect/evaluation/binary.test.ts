import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  areaUnderRoc,
  measureBinary,
  recallAtFpr,
  reportBinary,
  type ScoredItem,
  thresholdAtFpr,
} from "./binary.ts";

const item = (label: 0 | 1, score: number, source = "s", lang = "en"): ScoredItem => ({
  id: `${label}:${score}`,
  label,
  score,
  source,
  lang,
});

describe("binary metrics", () => {
  it("gives the area of a known ranking", () => {
    // Pairs (positive, negative): .9>.8, .9>.3, .5<.8, .5>.3: three of four.
    expect(areaUnderRoc([item(1, 0.9), item(0, 0.8), item(1, 0.5), item(0, 0.3)])).toBeCloseTo(0.75, 12);
  });

  it("counts ties half and refuses to judge one class alone", () => {
    expect(areaUnderRoc([item(1, 0.4), item(0, 0.4)])).toBe(0.5);
    expect(areaUnderRoc([item(1, 0.4)])).toBeNull();
    expect(measureBinary([item(0, 0.1)], 0.5)).toMatchObject({
      auc: null,
      recall: null,
      falsePositiveRate: 0,
    });
  });

  it("agrees with counting all pairs", () => {
    const items = fc.array(
      fc.record({ label: fc.constantFrom(0 as const, 1 as const), score: fc.integer({ min: 0, max: 9 }) }),
      { minLength: 2, maxLength: 40 },
    );
    fc.assert(
      fc.property(items, (raw) => {
        const scored = raw.map((entry) => item(entry.label, entry.score));
        const positives = scored.filter((entry) => entry.label === 1);
        const negatives = scored.filter((entry) => entry.label === 0);
        let won = 0;
        for (const p of positives) {
          for (const n of negatives) won += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
        }
        const auc = areaUnderRoc(scored);
        if (positives.length === 0 || negatives.length === 0) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(won / (positives.length * negatives.length), 10);
      }),
    );
  });

  it("finds recall and threshold at a bound on false positives", () => {
    const items = [item(1, 0.9), item(1, 0.8), item(0, 0.7), item(1, 0.6), item(0, 0.1)];
    expect(recallAtFpr(items, 0.01)).toBeCloseTo(2 / 3, 12);
    expect(thresholdAtFpr(items, 0.01)).toBe(0.8);
    expect(thresholdAtFpr(items, 0.5)).toBe(0.6);
    expect(thresholdAtFpr([item(0, 0.9), item(1, 0.1)], 0.01)).toBe(Number.POSITIVE_INFINITY);
  });

  it("never splits a group of equal scores", () => {
    const items = [item(1, 0.9), item(0, 0.9), item(0, 0.2)];
    expect(recallAtFpr(items, 0.01)).toBe(0);
  });

  it("reports precision, recall, F1 and groups at the threshold", () => {
    const report = reportBinary(
      [item(1, 0.9, "a"), item(1, 0.2, "a"), item(0, 0.5, "b", "de"), item(0, 0.1, "b")],
      0.5,
    );
    expect(report.overall).toMatchObject({
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      falsePositiveRate: 0.5,
      balancedAccuracy: 0.5,
    });
    expect(Object.keys(report.bySource)).toEqual(["a", "b"]);
    expect(report.bySource["b"]).toMatchObject({ negatives: 2, falsePositiveRate: 0.5, recall: null });
    expect(report.byLanguage["de"]?.items).toBe(1);
  });
});
