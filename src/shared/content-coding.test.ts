import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressBytes, negotiateCoding } from "./content-coding.ts";

describe("the coding of a page", () => {
  it.each([
    [undefined, null],
    ["", null],
    ["identity", null],
    ["deflate", null],
    ["gzip", "gzip"],
    ["gzip, deflate, br", "br"],
    ["GZIP;Q=0.5, BR;q=0.4", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["gzip;q=0", null],
    ["*", "br"],
    ["*;q=0", null],
    ["br;q=0, *;q=0.1", "gzip"],
    ["gzip;q=nonsense", null],
    [",;,=;q", null],
  ])("of %j is %j", (accept, coding) => {
    expect(negotiateCoding(accept)).toBe(coding);
  });

  it("is undone by what clients have", async () => {
    const page = Buffer.from("<p>Überall</p>".repeat(500));
    const [brotli, gzip] = await Promise.all([compressBytes(page, "br"), compressBytes(page, "gzip")]);
    expect(brotliDecompressSync(brotli)).toEqual(page);
    expect(gunzipSync(gzip)).toEqual(page);
    expect(Math.max(brotli.length, gzip.length)).toBeLessThan(page.length / 10);
  });
});
