import { describe, expect, it } from "vitest";
import { proveIsolation } from "../integration/isolation.ts";

describe("isolation under concurrency", () => {
  it("holds over 100,000 requests of 200 clients of 5 tenants, with caches and shared calls", async () => {
    const counts = await proveIsolation({ clients: 200, tenants: 5, requests: 100_000, concurrency: 200 });
    process.stderr.write(`${JSON.stringify(counts)}\n`);
    expect(counts).toMatchObject({
      requests: 100_000,
      failed: 0,
      leaked: 0,
      foreign: 0,
      unrestored: 0,
      lookAlikesTouched: 0,
      crossTenant: 0,
    });
    expect(counts.hits).toBeGreaterThan(10_000);
    expect(counts.shared).toBeGreaterThan(1_000);
  }, 1_800_000);
});
