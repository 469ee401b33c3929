/** Constant arrival rate of 100/s for 10 s against a server with one 2 s stall. */
import { describe, expect, it } from "vitest";
import { measureStall } from "../../src/load/stall.suite.ts";

describe("a stall of two seconds", () => {
  it("is charged to everything that was due in it", async () => {
    const { result, seenByServer, p99FromDueMs, p99FromSentMs } = await measureStall(100, 10, 300, 2000);
    console.log(`p99 from due ${p99FromDueMs.toFixed(0)} ms, from sent ${p99FromSentMs.toFixed(0)} ms`);
    expect(result.total).toMatchObject({ count: 1000, failures: 0 });
    expect(seenByServer).toBe(1000);
    expect(p99FromDueMs).toBeGreaterThan(1800);
  });
});
