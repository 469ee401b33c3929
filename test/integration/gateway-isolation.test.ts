import { describe, expect, it } from "vitest";
import type { Vault } from "#detect";
import { isolationGuard, proveIsolation } from "./isolation.ts";

const NOTHING_WRONG = { failed: 0, leaked: 0, foreign: 0, unrestored: 0, lookAlikesTouched: 0 };

describe("isolation under concurrency", () => {
  it("holds for 200 clients of 5 tenants, plain and streaming, with shared session names", async () => {
    const counts = await proveIsolation({ clients: 200, tenants: 5, requests: 5_000, concurrency: 50 });
    expect(counts).toEqual({ requests: 5_000, ...NOTHING_WRONG });
  }, 60_000);

  it("is not what a build with one vault for all would show", async () => {
    const guard = isolationGuard();
    const vault = guard.createVault();
    // One vault for all that also forgets to set look-alikes aside: the vault itself would stop the first mistake alone.
    const shared: Vault = new Proxy(vault, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name === "reserve") return () => undefined;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const counts = await proveIsolation({
      clients: 20,
      tenants: 5,
      requests: 200,
      concurrency: 20,
      guard: { ...guard, createVault: () => shared },
    });
    expect(counts.foreign + counts.unrestored + counts.lookAlikesTouched).toBeGreaterThan(0);
  });
});
