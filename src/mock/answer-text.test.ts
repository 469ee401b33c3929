import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerText, splitPieces, tokensOf } from "./answer-text.ts";
import { DEFAULT_MOCK_SETTINGS } from "./settings.ts";

const TEXTS = fc
  .array(fc.constantFrom("a", "b ", " ", "\n", "é", "😀", "[X_1]", "\u{10ffff}"), { maxLength: 40 })
  .map((parts) => parts.join(""));

describe("splitPieces", () => {
  it("loses nothing and never parts a surrogate pair", () => {
    fc.assert(
      fc.property(TEXTS, fc.integer({ min: 0, max: 9 }), (text, charsPerEvent) => {
        const pieces = splitPieces(text, charsPerEvent);
        expect(pieces.join("")).toBe(text);
        // A lone half of a pair would come back from UTF-8 as U+FFFD.
        for (const piece of pieces) expect(Buffer.from(piece).toString()).toBe(piece);
      }),
    );
  });

  it("cuts placeholders when told to", () => {
    expect(splitPieces("[EMAIL_1]", 4)).toEqual(["[EMA", "IL_1", "]"]);
    expect(splitPieces("to [EMAIL_1] now", 0)).toEqual(["to ", "[EMAIL_1] ", "now"]);
  });
});

describe("answerText", () => {
  it("quotes a long text whole", () => {
    const text = "é😀x".repeat(50_000);
    expect(answerText(DEFAULT_MOCK_SETTINGS, text, 0)).toContain(text);
    expect(answerText(DEFAULT_MOCK_SETTINGS, text, 1)).toMatch(/^\(2\) /);
  });

  it("says nothing of it when fixed", () => {
    expect(answerText({ ...DEFAULT_MOCK_SETTINGS, answer: "fixed" }, "secret", 0)).not.toContain("secret");
  });
});

describe("tokensOf", () => {
  it("counts begun groups of four", () => {
    expect([0, 1, 4, 5].map(tokensOf)).toEqual([0, 1, 1, 2]);
  });
});
