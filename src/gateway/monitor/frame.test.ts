import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textFrame } from "./frame.ts";

/** Reads one unmasked final text frame as RFC 6455, section 5.2, lays it out. */
function payloadOf(frame: Buffer): string {
  expect(frame[0]).toBe(0x81);
  const length = frame[1]!;
  const [start, payloadBytes] =
    length < 126
      ? [2, length]
      : length === 126
        ? [4, frame.readUInt16BE(2)]
        : [10, Number(frame.readBigUInt64BE(2))];
  expect(frame.length).toBe(start + payloadBytes);
  return frame.toString("utf8", start);
}

describe("textFrame", () => {
  it("carries any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        expect(payloadOf(textFrame(text))).toBe(text);
      }),
    );
  });

  it.each([0, 125, 126, 65_535, 65_536])("has the right head for %i bytes", (bytes) => {
    const text = "x".repeat(bytes);
    expect(payloadOf(textFrame(text))).toBe(text);
  });
});
