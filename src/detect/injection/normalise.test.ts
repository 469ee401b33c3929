import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFoldBuffer, foldText } from "./normalise.ts";

const fold = (text: string): string => {
  const folded = foldText(text, createFoldBuffer());
  return String.fromCharCode(...folded.codes.subarray(0, folded.length));
};

describe("foldText", () => {
  it.each([
    ["case and white space", "Ignore \t\n ALL", "ignore all"],
    ["accents", "Instrüctions précédentes Łódź", "instructions precedentes lodz"],
    ["full width", "ｉｇｎｏｒｅ　ＡＬＬ", "ignore all"],
    ["Cyrillic and Greek look-alikes", "Ignоre аll ρrevious", "ignore all previous"],
    ["zero-width characters", "i\u200bg\u200dn\u2060o\ufeffre", "ignore"],
    ["combining marks", "i\u0336g\u0336nore", "ignore"],
    ["mathematical letters", "𝐢𝓰𝔫𝕠𝖗𝚎", "ignore"],
    ["circled and squared letters", "ⓘⓖⓝⓞⓡⓔ 🅰🅱", "ignore ab"],
    ["digits", "room 2021", "room 0000"],
  ])("reads through %s", (_name, text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  it("reads Unicode tags as the ASCII they hide", () => {
    const tags = [..."ignore"].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("");
    const folded = foldText(`Hello ${tags}`, createFoldBuffer());
    expect(String.fromCharCode(...folded.codes.subarray(0, folded.length))).toBe("hello ignore");
    expect(folded.counts.tags).toBe(6);
  });

  it("keeps offsets into the original, in order, for any text", () => {
    const buffer = createFoldBuffer();
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const folded = foldText(text, buffer);
        expect(folded.offsets[folded.length]).toBe(text.length);
        for (let at = 1; at <= folded.length; at++) {
          expect(folded.offsets[at]).toBeGreaterThan(folded.offsets[at - 1]!);
        }
      }),
    );
  });

  it("notes where lines start", () => {
    const folded = foldText("one\ntwo\n\nthree", createFoldBuffer());
    const starts = [...folded.lineStarts.subarray(0, folded.lineCount)];
    expect(starts.map((start) => folded.offsets[start])).toEqual([0, 4, 9, 9]);
  });
});
