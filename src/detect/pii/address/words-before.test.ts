import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordsStart } from "./words-before.ts";

/** The same rule as an expression, tried from the left. */
const REFERENCE = /(?:[\p{L}\d][\p{L}\p{M}\d'’./-]{0,30} ){0,4}\p{L}[\p{L}\p{M}\d'’./-]{0,30},? $/u;

function referenceStart(text: string, at: number): number {
  const from = Math.max(0, at - 70);
  const match = REFERENCE.exec(text.slice(from, at));
  return match === null ? -1 : from + match.index;
}

describe("wordsStart", () => {
  it.each([
    ["Via Roma ", 0],
    ["siehe Hauptstraße ", 0],
    ["one two three four five six ", 4],
    ["Rue de l'Église, ", 0],
    ["(Calle Mayor ", 1],
    ["no  Mayor ", 4],
    ["12 ", -1],
    ["Mayor", -1],
  ])("reads %j back to %i", (text, start) => {
    expect(wordsStart(text, text.length)).toBe(start);
  });

  it("agrees with the expression on any text of the basic plane", () => {
    const unit = fc.constantFrom(..."abcZÉßж中 \u0301 '’./-,0123(\n".split(""), " ", " ");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 100 }), (units) => {
        const text = `${units.join("")} `;
        expect(wordsStart(text, text.length)).toBe(referenceStart(text, text.length));
      }),
      { numRuns: 3000 },
    );
  });
});
