import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunResult } from "#contract";
import { pointOf, resultOf, statsOf } from "../fixture.suite.ts";
import { loadTargets } from "../targets/load.ts";
import { parseTargets } from "../targets/parse.ts";
import { checkBounds } from "./bound-check.ts";
import { exitCodeOf } from "./exit-code.ts";
import { judge } from "./judge.ts";
import { phasesOf } from "./phases.ts";

const table = (...rows: string[]) =>
  parseTargets(
    `name: t\nrows:\n${rows.map((row, index) => `  - { id: r${index}, label: R, scenarios: light, source: s, ${row} }\n`).join("")}`,
    "t.yaml",
  );
const rowOf = (row: string, result = resultOf()) => {
  const found = judge(result, [table(row)]).rows[0];
  if (found === undefined) throw new Error("no row");
  return found;
};

describe("judge", () => {
  it.each([
    ['metric: avg, op: "<", bound: 50, unit: ms', "pass", (100 * 2 + 200 * 19.5) / 300],
    ['metric: p95, endpoint: GET /health, op: "<", bound: 2, unit: ms', "fail", 2],
    ['metric: p95, endpoint: /health, op: "<=", bound: 0.002, unit: s', "pass", 0.002],
    ["metric: rate, op: between, bound: [4, 6], unit: req/s", "pass", 5],
    ['metric: max, op: "<", bound: 100, warning: 20, unit: ms', "warn", 29],
    ['metric: max, op: "<", bound: 20, unit: ms, level: warning', "warn", 29],
    ['metric: users, op: "=", bound: 50, level: condition', "warn", 10],
    ['metric: p95, endpoint: /never, op: "<", bound: 2, unit: ms', "not-measured", null],
    ['metric: rate, op: ">", bound: 500, unit: req/s', "not-measured", null],
    ['metric: users, op: ">=", bound: 10000', "not-measured", null],
    ['metric: check_fails, of: never checked, op: "=", bound: 0', "not-measured", null],
    ['metric: cpu, op: "<", bound: 80, unit: "%"', "not-measured", null],
  ])("%s is %s", (row, outcome, measured) => {
    const verdict = rowOf(row);
    expect(verdict.outcome).toBe(outcome);
    if (measured === null) expect(verdict.measured).toBeNull();
    else expect(verdict.measured).toBeCloseTo(measured, 6);
  });

  it("counts failures of a check and does not pass a run without one", () => {
    const row = 'metric: check_fails, of: no leak, op: "=", bound: 0';
    expect(rowOf(row, resultOf({ checks: [{ name: "no leak", passes: 9, fails: 0 }] })).outcome).toBe("pass");
    expect(rowOf(row, resultOf({ checks: [{ name: "no leak", passes: 9, fails: 1 }] })).outcome).toBe("fail");
  });

  it("lets a row decide only about the scenarios it names", () => {
    const verdict = judge(resultOf(), [table('metric: avg, op: "<", bound: 1, unit: ms')], {
      scenario: "heavy",
    });
    expect(verdict.rows).toEqual([]);
    expect(verdict.outcome).toBe("INVALID");
  });

  it("fails with the row's name and maps to exit code 99", () => {
    const verdict = judge(resultOf(), [table('metric: avg, op: "<", bound: 1, unit: ms')]);
    expect(verdict.outcome).toBe("FAIL");
    expect(verdict.reasons.join()).toContain("t/r0");
    expect(exitCodeOf([verdict, { outcome: "INVALID" }])).toBe(99);
    expect(exitCodeOf([{ outcome: "PASS" }, { outcome: "INVALID" }])).toBe(98);
    expect(exitCodeOf([{ outcome: "PASS" }])).toBe(0);
  });

  it("is INVALID when the generator was, even if a row fails", () => {
    const health = { ...resultOf().health, verdict: "invalid" as const, reasons: ["too slow"] };
    expect(judge(resultOf({ health }), [table('metric: avg, op: "<", bound: 1, unit: ms')]).outcome).toBe(
      "INVALID",
    );
  });

  it("fails a run that its own scenario failed, whatever the generator did", () => {
    const health = { ...resultOf().health, verdict: "invalid" as const, reasons: ["too slow"] };
    const verdict = judge(resultOf({ health, scenarioFailures: ["request 7 leaked"] }), [
      table('metric: avg, op: "<", bound: 50, unit: ms'),
    ]);
    expect(verdict.outcome).toBe("FAIL");
    expect(verdict.reasons[0]).toBe("request 7 leaked");
  });

  it("fails on a check that did not hold, whatever the generator did", () => {
    const health = { ...resultOf().health, verdict: "invalid" as const, reasons: ["too slow"] };
    const checks = [{ name: "no leak", passes: 9, fails: 1 }];
    const row = table('metric: check_fails, of: no leak, op: "=", bound: 0');
    expect(judge(resultOf({ health, checks }), [row]).outcome).toBe("FAIL");
  });

  it("takes thresholds as rows", () => {
    const base = { metric: "http_req_duration", threshold: "p(95)<200", windowSec: null, aborted: false };
    const verdict = judge(
      resultOf({
        thresholds: [
          { ...base, holds: true, value: 20 },
          { ...base, holds: false, value: 300 },
          { ...base, holds: true, value: null },
        ],
      }),
      [],
    );
    expect(verdict.rows.map((row) => row.outcome)).toEqual(["pass", "fail", "not-measured"]);
    expect(verdict.outcome).toBe("FAIL");
  });

  it("judges the light load by the shipped table", async () => {
    const shipped = await loadTargets(join(import.meta.dirname, "../../../targets/prompt-guard.yaml"));
    const verdict = judge(resultOf(), [shipped]);
    expect(verdict.outcome).toBe("PASS");
    const outcomes = Object.fromEntries(verdict.rows.map((row) => [row.id, row.outcome]));
    expect(outcomes).toMatchObject({
      "prompt-guard/light-avg": "pass",
      "prompt-guard/light-errors": "pass",
      "prompt-guard/health-p95": "pass",
      "prompt-guard/metrics-p95": "not-measured",
      "prompt-guard/chat-p95": "pass",
    });
  });
});

