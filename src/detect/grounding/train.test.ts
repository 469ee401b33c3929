import { describe, expect, it } from "vitest";
import { createRandom, RampartError } from "#shared";
import { scoreTrees } from "./boosted.ts";
import { createGroundingDetector } from "./detector.ts";
import { toGroundingModel } from "./model.ts";
import { makePairs, toPassage } from "./perturb.ts";
import { fitBoostedTrees, type Row } from "./train.ts";
import { GROUNDING_TRAINING, type GroundingItem, trainGrounding } from "./train-model.ts";

const FACTS = [
  "The river Elbe flows through Hamburg. It is 1094 kilometres long. Its source lies in the Giant Mountains.",
  "The company was founded in 1976 by two engineers. It employs 4200 people in nine countries.",
  "Marie Curie was a physicist and chemist. She won the Nobel Prize in 1903 and in 1911.",
  "The museum opened in May 1998. It shows paintings from Spain and Italy in twelve rooms.",
];

const small = {
  ...GROUNDING_TRAINING,
  bags: 2,
  folds: 2,
  boost: { ...GROUNDING_TRAINING.boost, trees: 10, minHessian: 0.5 },
};

function tinySet(): GroundingItem[] {
  return makePairs(FACTS.map(toPassage), 12, createRandom(5)).map((pair) => ({ ...pair }));
}

describe("training the grounding model", () => {
  it("gives the same bits for the same items and seed", () => {
    const sources = [{ passages: FACTS.map(toPassage), perPassage: 5 }];
    const one = trainGrounding(tinySet(), sources, small);
    const two = trainGrounding(tinySet(), sources, small);
    expect(JSON.stringify(one.model)).toBe(JSON.stringify(two.model));
    expect(one.made).toBeGreaterThan(0);
  });

  it("gives a model that loads and ranks a copy below an invention", () => {
    const { model } = trainGrounding(tinySet(), [], small);
    const detector = createGroundingDetector(toGroundingModel(JSON.parse(JSON.stringify(model))));
    const context = FACTS[0]!;
    const copy = detector.assess({ answer: "It is 1094 kilometres long.", context });
    const invention = detector.assess({ answer: "Twelve pandas were bought by Norway in 1804.", context });
    expect(copy.hallucinationRisk).toBeLessThan(invention.hallucinationRisk);
  });

  it("refuses what is no model", () => {
    for (const value of [null, {}, { kind: "grounding", version: 1 }, "x"]) {
      try {
        toGroundingModel(value);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(RampartError);
        expect((error as RampartError).code).toBe("RMP_DETECT_MODEL_INVALID");
      }
    }
  });

  it("keeps the logit monotone in a feature that is bound to be", () => {
    const random = createRandom(9);
    const rows: Row[] = Array.from({ length: 400 }, () => {
      const features = Float64Array.from([random(), random()]);
      return { features, label: random() < 0.5 ? 1 : 0, weight: 1 };
    });
    const trees = fitBoostedTrees(
      rows,
      { trees: 30, depth: 3, rate: 0.3, lambda: 1, minHessian: 1, subsample: 1, columns: 1, signs: [1, 0] },
      createRandom(1),
    );
    for (let other = 0; other <= 1; other += 0.1) {
      let last = Number.NEGATIVE_INFINITY;
      for (let value = 0; value <= 1; value += 0.02) {
        const logit = scoreTrees(trees, Float64Array.from([value, other]));
        expect(logit).toBeGreaterThanOrEqual(last - 1e-6);
        last = logit;
      }
    }
  });
});
