import { describe, expect, it } from "vitest";
import type { GatewayConfig } from "#contract";
import { limitsFact, redisSettings } from "./redis-settings.ts";

describe("Redis in the environment", () => {
  it("is taken as it stands there, absent when empty", () => {
    expect(redisSettings({})).toEqual({});
    expect(redisSettings({ REDIS_URL: "", MAX_CONNECTIONS: "" })).toEqual({});
    expect(
      redisSettings({ REDIS_URL: "rediss://h:1", MAX_CONNECTIONS: "100", REDIS_CONNECTION_LIFETIME: "60" }),
    ).toEqual({ url: "rediss://h:1", maxConnections: 100, connectionLifetimeMs: 60_000 });
    expect(redisSettings({ MAX_CONNECTIONS: "100", REDIS_POOL_MAX: "20", REDIS_POOL_MIN: "2" })).toEqual({
      maxConnections: 20,
      minConnections: 2,
    });
  });

  it.each(["-1", "1.5", "many", "9".repeat(10)])("refuses %s connections", (text) => {
    expect(() => redisSettings({ MAX_CONNECTIONS: text })).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field: "MAX_CONNECTIONS" }),
    );
  });

  it("is told without its password", () => {
    const redis = { url: "redis://user:secret@redis.local:6380/2" };
    const config = {
      limits: { proxy: { requestsPerMinute: 5 } },
      customers: [],
      redis,
    } as unknown as GatewayConfig; // these are read
    expect(limitsFact(config)).toBe("Redis at redis.local:6380");
    expect(limitsFact({ ...config, limits: {} } as unknown as GatewayConfig)).toBe("none configured");
    expect(limitsFact({ ...config, redis: {} } as unknown as GatewayConfig)).toBe("embedded (memory)");
  });
});
