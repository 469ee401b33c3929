import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokenBuffer, GAP, hashWord, LINE, SHAPE, scanTokens, type TokenBuffer } from "./tokens.ts";

function scan(text: string): TokenBuffer {
  const buffer = createTokenBuffer();
  scanTokens(text, buffer);
  return buffer;
}

function words(text: string): string[] {
  const buffer = scan(text);
  return Array.from({ length: buffer.count }, (_, i) => text.slice(buffer.start[i], buffer.end[i]));
}

describe("scanTokens", () => {
  it("splits at spaces, marks and hyphens, and leaves possessives out", () => {
    expect(words("Fabio's friend O'Neil, Eva Beier-Gibson (née Müller) 12a")).toEqual([
      "Fabio",
      "s",
      "friend",
      "O'Neil",
      "Eva",
      "Beier",
      "Gibson",
      "née",
      "Müller",
      "12a",
    ]);
  });

  it("knows the shape of a word and what stands before it", () => {
    const buffer = scan("John SMITH, J. McDonald: 12\nparis 東京");
    expect([...buffer.shape.slice(0, buffer.count)]).toEqual([
      SHAPE.capitalised,
      SHAPE.upper,
      SHAPE.initial,
      SHAPE.mixed,
      SHAPE.digits,
      SHAPE.lower,
      SHAPE.caseless,
    ]);
    expect([...buffer.gap.slice(0, buffer.count)]).toEqual([
      GAP.start,
      GAP.space,
      GAP.comma,
      GAP.period,
      GAP.colon,
      GAP.newline,
      GAP.space,
    ]);
  });

  it("hashes without case and tells kinds of lines apart", () => {
    const buffer = scan("Please Note That This\nplease note that this is small");
    expect(buffer.hash[0]).toBe(hashWord("please"));
    expect(buffer.hash[0]).toBe(buffer.hash[4]);
    expect(buffer.line[0]).toBe(LINE.title);
    expect(buffer.line[4]).toBe(LINE.lower);
  });

  it("finds the same words whatever was scanned before, inside the text and in order", () => {
    const shared = createTokenBuffer();
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        scanTokens(text, shared);
        const fresh = scan(text);
        expect(shared.count).toBe(fresh.count);
        let last = 0;
        for (let i = 0; i < shared.count; i += 1) {
          expect(shared.start[i]).toBe(fresh.start[i]);
          expect(shared.hash[i]).toBe(fresh.hash[i]);
          expect(shared.start[i]).toBeGreaterThanOrEqual(last);
          expect(shared.end[i]).toBeGreaterThan(shared.start[i]!);
          last = shared.end[i]!;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it("takes texts of more words than its first buffer holds", () => {
    const text = "Anna met Otto. ".repeat(5000);
    expect(scan(text).count).toBe(15000);
  });
});
