import { describe, expect, it } from "vitest";
import { createGuard, createImageDetector, type ImageReaders } from "#detect";
import { ImageCache } from "./image-cache.ts";

/** The header of a PNG of one pixel. */
const PNG = Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010806000000" + "1f15c489", "hex");
const guard = createGuard();
const guards = {
  inspect: guard.inspect,
  detectInjection: () => ({ score: 0, isInjection: false, level: "safe" as const, types: [], segments: [] }),
};

function detectorWith(readers: ImageReaders, max = 10) {
  const cache = new ImageCache(max);
  return { cache, detector: cache.remembering(createImageDetector(guards, readers), guard) };
}

describe("the memory of pictures", () => {
  it("reads equal bytes once, also at the same time, and others again", async () => {
    let read = 0;
    const { detector } = detectorWith({
      readText: async () => {
        read += 1;
        return { text: "Mail anna@example.com", confidence: 0.9 };
      },
    });
    const [one, two] = await Promise.all([detector.assess(PNG), detector.assess(Buffer.from(PNG))]);
    const three = await detector.assess(PNG);
    expect(read).toBe(1);
    expect(one.texts[0]?.pii).toHaveLength(1);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    await detector.assess(Buffer.concat([PNG, Buffer.of(0)]));
    await detector.assess(PNG, "it says 12");
    expect(read).toBe(3);
    expect(JSON.stringify(three)).not.toContain("anna@");
  });

  it("looks again after a failure, and tells of it", async () => {
    let read = 0;
    const { detector, cache } = detectorWith({
      readText: () => {
        read += 1;
        return Promise.reject(new Error("no"));
      },
    });
    await detector.assess(PNG);
    await detector.assess(PNG);
    expect(read).toBe(2);
    await expect(detector.assess(Buffer.from("no picture"))).rejects.toMatchObject({
      code: "RMP_DETECT_IMAGE_INVALID",
    });
    expect(cache.families()[1]?.samples[0]?.value).toBe(0);
  });

  it("does not keep field names that are personal data, and no more pictures than it may", async () => {
    const named = detectorWith({
      readMetadata: async () => ({ fields: [{ name: "anna@example.com", text: "x" }], hasPosition: false }),
    });
    await named.detector.assess(PNG);
    expect(named.cache.families()[1]?.samples[0]?.value).toBe(0);
    const small = detectorWith({ readText: async () => ({ text: "hello", confidence: 1 }) }, 3);
    for (let i = 0; i < 10; i += 1) await small.detector.assess(Buffer.concat([PNG, Buffer.of(i)]));
    expect(small.cache.families()[1]?.samples[0]?.value).toBe(3);
  });
});
