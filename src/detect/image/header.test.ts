import { describe, expect, it } from "vitest";
import { RampartError } from "#shared";
import { readImageHeader } from "./header.ts";

/** Builds bytes out of numbers and ASCII texts. */
function bytes(...parts: (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...part].map((char) => char.charCodeAt(0)),
    ),
  );
}

const PNG = bytes("\x89PNG\r\n\x1a\n", 0, 0, 0, 13, "IHDR", 0, 0, 1, 0, 0, 0, 0, 64, 8, 2, 0, 0, 0);
const GIF = bytes("GIF89a", 10, 0, 20, 0, 0, 0, 0);
const JPEG = bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 50, 0, 70, 3, 0, 0, 0, 0);
const VP8X = bytes("RIFF", 0, 0, 0, 0, "WEBPVP8X", 10, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 49, 0, 0);

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof RampartError) return error.code;
  }
  return "none";
};

describe("readImageHeader", () => {
  it.each([
    ["png", PNG, 256, 64],
    ["gif", GIF, 10, 20],
    ["jpeg", JPEG, 70, 50],
    ["webp", VP8X, 100, 50],
  ])("reads the size of %s", (format, image, widthPx, heightPx) => {
    expect(readImageHeader(image)).toEqual({ format, widthPx, heightPx });
  });

  it("refuses what is no image, however short", () => {
    for (let length = 0; length <= PNG.length; length += 1)
      if (length < 24)
        expect(codeOf(() => readImageHeader(PNG.subarray(0, length)))).toBe("RMP_DETECT_IMAGE_INVALID");
    expect(codeOf(() => readImageHeader(bytes("<svg></svg>")))).toBe("RMP_DETECT_IMAGE_INVALID");
  });

  it("refuses images beyond the bounds before decoding", () => {
    expect(codeOf(() => readImageHeader(PNG, { maxBytes: 10, maxPixels: 1e9 }))).toBe(
      "RMP_DETECT_IMAGE_INVALID",
    );
    expect(codeOf(() => readImageHeader(PNG, { maxBytes: 1e6, maxPixels: 256 * 64 - 1 }))).toBe(
      "RMP_DETECT_IMAGE_INVALID",
    );
    expect(codeOf(() => readImageHeader(PNG, { maxBytes: 1e6, maxPixels: 256 * 64 }))).toBe("none");
  });
});
