import { describe, expect, it } from "vitest";
import { parseConfig } from "./load-config.ts";
import { executorsOf, thresholdsOf } from "./load-plan.ts";

describe("parseConfig", () => {
  it("reads Locust's lines", () => {
    const text =
      "# comment\nlocustfile = my.ts\nheadless = true\nspawn_rate: 5\ntags = [a, b]\n; x\nonly-summary\nhost = http://h:1 # there\n";
    expect(parseConfig(text, false)).toEqual({
      locustfile: "my.ts",
      headless: "true",
      "spawn-rate": "5",
      tags: "[a, b]",
      "only-summary": "true",
      host: "http://h:1",
    });
  });

  it("reads only Locust's section of a TOML file", () => {
    const text =
      '[project]\nname = "x"\n[tool.locust]\nusers = 10\nhost = "http://h"\n[tool.other]\nusers = 3\n';
    expect(parseConfig(text, true)).toEqual({ users: "10", host: "http://h" });
  });
});

describe("the plan of the flags", () => {
  it("is open with an arrival rate, ramps with stages, and the scenario's own without", () => {
    expect(executorsOf({})).toBeUndefined();
    expect(executorsOf({ arrivalRate: 5, runTime: 10, users: 7 })).toEqual([
      { kind: "constant-arrival-rate", ratePerSec: 5, durationSec: 10, maxUsers: 7 },
    ]);
    const stages = [
      { durationSec: 30, target: 10 },
      { durationSec: 60, target: 0 },
    ];
    expect(executorsOf({ stages: "30s:10,1m:0" })).toEqual([{ kind: "ramping-users", stages }]);
    expect(executorsOf({ stages: "30:10,60:0", arrivalRate: 2 })).toEqual([
      { kind: "ramping-arrival-rate", startRatePerSec: 2, stages },
    ]);
  });

  it.each([[{ arrivalRate: 5 }], [{ stages: "30s" }], [{ stages: "x:3" }]])("refuses %j", (flags) => {
    expect(() => executorsOf(flags)).toThrow(expect.objectContaining({ code: "RMP_CLI_USAGE" }));
  });

  it("puts thresholds under their metric", () => {
    expect(thresholdsOf([])).toBeUndefined();
    expect(
      thresholdsOf(["p(95)<200", "http_req_failed: rate<0.01", "http_req_duration{name:/chat}: p(99)<500"]),
    ).toEqual({
      http_req_duration: ["p(95)<200"],
      http_req_failed: ["rate<0.01"],
      "http_req_duration{name:/chat}": ["p(99)<500"],
    });
  });
});
