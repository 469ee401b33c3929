import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAnswer, sealAnswer } from "./answer-seal.ts";

const key = { name: "name", secret: randomBytes(32) };
const answer = {
  headers: ["content-type", "application/json"],
  body: Buffer.from('{"choices":[{"message":{"content":"grüße 🍵"}}]}'),
  isEventStream: false,
  mayHoldPlaceholders: true,
  storedAtMs: 1_700_000_000_000,
};

describe("a sealed answer", () => {
  it("opens to what it was, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isEventStream) => {
        const any = { ...answer, body: Buffer.from(bytes), isEventStream };
        expect(openAnswer(sealAnswer(any, key), key)).toEqual(any);
      }),
    );
  });

  it("shows nothing, and is never the same twice", () => {
    const sealed = sealAnswer(answer, key);
    expect(sealed.includes("choices")).toBe(false);
    expect(sealed.includes("content-type")).toBe(false);
    expect(sealAnswer(answer, key).equals(sealed)).toBe(false);
  });

  it("does not open when a bit was changed, a byte lost, or name or secret are others", () => {
    const sealed = sealAnswer(answer, key);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i]! ^= 1;
      expect(openAnswer(changed, key)).toBeNull();
      expect(openAnswer(sealed.subarray(0, i), key)).toBeNull();
    }
    expect(openAnswer(sealed, { ...key, name: "other" })).toBeNull();
    expect(openAnswer(sealed, { ...key, secret: randomBytes(32) })).toBeNull();
  });
});
