import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRuns } from "./check.ts";
import { resultOf } from "./fixture.suite.ts";
import { archiveName, archivePaths, recordRun } from "./record.ts";
import { exitCodeOf } from "./verdict/exit-code.ts";

const folderOf = () => mkdtemp(join(tmpdir(), "rampart-"));
const IMPOSSIBLE =
  'name: mine\nrows:\n  - { id: no, label: Impossible, metric: avg, op: "<", bound: 0.001, unit: ms, scenarios: light, source: me }\n';

describe("recordRun and checkRuns", () => {
  it("judge the same run alike from results file, HTML, CSV and JSON", async () => {
    const folder = await folderOf();
    const recorded = await recordRun(resultOf(), {
      resultsDirectory: join(folder, "results"),
      reports: archivePaths(resultOf(), join(folder, "reports")),
      generatedAtMs: 0,
    });
    expect(recorded.verdict.outcome).toBe("PASS");
    const stem = join(folder, "reports", "light-load-2026-01-02");
    const paths = [recorded.path, `${stem}.html`, `${stem}.json`, `${stem}_stats.csv`];
    const checked = await checkRuns(paths, { scenario: "light" });
    expect(checked.map((run) => run.verdict.outcome)).toEqual(["PASS", "PASS", "PASS", "PASS"]);
    expect(checked[0]?.verdict).toEqual(recorded.verdict);
    expect(checked[0]?.verdict.targets).toBe("prompt-guard + rampart");
  });

  it("fails by a target file of the user's and says which row", async () => {
    const folder = await folderOf();
    const mine = join(folder, "mine.yaml");
    await writeFile(mine, IMPOSSIBLE);
    const { path } = await recordRun(resultOf(), { resultsDirectory: folder, reports: {}, generatedAtMs: 0 });
    const checked = await checkRuns([path], { targetFiles: [mine] });
    expect(exitCodeOf(checked.map((run) => run.verdict))).toBe(99);
    expect(checked[0]?.verdict.reasons.join()).toContain("mine/no");
  });

  it("says when a table is not there", async () => {
    await expect(
      recordRun(resultOf(), { resultsDirectory: "/x", reports: {}, generatedAtMs: 0, table: "none" }),
    ).rejects.toMatchObject({ code: "RMP_CONFIG_NOT_FOUND" });
  });

  it("names archives as the second seed does", () => {
    const named = (name: string) => archiveName(resultOf({ scenario: { ...resultOf().scenario, name } }));
    expect([named("light"), named("soak"), named("spike-bursts")]).toEqual([
      "light-load-2026-01-02",
      "soak-test-2026-01-02",
      "spike-load-2026-01-02",
    ]);
  });
});
