import { describe, expect, it } from "vitest";
import { type HealthFigures, judgeHealth } from "./health.ts";
import { constant, defineScenario, defineUser, runScenario, task } from "./index.ts";

const FINE: HealthFigures = {
  eventLoopDelayP99Ms: 1,
  cpuPercent: 50,
  scheduleLagP99Ms: 1,
  undelivered: 0,
  requests: 1000,
  connectionsOpened: 10,
  errors: [],
  faults: [],
};

describe("judgeHealth", () => {
  it("is valid when every limit is kept", () => {
    expect(judgeHealth(FINE)).toMatchObject({ verdict: "valid", reasons: [] });
    expect(judgeHealth({ ...FINE, undelivered: 1 })).toMatchObject({ verdict: "valid" });
  });

  it.each([
    ["schedule lag", { scheduleLagP99Ms: 51 }, /late/],
    ["event loop", { eventLoopDelayP99Ms: 51 }, /event loop/],
    ["undelivered arrivals", { undelivered: 2 }, /never sent/],
    ["a lost worker", { faults: ["worker w1 was lost"] }, /w1/],
    [
      "ports used up",
      {
        errors: [
          {
            method: "GET",
            name: "/",
            family: "connect",
            message: "connect failed (EADDRNOTAVAIL)",
            count: 3,
            firstSeenMs: 0,
            lastSeenMs: 0,
          },
        ],
      },
      /ports or file descriptors/,
    ],
  ] as const)("is invalid for %s, with one reason", (_what, figures, reason) => {
    const health = judgeHealth({ ...FINE, ...figures });
    expect(health.verdict).toBe("invalid");
    expect(health.reasons).toHaveLength(1);
    expect(health.reasons[0]).toMatch(reason);
  });

  it("makes a run invalid whose own tasks hold up the event loop", async () => {
    const blocking = defineUser({
      name: "Blocking",
      wait: constant(0.02),
      tasks: [
        task("block", () => {
          const untilMs = performance.now() + 120;
          while (performance.now() < untilMs);
        }),
      ],
    });
    const scenario = defineScenario({
      name: "blocking",
      host: "http://127.0.0.1:9",
      users: 4,
      runTime: 1,
      userClasses: [blocking],
    });
    const result = await runScenario({ scenario });
    expect(result.health.verdict).toBe("invalid");
  });
});
