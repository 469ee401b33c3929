import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { OutputScan } from "./output-scan.ts";

const output = {
  EMAIL_ADDRESS: "redact",
  CREDIT_CARD: "redact",
  IBAN_CODE: "redact",
  SECRET: "redact",
} as const;
const guard = createGuard({ policy: { ...DEFAULT_POLICY, output } });
const silent = { onFinding: () => undefined, onGuardFailure: () => null };
const scan = () => new OutputScan(guard, guard.createVault(), silent, true);

const VALUES = [
  "ann.lee@example.com",
  "4111 1111 1111 1111",
  "DE89 3704 0044 0532 0130 00",
  `sk-proj-${"aB3dE5gH7jK9mN1p".repeat(9)}`,
];

/** Feeds a text in pieces of the given lengths, then the rest. */
function inPieces(text: string, lengths: readonly number[], isJson = false): string {
  const stream = scan().stream(isJson);
  let out = "";
  let at = 0;
  for (const length of lengths) {
    out += stream.push(text.slice(at, at + length));
    at += length;
  }
  return out + stream.push(text.slice(at)) + stream.flush();
}

const filler = fc.stringMatching(/^[a-z éß中.,\n]{0,150}$/);
const texts = fc
  .array(fc.tuple(filler, fc.constantFrom(...VALUES)), { maxLength: 5 })
  .map((parts) => parts.map(([before, value]) => `${before} ${value} `).join(""));

describe("a scanned stream", () => {
  it("lets no value through, however the text is cut, and gives the same for any cutting", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }), (text, lengths) => {
        const whole = inPieces(text, []);
        expect(inPieces(text, lengths)).toBe(whole);
        for (const value of VALUES) expect(whole).not.toContain(value);
      }),
      { numRuns: 60 },
    );
  });

  it("changes nothing else", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 600 }),
        fc.array(fc.integer({ min: 1, max: 9 })),
        (text, lengths) => {
          fc.pre(guard.inspect(text).length === 0);
          expect(inPieces(text, lengths)).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds back a bounded end", () => {
    const stream = scan().stream(false);
    let sent = 0;
    for (let fed = 10; fed <= 5_000; fed += 10) {
      sent += stream.push("some words").length;
      expect(fed - sent).toBeLessThanOrEqual(256);
    }
  });

  it("keeps JSON valid, inside strings and outside", () => {
    const json = JSON.stringify({
      to: "ann@example.com",
      card: 4111111111111111,
      list: ["a\\b", "DE89370400440532013000"],
    });
    for (const length of [1, 7, 1_000]) {
      const out = inPieces(
        json,
        Array.from({ length: 200 }, () => length),
        true,
      );
      expect(JSON.parse(out)).toEqual({
        to: "[EMAIL REDACTED]",
        card: "[CARD REDACTED]",
        list: ["a\\b", "[IBAN REDACTED]"],
      });
    }
  });

  it("leaves the request's own placeholders alone, and redacts what only looks like one", () => {
    const vault = guard.createVault();
    const { text } = guard.anonymise("Write to ann@example.com", vault);
    const own = new OutputScan(guard, vault, silent, true);
    expect(own.whole(`${text} or bob@example.com`, false)).toBe("Write to [EMAIL_1] or [EMAIL REDACTED]");
    const stream = own.stream(false);
    expect(stream.push("so [EMAIL_1], and [bob@example.com]") + stream.flush()).toBe(
      "so [EMAIL_1], and [[EMAIL REDACTED]]",
    );
  });

  it("ends the answer at a value that the policy refuses, and only redacts it where there is no answer to end", () => {
    const strict = createGuard({ policy: { ...DEFAULT_POLICY, output: { EMAIL_ADDRESS: "block" } } });
    const blocking = new OutputScan(strict, strict.createVault(), silent, true);
    expect(() => blocking.whole("to ann@example.com", false)).toThrow(
      expect.objectContaining({ code: "RMP_GUARD_BLOCKED" }),
    );
    expect(blocking.hasBlocked).toBe(true);
    expect(
      new OutputScan(strict, strict.createVault(), silent, false).whole("to ann@example.com", false),
    ).toBe("to [EMAIL REDACTED]");
  });
});
