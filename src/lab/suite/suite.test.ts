import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RampartError } from "#shared";
import { resultOf } from "../fixture.suite.ts";
import { archivePaths, recordRun } from "../record.ts";
import { resultsTable, writeSuiteArchive } from "./archive.ts";
import { chooseEnvironment, DEFAULT_ENVIRONMENTS, loadLabConfig, parseLabConfig } from "./lab-config.ts";
import { runSuite, SERIES } from "./suite.ts";

const LAB = "environments:\n  live: { host: 'https://api.example.com', keyVariable: LIVE_KEY }\n";

describe("lab.yaml", () => {
  it("names environments; without a file everything is on this machine", async () => {
    expect(await loadLabConfig("/nowhere/lab.yaml")).toBe(DEFAULT_ENVIRONMENTS);
    const [live] = parseLabConfig(LAB, "lab.yaml");
    expect(live).toMatchObject({ name: "live", keyVariable: "LIVE_KEY", mock: null });
  });

  it.each([
    ["environments: []", "environments"],
    ["environments:\n  a: { host: ftp://x }", "environments.a.host"],
    ["environments:\n  a: { host: 'http://x', key: secret }", "environments.a.key"],
    ["environments:\n  a: { host: 'http://x', mock: 1 }", "environments.a.mock"],
  ])("names the wrong field", (text, field) => {
    expect(() => parseLabConfig(text, "lab.yaml")).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field }),
    );
  });

  it("refuses to load another machine without a yes", () => {
    const environments = parseLabConfig(LAB, "lab.yaml");
    expect(() => chooseEnvironment(environments, "live", false)).toThrow(
      expect.objectContaining({ code: "RMP_CLI_USAGE" }),
    );
    expect(chooseEnvironment(environments, "live", true).host).toBe("https://api.example.com");
    expect(chooseEnvironment(DEFAULT_ENVIRONMENTS, "staging", false).host).toContain("127.0.0.1");
    expect(() => chooseEnvironment(environments, "none", true)).toThrow(
      expect.objectContaining({ code: "RMP_CLI_USAGE" }),
    );
  });
});

describe("runSuite", () => {
  it("goes on after a failed test and leaves table, index and JUnit behind", async () => {
    const reports = join(await mkdtemp(join(tmpdir(), "rampart-")), "reports");
    const pauses: number[] = [];
    const entries = await runSuite({
      only: ["light", "stress", "heavy"],
      pause: async () => void pauses.push(1),
      runOne: async (name) => {
        if (name === "stress") throw new RampartError("RMP_NET_UNREACHABLE", "nobody there");
        const result = resultOf({ scenario: { ...resultOf().scenario, name } });
        return recordRun(result, {
          resultsDirectory: join(reports, "..", "results"),
          reports: archivePaths(result, reports),
          generatedAtMs: 0,
        });
      },
    });
    expect(pauses).toHaveLength(2);
    const archive = {
      environment: chooseEnvironment(DEFAULT_ENVIRONMENTS, "local", false),
      startedAtMs: resultOf().startedAtMs,
      entries,
      notes: ["Quick."],
    };
    const table = resultsTable(archive).split("\n");
    expect(table).toContain("| Test | Users | Duration | RPS | P95 | Error Rate | Status |");
    expect(table).toContain("| light | 10 | 1m | 5.00 | 28.0 ms | 0.00% | PASS |");
    expect(table).toContain("| stress |  |  |  |  |  | NOT RUN |");
    expect(table.join()).toContain("stress: nobody there (RMP_NET_UNREACHABLE)");
    const written = await writeSuiteArchive(archive, reports);
    const [, junit = "", index = ""] = await Promise.all(written.map((path) => readFile(path, "utf8")));
    expect(junit).toContain('<testsuite name="light"');
    expect(index).toContain('<a href="light-load-2026-01-02.html">light</a>');
  });

  it("knows only the documented series", async () => {
    const unused = { runOne: async () => Promise.reject(new Error("never")), pause: async () => {} };
    await expect(runSuite({ only: ["other"], ...unused })).rejects.toMatchObject({ code: "RMP_CLI_USAGE" });
    expect(SERIES).not.toContain("soak");
  });
});
