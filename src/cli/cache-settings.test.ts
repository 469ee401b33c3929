import { describe, expect, it } from "vitest";
import { gatewaySettings } from "./gateway-settings.ts";

const cacheOf = (env: Record<string, string>) => gatewaySettings({}, env).config.cache;

describe("the caches' environment", () => {
  it("sets time to live in seconds and secret; 0 keeps no answers", () => {
    expect(cacheOf({})).toEqual({});
    expect(cacheOf({ CACHE_TTL: "", CACHE_SECRET: "" })).toEqual({});
    expect(cacheOf({ CACHE_TTL: "90", CACHE_SECRET: "s".repeat(32) })).toEqual({
      ttlSec: 90,
      secret: "s".repeat(32),
    });
    expect(cacheOf({ CACHE_TTL: "0" })).toEqual({ responses: "off" });
  });

  it.each(["1h", "-1", "1.5", "99999999"])("refuses CACHE_TTL=%s", (text) => {
    expect(() => cacheOf({ CACHE_TTL: text })).toThrowError(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field: "CACHE_TTL" }),
    );
  });
});
