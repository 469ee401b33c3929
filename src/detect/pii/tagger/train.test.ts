import { describe, expect, it } from "vitest";
import { RampartError } from "#shared";
import { buildGazetteer, classesOf, WORD } from "./gazetteer.ts";
import { decodeNamesModel, encodeNamesModel } from "./model.ts";
import { createNamesRecogniser } from "./names-recogniser.ts";
import { hashWord } from "./tokens.ts";
import { NAMES_TRAINING, type NamesItem, trainNames } from "./train.ts";

const PEOPLE = ["Anna Berg", "Otto Klein", "Maria Lopez", "John Doe", "Eva Novak", "Peter Parker"];
const ITEMS: NamesItem[] = PEOPLE.flatMap((name) =>
  ["My name is {}.", "I met {} in the office.", "Please call {} back today."].map((template) => {
    const start = template.indexOf("{}");
    return {
      text: template.replace("{}", name),
      spans: [{ start, end: start + name.length, type: "PERSON" }],
      labelled: ["PERSON", "LOCATION", "ORGANIZATION"],
    };
  }),
);
const GAZETTEER = buildGazetteer(
  [
    [WORD.first, ["Anna", "Otto", "Maria", "John", "Eva", "Peter", "Laura"]],
    [WORD.place | WORD.country, ["New Zealand", "France"]],
  ],
  64,
);
const SMALL = { ...NAMES_TRAINING, bits: 12, epochs: 4, minCount: 1 };

describe("buildGazetteer", () => {
  it("knows words and phrases without case, and no others", () => {
    expect(classesOf(GAZETTEER, hashWord("anna"))).toBe(WORD.first);
    expect(classesOf(GAZETTEER, hashWord("new")) & WORD.placeStart).toBe(WORD.placeStart);
    expect(classesOf(GAZETTEER, hashWord("zealand"))).toBe(0);
  });

  it("refuses more entries than fit", () => {
    expect(() => buildGazetteer([[WORD.first, ["a", "b", "c", "d"]]], 4)).toThrow(RampartError);
  });
});

describe("trainNames", () => {
  it("gives the same bits for the same items and seed, other bits for another seed", () => {
    const first = encodeNamesModel(trainNames(ITEMS, GAZETTEER, SMALL));
    expect(encodeNamesModel(trainNames(ITEMS, GAZETTEER, SMALL))).toEqual(first);
    expect(encodeNamesModel(trainNames(ITEMS, GAZETTEER, { ...SMALL, seed: 2 }))).not.toEqual(first);
  });

  it("finds names that it never saw in wordings that it saw", () => {
    const text = "My name is Laura Winter.";
    const [finding] = createNamesRecogniser(trainNames(ITEMS, GAZETTEER, SMALL)).find(text);
    expect(finding?.type).toBe("PERSON");
    expect(text.slice(finding?.start, finding?.end)).toBe("Laura Winter");
  });

  it("survives writing and reading", () => {
    const model = trainNames(ITEMS, GAZETTEER, SMALL);
    const read = decodeNamesModel(encodeNamesModel(model));
    expect(read.weights).toEqual(model.weights);
    expect(read.gazetteer).toEqual(model.gazetteer);
    expect(read.scale).toBeCloseTo(model.scale, 10);
  });

  it("refuses bytes that are no model", () => {
    const error = (() => {
      try {
        decodeNamesModel(new Uint8Array(100));
      } catch (caught) {
        return caught;
      }
    })();
    expect((error as RampartError).code).toBe("RMP_DETECT_MODEL_INVALID");
  });
});
