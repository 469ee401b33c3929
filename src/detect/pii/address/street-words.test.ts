import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CAPITAL, hasStreetEnding, isCapitalised, isSmallPhrase, WORD, wordEnd } from "./street-words.ts";
import { STREET_ENDING } from "./streets.data.ts";

const words = fc
  .array(fc.constantFrom(..."abdlDLZ09'’.-éÉ街ß ,", "\u{1d400}", "straße", "weg", "gränd", "u", "gata"), {
    minLength: 1,
    maxLength: 40,
  })
  .map((parts) => parts.join(""));

describe("words of a street name", () => {
  it("end where the expression says", () => {
    fc.assert(
      fc.property(words, (text) => {
        WORD.lastIndex = 0;
        const expected = WORD.test(text) ? WORD.lastIndex : -1;
        expect(wordEnd(text, 0)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("are capitalised, and end like a street, as the expressions say", () => {
    fc.assert(
      fc.property(words, (word) => {
        expect(isCapitalised(word)).toBe(CAPITAL.test(word));
        const lower = word.toLowerCase();
        expect(hasStreetEnding(lower)).toBe(STREET_ENDING.test(lower));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["call back at phone", true],
    ["in der hauptstrasse", false],
    ["rue de genville", false],
    ["to Birch", false],
  ])("%s: none of them in small letters: %s", (text, expected) => {
    expect(isSmallPhrase(text, 0, text.length)).toBe(expected);
  });
});
