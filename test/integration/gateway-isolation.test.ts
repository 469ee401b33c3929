import { afterEach, describe, expect, it, vi } from "vitest";
import type { Vault } from "#detect";
import { AnswerKeys } from "../../src/gateway/cache/answer-keys.ts";
import { isolationGuard, proveIsolation } from "./isolation.ts";

const NOTHING_WRONG = {
  ...{ failed: 0, leaked: 0, foreign: 0, unrestored: 0, lookAlikesTouched: 0, crossTenant: 0 },
};

describe("isolation under concurrency", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("holds for 200 clients of 5 tenants, plain and streaming, with shared session names, caches and calls", async () => {
    const counts = await proveIsolation({ clients: 200, tenants: 5, requests: 5_000, concurrency: 50 });
    expect(counts).toMatchObject({ requests: 5_000, ...NOTHING_WRONG });
    // Else it would not have been tried.
    expect(counts.hits).toBeGreaterThan(500);
    expect(counts.shared).toBeGreaterThan(50);
  }, 180_000);

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
  }, 30_000);

  it("is not what a build without the tenant in the cache's keys would show", async () => {
    const { of } = AnswerKeys.prototype;
    vi.spyOn(AnswerKeys.prototype, "of").mockImplementation(function (this: AnswerKeys, asked, endpoint) {
      return of.call(this, { ...asked, tenant: "" }, endpoint);
    });
    const counts = await proveIsolation({ clients: 20, tenants: 5, requests: 400, concurrency: 20 });
    expect(counts.crossTenant).toBeGreaterThan(0);
  }, 30_000);

  it("is not what a build that keeps restored answers would show", async () => {
    const guard = isolationGuard();
    // The first reader's vault stands in for everybody's when an answer is put back.
    let first: Vault | undefined;
    const counts = await proveIsolation({
      clients: 20,
      tenants: 5,
      requests: 400,
      concurrency: 20,
      guard: {
        ...guard,
        createVault(options) {
          const vault = guard.createVault(options);
          first ??= vault;
          return vault;
        },
        restore: (text, _vault, how) => guard.restore(text, first!, how),
      },
    });
    expect(counts.foreign + counts.unrestored).toBeGreaterThan(0);
  }, 30_000);
});
