import { describe, expect, it } from "vitest";
import { RampartError } from "#shared";
import { createBiasDetector } from "./detector.ts";
import { type BiasModel, toBiasWeights } from "./model.ts";
import { BIAS_TRAINING, type BiasItem, trainBias } from "./train-model.ts";

const small = {
  ...BIAS_TRAINING,
  folds: 2,
  linear: { ...BIAS_TRAINING.linear, epochs: 2 },
  boost: { ...BIAS_TRAINING.boost, trees: 5, minHessian: 0.5 },
};

function tinySet(): BiasItem[] {
  const groups = ["women", "muslims", "immigrants", "old people"];
  return groups.flatMap((group, index) => [
    { text: `all ${group} are stupid and lazy ${index}`, label: 1 as const, weight: 1, mustPass: false },
    { text: `${group} are the worst, they ruin it`, label: 1 as const, weight: 1, mustPass: false },
    { text: `many ${group} visited the library in spring`, label: 0 as const, weight: 1, mustPass: true },
    { text: `a report on ${group} and health was published`, label: 0 as const, weight: 1, mustPass: true },
  ]);
}

describe("training the bias model", () => {
  it("gives the same bits for the same items and seed", () => {
    expect(JSON.stringify(trainBias(tinySet(), small))).toBe(JSON.stringify(trainBias(tinySet(), small)));
  });

  it("gives a model that loads and ranks a generalisation above a neutral mention", () => {
    const model = JSON.parse(JSON.stringify(trainBias(tinySet(), small))) as BiasModel;
    const detector = createBiasDetector(model);
    const said = detector.audit({ text: "all women are stupid and lazy" }).score;
    expect(said).toBeGreaterThan(detector.audit({ text: "many women visited the library" }).score);
  });

  it("refuses what is no model", () => {
    for (const value of [null, {}, { kind: "bias", version: 1, hashed: "" }]) {
      try {
        toBiasWeights(value);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(RampartError);
        expect((error as RampartError).code).toBe("RMP_DETECT_MODEL_INVALID");
      }
    }
  });
});
