import { describe, expect, it } from "vitest";
import { createGuard } from "../index.ts";
import { normalise } from "./normalise.ts";

describe("normalise", () => {
  it("leaves ordinary text of any script alone", () => {
    for (const text of ["plain", "Zoë – “quoted” …", "Привет, мир", "東京都", "emoji 😀"]) {
      expect(normalise(text)).toBeUndefined();
    }
  });

  it("maps every offset back into the original", () => {
    const text = "４\u200b１ p\u0430ypal\u00a0х";
    const normalised = normalise(text);
    expect(normalised?.text).toBe("41 paypal х");
    expect(normalised?.toOriginal(1)).toBe(2);
    expect(normalised?.toOriginal(1, true)).toBe(3);
    expect(text.slice(normalised?.toOriginal(3), normalised?.toOriginal(8, true))).toBe("p\u0430ypal");
  });

  it.each([
    ["zero width", "john\u200b@exam\u200dple.com", "john\u200b@exam\u200dple.com"],
    ["full width", "ｊｏｈｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ｊｏｈｎ＠ｅｘａｍｐｌｅ．ｃｏｍ"],
    ["homoglyph", "j\u043ehn@ex\u0430mple.com", "j\u043ehn@ex\u0430mple.com"],
    ["digits", "card ４１１１ １１１１ １１１１ １１１１", "４１１１ １１１１ １１１１ １１１１"],
    ["exotic hyphens", "SSN: 123\u201145\u20116789", "123\u201145\u20116789"],
    ["spelled out", "mail john at example dot com please", "john at example dot com"],
    ["brackets", "mail john [at] example (dot) com please", "john [at] example (dot) com"],
  ])("finds values disguised by %s", (_name, text, value) => {
    const guard = createGuard();
    const found = guard.inspect(text).map((finding) => text.slice(finding.start, finding.end));
    expect(found).toContain(value);
    const { text: sent, vault } = guard.anonymise(text);
    expect(sent).not.toContain(value);
    expect(guard.restore(sent, vault)).toBe(text);
  });
});
