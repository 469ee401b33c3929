import { describe, expect, it } from "vitest";
import type { GatewayConfigInput } from "#contract";
import { resolveConfig } from "../config.ts";
import { boundsOf, shareOf } from "./bounds.ts";
import { LimitLedger } from "./ledger.ts";
import { createLimits, type Limits } from "./limits.ts";
import type { Permit } from "./permit.ts";

const nowhere = { baseUrl: "http://127.0.0.1:1" };
const key = `sha256:${"0".repeat(64)}`;

function configOf(config: Partial<GatewayConfigInput>) {
  return resolveConfig({ providers: { openai: nowhere, anthropic: nowhere }, ...config });
}

/** Limits in this process, at a time that stands still. */
function limitsOf(config: Partial<GatewayConfigInput>): Limits | null {
  return createLimits({
    config: configOf(config),
    link: null,
    ledger: new LimitLedger(),
    clock: () => 1_000,
  });
}

/** How many of ten requests an account admits. */
function admittedOf(limits: Limits | null, customer: string | null): number {
  const account = limits?.accountOf(customer, "proxy");
  if (account === null || account === undefined) return 10;
  const permits = Array.from({ length: 10 }, () => limits!.acquire(account, 0, 0) as Permit); // no Redis: at once
  return permits.filter(({ verdict }) => verdict.isAdmitted).length;
}

describe("limits of an account", () => {
  it("are the gateway's, the customer's own before them, and null lifts one", () => {
    const { limits } = configOf({
      limits: { proxy: { requestsPerMinute: 10, requestsPerHour: 50, tokensPerMinute: 7 } },
    });
    expect(boundsOf("proxy", limits, undefined)).toEqual({
      requestsPerMinute: 10,
      requestsPerHour: 50,
      tokensPerMinute: 7,
      concurrency: 0,
    });
    const own = { proxy: { requestsPerMinute: 99, requestsPerHour: null, concurrency: 3 } };
    expect(boundsOf("proxy", limits, own)).toEqual({
      requestsPerMinute: 99,
      requestsPerHour: 0,
      tokensPerMinute: 7,
      concurrency: 3,
    });
    expect(boundsOf("detection", limits, own)).toBeNull();
    const lifted = { proxy: { requestsPerMinute: null, requestsPerHour: null, tokensPerMinute: null } };
    expect(boundsOf("proxy", limits, lifted)).toBeNull();
  });

  it("are shared out rounded down, one at least, and none stays none", () => {
    const bounds = { requestsPerMinute: 10, requestsPerHour: 1, tokensPerMinute: 0, concurrency: 7 };
    expect(shareOf(bounds, 1 / 4)).toEqual({
      requestsPerMinute: 2,
      requestsPerHour: 1,
      tokensPerMinute: 0,
      concurrency: 1,
    });
  });

  it("are nobody's when none are configured, and then cost nothing", () => {
    expect(limitsOf({})).toBeNull();
    expect(limitsOf({ limits: { proxy: { requestsPerMinute: null } } })).toBeNull();
  });

  it("belong to one customer each", () => {
    const customers: GatewayConfigInput["customers"] = [
      { name: "ann", role: "caller", keys: [key], limits: { proxy: { requestsPerMinute: 2 } } },
      { name: "bob", role: "caller", keys: [key] },
    ];
    const limits = limitsOf({ customers, limits: { proxy: { requestsPerMinute: 4 } } });
    expect([admittedOf(limits, "ann"), admittedOf(limits, "bob"), admittedOf(limits, "ann")]).toEqual([
      2, 4, 0,
    ]);
  });

  it("are divided between the processes of one gateway, which cannot ask each other without Redis", () => {
    const limits = { proxy: { requestsPerMinute: 9 } };
    const processes = Array.from({ length: 4 }, () => limitsOf({ limits, processes: { min: 2, max: 4 } }));
    const admitted = processes.map((process) => admittedOf(process, null));
    expect(admitted).toEqual([2, 2, 2, 2]);
  });
});
