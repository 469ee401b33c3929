import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_AUDIT } from "../audit/figures.ts";
import type { MetricFamily } from "./family.ts";
import { GatewayMetrics } from "./gateway-metrics.ts";
import { quantiles } from "./quantiles.ts";
import { type MetricsSnapshot, mergeSnapshots } from "./snapshot.ts";

const LIVE: MetricsSnapshot["live"] = {
  uptimeSec: 10,
  requestsPerSec: 2,
  activeRequests: 1,
  activeConnections: 3,
  upstreamQueued: 0,
  sessions: 1,
  cpuPercent: 40,
  rssBytes: 1_000,
  heapUsedBytes: 500,
  eventLoopDelayMs: 5,
  monitor: { connections: 0, eventsSent: 0, eventsSkipped: 0, slowReadersCut: 0, connectionsLost: 0 },
  audit: NO_AUDIT,
};

const exchanges = fc.array(
  fc.record({
    process: fc.integer({ min: 0, max: 3 }),
    route: fc.constantFrom("/a", "/b"),
    status: fc.constantFrom(200, 429, 500),
    totalMs: fc.double({ min: 0, max: 90_000, noNaN: true }),
    upstreamMs: fc.double({ min: 0, max: 500, noNaN: true }),
    findings: fc.integer({ min: 0, max: 2 }),
    cacheState: fc.constantFrom("off", "miss", "hit"),
  }),
  { maxLength: 60 },
);

function family(merge: "sum" | "max" | "min", value: number): MetricFamily {
  return {
    name: `rampart_${merge}`,
    type: "gauge",
    help: "",
    merge,
    samples: [{ value, labels: { a: "b" } }],
  };
}

describe("snapshots of several processes", () => {
  it("merge to what one process would have counted, also after their way as JSON", () => {
    fc.assert(
      fc.property(exchanges, (list) => {
        const one = new GatewayMetrics();
        const several = Array.from({ length: 4 }, () => new GatewayMetrics());
        for (const { process, route, status, totalMs, upstreamMs, findings, cacheState } of list)
          for (const metrics of [one, several[process]!]) {
            metrics.countExchange(route, status, totalMs, {
              ...{ guardMs: totalMs / 10, upstreamMs, isProxy: true, findings, cacheState },
              ...{ errorCode: status === 500 ? "RMP_INTERNAL" : null, provider: "openai" },
            });
            for (let i = 0; i < findings; i += 1) metrics.countFinding("EMAIL_ADDRESS");
          }
        const parts = several.map((metrics) => ({ core: metrics.snapshot(), live: LIVE, families: [] }));
        const { core } = mergeSnapshots(JSON.parse(JSON.stringify(parts)));
        const whole = one.snapshot();
        expect(core.totals).toEqual(whole.totals);
        expect(core.findings).toEqual(whole.findings);
        expect(core.errors).toEqual(whole.errors);
        expect(core.cache).toEqual(whole.cache);
        expect(quantiles(core.all)).toEqual({
          ...quantiles(whole.all),
          mean: expect.closeTo(quantiles(whole.all)["mean"]!, 1),
        });
        expect(core.all.exposed).toEqual(whole.all.exposed);
        for (const [route, { statuses, latency }] of Object.entries(whole.routes)) {
          expect(core.routes[route]?.statuses).toEqual(statuses);
          expect(core.routes[route]?.latency.count).toBe(latency.count);
          expect(core.routes[route]?.latency.exposed).toEqual(latency.exposed);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("sum what adds up and keep the worst of what does not", () => {
    const one = { core: new GatewayMetrics().snapshot(), live: LIVE, families: [] };
    const other: MetricsSnapshot = {
      core: new GatewayMetrics().snapshot(),
      live: {
        ...LIVE,
        uptimeSec: 4,
        eventLoopDelayMs: 50,
        audit: { ...NO_AUDIT, state: "failed", lagMs: 9 },
      },
      families: [],
    };
    expect(mergeSnapshots([one, other]).live).toMatchObject({
      ...{ uptimeSec: 10, requestsPerSec: 4, cpuPercent: 80, rssBytes: 2_000, eventLoopDelayMs: 50 },
      audit: { state: "failed", lagMs: 9 },
    });
  });

  it("merge families by their own rule, sample by sample", () => {
    const of = (value: number): MetricsSnapshot => ({
      core: new GatewayMetrics().snapshot(),
      live: LIVE,
      families: [family("sum", value), family("max", value), family("min", value)],
    });
    const merged = mergeSnapshots([of(2), of(5)]).families.map(({ samples }) => samples);
    expect(merged).toEqual([7, 5, 2].map((value) => [{ value, labels: { a: "b" } }]));
  });
});
