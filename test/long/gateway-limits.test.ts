import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, startRedis } from "../fixtures/redis-server.ts";
import { drillFrozenRedis, drillTwoInstances, expectBounded } from "../integration/limits-drills.ts";
import { startLimited, untilShared } from "../integration/limits-fixtures.ts";

describe("limits, at full size", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.kill());

  it("serve within the time-out while Redis is frozen for 30 s", async () => {
    const findings = await drillFrozenRedis({
      freezeMs: 30_000,
      calmMs: 5_000,
      everyMs: 5,
      commandTimeoutMs: 50,
    });
    process.stderr.write(`${JSON.stringify(findings)}\n`);
    expectBounded(findings, 50);
  }, 120_000);

  it("admit exactly the limit over two gateways, at 5,000 requests", async () => {
    const { admitted, others } = await drillTwoInstances(
      server,
      { proxy: { requestsPerHour: 1_234 } },
      5_000,
    );
    expect(admitted[0]! + admitted[1]!).toBe(1_234);
    expect(others).toEqual([429]);
  }, 120_000);

  it("hold in every window of 60 s under three minutes of traffic on two gateways", async () => {
    const limit = 150;
    const gateways = await Promise.all(
      [0, 1].map(() =>
        startLimited({
          redis: { url: server.url, keyPrefix: "windows:", commandTimeoutMs: 2_000 },
          limits: { proxy: { requestsPerMinute: limit } },
        }),
      ),
    );
    try {
      await Promise.all(gateways.map(untilShared));
      /** When an admitted request was sent and answered: it was counted somewhere in between. */
      const admitted: { readonly sentMs: number; readonly answeredMs: number }[] = [];
      const endMs = performance.now() + 185_000;
      const drive = async (gateway: (typeof gateways)[number], everyMs: number): Promise<void> => {
        while (performance.now() < endMs) {
          const sentMs = performance.now();
          const { status } = await gateway.send();
          if (status === 200) admitted.push({ sentMs, answeredMs: performance.now() });
          await new Promise((resolve) => setTimeout(resolve, everyMs));
        }
      };
      await Promise.all(gateways.flatMap((gateway, i) => [drive(gateway, 40 + 30 * i), drive(gateway, 95)]));
      let fullest = 0;
      // Requests that certainly lie in the 60 s before an answer: sent after its beginning, answered before its end.
      for (const { answeredMs: untilMs } of admitted) {
        const inside = admitted.filter(
          ({ sentMs, answeredMs }) => sentMs > untilMs - 60_000 && answeredMs <= untilMs,
        ).length;
        fullest = Math.max(fullest, inside);
      }
      process.stderr.write(`${JSON.stringify({ admitted: admitted.length, fullest, limit })}\n`);
      expect(fullest).toBeLessThanOrEqual(limit);
      // Three full windows were offered, and a little of a fourth.
      expect(admitted.length).toBeGreaterThanOrEqual(3 * limit);
      expect(admitted.length).toBeLessThanOrEqual(4 * limit);
    } finally {
      await Promise.all(gateways.map(({ close }) => close()));
    }
  }, 240_000);
});
