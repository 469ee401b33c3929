import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { resultOf } from "../fixture.suite.ts";
import { listBaselines, loadBaseline, saveBaseline } from "./baselines.ts";
import { compareRuns } from "./compare.ts";
import { comparisonHtml, comparisonMarkdown, comparisonText } from "./report.ts";
import { simulateRun, TYPICAL_RUN } from "./simulated-run.suite.ts";

const named = (name: string) => resultOf({ scenario: { ...resultOf().scenario, name } });

describe("baselines", () => {
  it("keep results per version and the target load's statistics as CSV", async () => {
    const root = await mkdtemp(join(tmpdir(), "rampart-"));
    const folders = { baselines: join(root, "baselines"), performance: join(root, "performance_baselines") };
    await saveBaseline("v1.0.0", [named("light"), named("target")], folders);
    await saveBaseline("v1.0.0", [named("light")], folders);
    expect(await listBaselines(folders)).toEqual(["v1.0.0"]);
    expect(await loadBaseline("v1.0.0", "light", folders)).toHaveLength(2);
    expect((await loadBaseline("v1.0.0", "target", folders))[0]?.scenario.name).toBe("target");
    expect(await readFile(join(folders.performance, "v1.0.0.csv"), "utf8")).toContain("Aggregated");
    await expect(loadBaseline("v0.9.0", "light", folders)).rejects.toMatchObject({
      code: "RMP_CONFIG_NOT_FOUND",
    });
  });

  it("refuse runs that failed, and versions that are no names", async () => {
    const folders = { baselines: "/nowhere", performance: "/nowhere" };
    const failed = resultOf({ verdict: { outcome: "FAIL", reasons: [], rows: [], targets: "t" } });
    await expect(saveBaseline("v1", [failed], folders)).rejects.toMatchObject({
      code: "RMP_LAB_RESULT_INVALID",
    });
    await expect(saveBaseline("../v1", [resultOf()], folders)).rejects.toMatchObject({
      code: "RMP_CLI_USAGE",
    });
  });
});

describe("reports of a comparison", () => {
  const random = createRandom(1);
  const comparison = compareRuns(
    [simulateRun(TYPICAL_RUN, 1, random, "before")],
    [simulateRun(TYPICAL_RUN, 1.2, random, "after")],
  );

  it("name what got worse, by how much and how surely", () => {
    const text = comparisonText(comparison, { isColor: false });
    expect(text.split("\n")[1]).toMatch(/^WORSE .*ms .*\+\d+\.\d % +\+\d+\.\d % to \+\d+\.\d %$/);
    expect(text).toContain("regression: ");
    expect(comparisonMarkdown(comparison)).toContain("| WORSE | ");
    const html = comparisonHtml(comparison);
    expect(html.match(/<svg /g)?.length).toBe(
      comparison.differences.filter((entry) => entry.figure !== "errors").length,
    );
  });
});
