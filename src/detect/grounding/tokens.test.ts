import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashStem, hashWord, TOKEN, tokenise } from "./tokens.ts";

const wordsOf = (text: string): string[] => {
  const tokens = tokenise(text);
  return Array.from({ length: tokens.count }, (_, index) =>
    text.slice(tokens.start[index], tokens.end[index]),
  );
};

describe("tokenise", () => {
  it("keeps numbers whole and reads their value", () => {
    const tokens = tokenise("It sold 2,561,300 copies, 3.5 % more, on May 26th.");
    const values = Array.from(tokens.value.slice(0, tokens.count)).filter((value) => !Number.isNaN(value));
    expect(values[0]).toBe(2561300);
    expect(values[1]).toBeCloseTo(3.5);
    expect(values[2]).toBe(26);
  });

  it("marks a negating contraction and drops a possessive", () => {
    const tokens = tokenise("Anna's dog doesn't bark");
    expect(tokens.word[0]).toBe(hashWord("anna"));
    expect(tokens.flags[2]! & TOKEN.negated).toBe(TOKEN.negated);
  });

  it("does not end a sentence at initials, titles or decimals", () => {
    expect(tokenise("Dr. J. Smith paid 3.50 to the U.S. office. Then he left.").sentenceCount).toBe(2);
    expect(tokenise("It is a film.Another text follows.").sentenceCount).toBe(2);
  });

  it("gives forms of one word one stem and folds case and accents", () => {
    for (const [a, b] of [
      ["cities", "city"],
      ["running", "runs"],
      ["produced", "produces"],
      ["Noël", "noel"],
    ])
      expect(hashStem(a!), `${a} ${b}`).toBe(hashStem(b!));
  });

  it("loses no letter or digit, keeps order and covers every sentence, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const tokens = tokenise(text);
        let last = 0;
        for (let index = 0; index < tokens.count; index++) {
          expect(tokens.start[index]).toBeGreaterThanOrEqual(last);
          expect(tokens.end[index]).toBeGreaterThan(tokens.start[index]!);
          last = tokens.end[index]!;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        expect(tokens.sentenceToken[tokens.sentenceCount]).toBe(tokens.count);
        expect(
          wordsOf(text)
            .join("")
            .replace(/[^a-z0-9]/gi, ""),
        ).toBe(text.replace(/[^a-z0-9]/gi, ""));
      }),
    );
  });

  it("gives the same tokens into reused arrays", () => {
    const reused = tokenise("Some longer text that came first. It had two sentences.");
    const text = "Short one.";
    const again = tokenise(text, reused);
    const fresh = tokenise(text);
    expect(again.count).toBe(fresh.count);
    expect(again.sentenceCount).toBe(fresh.sentenceCount);
    expect(Array.from(again.stem.slice(0, again.count))).toEqual(
      Array.from(fresh.stem.slice(0, fresh.count)),
    );
    expect(Array.from(again.flags.slice(0, 2))).toEqual(Array.from(fresh.flags.slice(0, 2)));
  });
});
