import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unitsOf } from "../../units.ts";
import { HOUSE, houseEnd, isDecade } from "./house.ts";

const characters = fc.constantFrom(..."0123456789 aBzs/-.,ßé号ſ", "\u{1d400}");
const numbers = fc.array(characters, { maxLength: 14 }).map((rest) => `7${rest.join("")}`);

describe("houseEnd", () => {
  it.each([
    ["12 Birch Road", 2],
    ["12 b, Road", 4],
    ["12a/4b", 6],
    ["5-012-1012", 5],
    ["123456", -1],
    ["12th", -1],
  ])("reads %s", (text, end) => {
    expect(houseEnd(text, 0)).toBe(end);
  });

  it("agrees with the expression", () => {
    fc.assert(
      fc.property(numbers, (text) => {
        HOUSE.lastIndex = 0;
        const expected = HOUSE.test(text) ? HOUSE.lastIndex : -1;
        expect(houseEnd(text, 0)).toBe(expected);
        const isDecadeByForm = expected > 0 && /^\d{1,3}0s$/.test(text.slice(0, expected));
        if (expected > 0) expect(isDecade(unitsOf(text), 0, expected)).toBe(isDecadeByForm);
      }),
      { numRuns: 2000 },
    );
  });
});
