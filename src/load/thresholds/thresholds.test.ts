import { describe, expect, it } from "vitest";
import { Recorder } from "../stats/recorder.ts";
import { RunStats } from "../stats/run-stats.ts";
import { holds, parseThreshold } from "./parse.ts";
import { createThresholdWatch } from "./watch.ts";

/** Ten seconds at ten requests a second of `/a`, the last two seconds failing and slow. */
function sampleStats(keepSec: number): RunStats {
  const stats = new RunStats(keepSec);
  const recorder = new Recorder("w", { startedAtMs: 0, epochOffsetMs: 0 });
  for (let index = 0; index < 100; index += 1) {
    const endMs = index * 100 + 50;
    const isLate = endMs >= 8000;
    const latencyMs = isLate ? 500 : 20;
    recorder.request("GET", "/a", endMs - latencyMs, endMs - 10, endMs, 1);
    if (isLate) recorder.failure("GET", "/a", "http", "HTTP 500", endMs);
    recorder.check("fine", !isLate);
    recorder.metric("trend", "llm_ttft", index, "ms", endMs);
    recorder.metric("counter", "tokens", 2, "", endMs);
    recorder.metric("gauge", "depth", index, "", endMs);
  }
  let seq = 0;
  for (const delta of recorder.takeAll())
    stats.add({
      workerId: "w",
      seq: ++seq,
      delta,
      users: 1,
      usersByClass: {},
      cpuPercent: 0,
      memoryBytes: 0,
      eventLoopDelayP99Ms: 0,
    });
  stats.closeAll();
  return stats;
}

describe("parseThreshold", () => {
  it.each([
    [
      "http_req_duration",
      "p(95)<200",
      { aggregation: { kind: "percentile", percent: 95 }, comparison: "<", bound: 200 },
    ],
    ["http_req_duration{name:chat}", "p(99.9) <= 1e3", { tags: { name: "chat" }, bound: 1000 }],
    [
      "http_req_failed{name:/a,method:GET}",
      "rate<0.01",
      { metric: "http_req_failed", tags: { name: "/a", method: "GET" } },
    ],
    ["http_reqs", "count===100", { comparison: "==" }],
    ["x", "med!=-1.5", { bound: -1.5 }],
  ])("reads %s %s", (key, expression, expected) => {
    expect(parseThreshold(key, expression)).toMatchObject(expected);
  });

  it.each(["p95<200", "p(101)<1", "p(95)<", "avg=1", "p(95)<200ms", "", "rate<0.01; rate>1"])(
    "refuses %s",
    (expression) => {
      expect(() => parseThreshold("http_req_duration", expression)).toThrow(
        expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }),
      );
    },
  );

  it("compares", () => {
    expect([holds(1, ">", 1), holds(1, ">=", 1), holds(1, "<", 1), holds(1, "<=", 1)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect([holds(1, "==", 1), holds(1, "!=", 1)]).toEqual([true, false]);
  });
});

describe("createThresholdWatch", () => {
  it("judges the run's metrics", () => {
    const watch = createThresholdWatch({
      http_req_duration: ["p(50)<21", "p(95)<100", "max<501", "min>19", "avg<117", "count==100"],
      http_req_duration_sent: ["max<11"],
      "http_req_duration{name:/b}": ["p(95)<1"],
      http_req_failed: ["rate<0.1", "count==20"],
      "http_req_failed{name:/a}": ["rate<=0.2"],
      http_reqs: ["rate>9", "count>=100"],
      checks: ["rate>0.79"],
      llm_ttft: ["p(90)<90"],
      tokens: ["count==200", "rate>19"],
      depth: ["value==99"],
    });
    const results = watch.results(sampleStats(10), 10);
    expect(
      results.filter((result) => !result.holds).map((result) => `${result.metric} ${result.threshold}`),
    ).toEqual(["http_req_duration p(95)<100", "http_req_failed rate<0.1"]);
    expect(results.find((result) => result.metric === "http_req_duration{name:/b}")).toMatchObject({
      value: null,
      holds: true,
    });
    expect(results.find((result) => result.threshold === "rate<0.1")).toMatchObject({
      value: 0.2,
      aborted: false,
    });
  });

  it("judges sliding windows apart from the whole run", () => {
    const stats = sampleStats(10);
    const whole = createThresholdWatch({ http_req_failed: ["rate<0.5"] });
    const sliding = createThresholdWatch({ http_req_failed: [{ threshold: "rate<0.5", windowSec: 2 }] });
    expect(sliding.windowSec).toBe(2);
    expect(whole.results(stats, 10)[0]).toMatchObject({ holds: true });
    expect(sliding.results(stats, 10)[0]).toMatchObject({ holds: false, value: 1, windowSec: 2 });
  });

  it("slides over every kind of metric", () => {
    const windowed = (threshold: string) => ({ threshold, windowSec: 2 });
    const watch = createThresholdWatch({
      http_req_duration_sent: [windowed("max<9")],
      checks: [windowed("rate>0.1")],
      llm_ttft: [windowed("min>79")],
      tokens: [windowed("count==40"), windowed("rate==20")],
      depth: [windowed("value==99")],
      never_seen: [windowed("value>0")],
    });
    const results = watch.results(sampleStats(10), 10);
    expect(results.map(({ value }) => value)).toEqual([10, 0, expect.closeTo(80, 1), 40, 20, 99, null]);
    expect(results.map(({ holds: isKept }) => isKept)).toEqual([false, false, true, true, true, true, true]);
  });

  it("asks for the end of the run when told so, after its delay, and stays failed", () => {
    const watch = createThresholdWatch({
      http_req_failed: [{ threshold: "rate<0.1", abortOnFail: true, delayAbortEvalSec: 5 }],
      http_reqs: ["count>1000000"],
    });
    expect(watch.check(sampleStats(10), 4)).toBeNull();
    expect(watch.check(sampleStats(10), 6)).toMatch(/http_req_failed rate<0\.1/);
    expect(watch.results(new RunStats(), 10)[0]).toMatchObject({ holds: false, aborted: true });
  });
});
