import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { defineScenario, defineUser, runScenario, task } from "./index.ts";
import { takeSnapshot } from "./live.ts";
import { measureStall } from "./stall.suite.ts";
import { histogramFrom } from "./stats/histogram.ts";
import { Recorder } from "./stats/recorder.ts";
import { RunStats } from "./stats/run-stats.ts";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const caller = defineUser({
  name: "Caller",
  tasks: [
    task("hit", async (user) => {
      await user.http.get("/");
    }),
  ],
});

describe("what is reported is what was", () => {
  it("charges a stall to everything that was due in it", async () => {
    const { result, seenByServer, p99FromDueMs } = await measureStall(100, 3, 100, 1000);
    expect(result.total).toMatchObject({ count: 300, failures: 0 });
    expect(seenByServer).toBe(300);
    // A third of the arrivals fell into the stall, evenly spread over it.
    expect(p99FromDueMs).toBeGreaterThan(900);
    expect(histogramFrom(result.total.fromSent).count).toBe(300);
    expect(result.health.undelivered).toBe(0);
  });

  it("charges what waits for a free user too, which from-sent alone would hide", async () => {
    const host = await serve((_request, response) => setTimeout(() => response.end(), 100));
    const scenario = defineScenario({
      name: "queue",
      host,
      userClasses: [caller],
      executors: [{ kind: "constant-arrival-rate", ratePerSec: 20, durationSec: 2, maxUsers: 1 }],
    });
    const result = await runScenario({ scenario });
    const due = histogramFrom(result.total.fromDue);
    const sent = histogramFrom(result.total.fromSent);
    expect(sent.percentileUs(95) / 1000).toBeLessThan(250);
    expect(due.percentileUs(95) / 1000).toBeGreaterThan(700);
    expect(result.total.count + result.health.undelivered).toBe(40);
    expect(result.health.verdict).toBe("invalid");
  });

  it("agrees with the server's own clock", async () => {
    const serverMs: number[] = [];
    const host = await serve((_request, response) => {
      const beganMs = performance.now();
      setTimeout(() => {
        response.end();
        serverMs.push(performance.now() - beganMs);
      }, 30);
    });
    const scenario = defineScenario({ name: "clock", host, users: 3, runTime: 1, userClasses: [caller] });
    const result = await runScenario({ scenario });
    const sorted = serverMs.sort((a, b) => a - b);
    const medianMs = sorted[Math.ceil(sorted.length / 2) - 1]!;
    expect(result.total.count).toBe(serverMs.length);
    expect(Math.abs(histogramFrom(result.total.fromDue).percentileUs(50) / 1000 - medianMs)).toBeLessThan(3);
  });

  it("shows 1049.0 ms as 1049.0 ms in the live table", () => {
    const stats = new RunStats();
    const recorder = new Recorder("w", { startedAtMs: 0, epochOffsetMs: 0 });
    for (let index = 0; index < 300; index += 1) recorder.request("GET", "/", 0, 0, 1049, 1);
    for (const delta of recorder.takeAll())
      stats.add({
        workerId: "w",
        seq: 1,
        delta,
        users: 1,
        usersByClass: {},
        cpuPercent: 0,
        memoryBytes: 0,
        eventLoopDelayP99Ms: 0,
      });
    const { total } = takeSnapshot(stats, {
      state: "running",
      startedAtMs: 0,
      elapsedSec: 2,
      runTimeSec: null,
      targetUsers: 1,
      series: [],
      workers: [],
    });
    expect(total).toMatchObject({
      medianMs: 1049,
      p95Ms: 1049,
      p99Ms: 1049,
      minMs: 1049,
      maxMs: 1049,
      averageMs: 1049,
    });
  });

  it("counts what was still unanswered after the stop time-out as failed", async () => {
    const host = await serve(() => {});
    const scenario = defineScenario({
      name: "hang",
      host,
      users: 2,
      runTime: 1,
      stopTimeoutSec: 0.2,
      userClasses: [caller],
    });
    const result = await runScenario({ scenario });
    expect(result.total).toMatchObject({ count: 2, failures: 2 });
    expect(result.errors).toMatchObject([{ family: "timeout", count: 2 }]);
    const locustLike = await runScenario({ scenario, overrides: { stopTimeoutSec: 0, runTimeSec: 0.3 } });
    expect(locustLike.total.count).toBe(0);
  });

  it("changes users, resets and stops while it runs", async () => {
    const { startRun } = await import("./index.ts");
    const host = await serve((_request, response) => setTimeout(() => response.end(), 20));
    const scenario = defineScenario({ name: "steered", host, users: 2, userClasses: [caller] });
    const users: number[] = [];
    const run = startRun({
      scenario,
      onTick: (snapshot) => {
        users.push(snapshot.users);
        if (users.length === 1) run.control.setUsers(5, 100);
        if (users.length === 2) run.control.stop();
      },
    });
    const result = await run.result;
    expect(users.slice(0, 2)).toEqual([2, 5]);
    expect(result.stoppedEarly).toBe(true);
  });
});