describe("sustained levels", () => {
  const held = 'metric: p95, op: "<=", bound: 200, unit: ms, sustained: 10s';
  const series = (values: readonly number[]) =>
    resultOf({ series: values.map((value, tSec) => pointOf(tSec, 10, value, 300 / values.length)) });

  it("breaks only when every second of a window is above", () => {
    const burst = [...Array(20).fill(100), ...Array(9).fill(500), ...Array(21).fill(100)];
    expect(rowOf(held, series(burst)).outcome).toBe("pass");
    const longer = [...Array(20).fill(100), ...Array(10).fill(500), ...Array(20).fill(100)];
    expect(rowOf(held, series(longer))).toMatchObject({ outcome: "fail", measured: 500 });
  });

  it("is not measured in a run shorter than the window", () => {
    expect(rowOf(held, series(Array(9).fill(500))).outcome).toBe("not-measured");
  });
});

describe("checkBounds", () => {
  it("accepts the rate that the users and their waits give", () => {
    expect(checkBounds(resultOf())).toEqual([]);
  });

  it("refuses the published medium run: 508/s from 50 users who wait 1 to 3 s", () => {
    const base = resultOf();
    const samples = Array(152_400).fill(87);
    const requests = [statsOf("POST", "/openai/v1/chat/completions", samples)];
    const published = resultOf({
      requests,
      plan: { ...base.plan, users: 50, runTimeSec: 300 },
      endedAtMs: base.startedAtMs + 300_000,
      series: Array.from({ length: 300 }, (_, tSec) => pointOf(tSec, 50, 178, 508)),
    });
    expect(checkBounds(published).join()).toContain("closed-model bound");
    expect(judge(published, [table('metric: p50, op: "<", bound: 100, unit: ms')]).outcome).toBe("INVALID");
  });

  it("refuses a claimed rate that is not requests / duration", () => {
    expect(checkBounds(resultOf({ claimedRatePerSec: 50 })).join()).toContain("requests / duration");
    expect(checkBounds(resultOf({ claimedRatePerSec: 5 }))).toEqual([]);
  });

  it("does not accuse fast classes beside slow ones", () => {
    const base = resultOf();
    // One user without wait at 1 ms gives 1,000/s; 99 users who wait 1 s and take 1 s give 49.5/s.
    const requests = [
      statsOf("GET", "/fast", Array(10_000).fill(1)),
      statsOf("GET", "/slow", Array(495).fill(1000)),
    ];
    const classes = [
      { name: "Fast", share: 0.01, meanWaitSec: 0, isPaced: false },
      { name: "Slow", share: 0.99, meanWaitSec: 1, isPaced: false },
    ];
    const mixed = resultOf({
      requests,
      plan: { ...base.plan, users: 100, meanWaitSec: 0.99, classes },
      endedAtMs: base.startedAtMs + 10_000,
      series: Array.from({ length: 10 }, (_, tSec) => pointOf(tSec, 100, 20, 1049.5)),
    });
    expect(checkBounds(mixed)).toEqual([]);
  });

  it("knows from the arrivals what an open model can reach", () => {
    const plan = {
      ...resultOf().plan,
      meanWaitSec: null,
      executors: ["constant-arrival-rate"],
      arrivalsPerSec: 5,
    };
    const row = (rate: number) =>
      rowOf(`metric: rate, op: ">=", bound: ${rate}, unit: req/s`, resultOf({ plan }));
    expect(row(5).outcome).toBe("pass");
    expect(row(50).outcome).toBe("not-measured");
  });

  it("has no bound for open models", () => {
    const base = resultOf();
    const open = resultOf({ plan: { ...base.plan, users: 1, meanWaitSec: null } });
    expect(checkBounds(open)).toEqual([]);
  });
});

describe("phases", () => {
  const spike = (afterMs: readonly number[]) =>
    resultOf({
      series: [
        ...Array.from({ length: 20 }, (_, i) => pointOf(i, 10, 10)),
        ...Array.from({ length: 10 }, (_, i) => pointOf(20 + i, 100, 300)),
        ...afterMs.map((ms, i) => pointOf(30 + i, 10, ms)),
      ],
    });
  const recovery = 'metric: recovery_time, op: "<", bound: 5, unit: s';

  it("cuts a run into normal, burst and recovery", () => {
    expect(phasesOf(spike([300, 300, 12, 12, 12, 12])).map((entry) => [entry.kind, entry.fromSec])).toEqual([
      ["normal", 0],
      ["burst", 20],
      ["recovery", 30],
      ["normal", 32],
    ]);
  });

  it("measures the time until latency is normal again", () => {
    expect(rowOf(recovery, spike([300, 300, 12, 12, 12, 12]))).toMatchObject({
      measured: 2,
      outcome: "pass",
    });
    expect(rowOf(recovery, spike([...Array(6).fill(300), 12, 12, 12])).outcome).toBe("fail");
  });

  it("fails a run that did not come back and does not measure one without a burst", () => {
    expect(rowOf(recovery, spike(Array(6).fill(300)))).toMatchObject({ measured: null, outcome: "fail" });
    expect(rowOf(recovery, spike(Array(4).fill(300)))).toMatchObject({
      measured: null,
      outcome: "not-measured",
    });
    expect(rowOf(recovery).outcome).toBe("not-measured");
  });
});

describe("faults of a drill", () => {
  const fault = {
    label: "kill redis",
    fromSec: 10,
    toSec: 30,
    recoverySec: 2.5,
    requestsLost: 3,
    problem: null,
  };
  const judged = (faults: RunResult["faults"]) => judge(resultOf({ faults: faults ?? [] }), []);

  it("that recovered passes, with its seconds and its cost", () => {
    expect(judged([fault]).outcome).toBe("PASS");
    expect(judged([fault]).rows[0]).toMatchObject({
      id: "fault/1",
      outcome: "pass",
      measured: 2.5,
      measuredText: "2.5 s, 3 requests failed",
    });
  });

  it("that did not recover fails the run", () => {
    expect(judged([{ ...fault, recoverySec: null }]).outcome).toBe("FAIL");
  });

  it("that could not be made makes the run invalid", () => {
    const verdict = judged([{ ...fault, recoverySec: null, problem: "redis cannot be started" }]);
    expect(verdict.outcome).toBe("INVALID");
    expect(verdict.reasons[0]).toContain("kill redis");
  });
});
