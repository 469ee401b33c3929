import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pointOf, resultOf, statsOf } from "../fixture.suite.ts";
import { loadTargets } from "../targets/load.ts";
import { judge } from "../verdict/judge.ts";
import { jsonForHtml, renderHtml, resultOfHtml } from "./html.ts";
import { junitXml } from "./junit.ts";
import { markdownReport } from "./markdown.ts";
import { buildReport } from "./model.ts";
import { summarise, summaryText } from "./summary.ts";
import { verdictText } from "./terminal.ts";
import { writeReports } from "./write.ts";

const TABLE = await loadTargets(join(import.meta.dirname, "../../../targets/prompt-guard.yaml"));
const reportOf = (result = resultOf()) => {
  const verdict = judge(result, [TABLE]);
  return { result, verdict, tables: [TABLE], generatedAtMs: 0 };
};
const TEMPLATE =
  '<!doctype html><title>x</title><body><script id="report-data" type="application/json"></script><script>app()</script>';

describe("buildReport", () => {
  it("puts verdict, totals and charts together", () => {
    const model = buildReport(reportOf());
    expect(model.verdict?.outcome).toBe("PASS");
    expect(model.requests.map((row) => row.name)).toEqual([
      "/health",
      "/openai/v1/chat/completions",
      "Aggregated",
    ]);
    expect(model.requests.at(-1)).toMatchObject({ requests: 300, requestsPerSec: 5 });
    expect(model.charts.map((chart) => chart.id)).toEqual([
      "rate",
      "latency",
      "errors",
      "distribution",
      "histogram",
    ]);
    for (const chart of model.charts)
      for (const series of chart.series) expect(series.values).toHaveLength(chart.x.length);
    const bars = model.charts.at(-1)?.series[0]?.values ?? [];
    expect(bars.reduce<number>((sum, bar) => sum + (bar ?? 0), 0)).toBe(300);
  });

  it("bins a day of seconds without losing a request", () => {
    const series = Array.from({ length: 86_400 }, (_, tSec) =>
      pointOf(tSec, 30, tSec === 40_000 ? 900 : 5, 1),
    );
    const model = buildReport(reportOf(resultOf({ series })));
    const rate = model.charts[0];
    expect(rate?.x.length).toBeLessThanOrEqual(1200);
    const perBin = 86_400 / (rate?.x.length ?? 1);
    const total = (rate?.series[0]?.values ?? []).reduce<number>(
      (sum, value) => sum + (value ?? 0) * perBin,
      0,
    );
    expect(total).toBeCloseTo(86_400, 0);
    expect(Math.max(...(model.charts[1]?.series[1]?.values ?? []).map((value) => value ?? 0))).toBe(900);
  });

  it("marks bursts and tells them apart in a table", () => {
    const series = [
      ...Array.from({ length: 20 }, (_, tSec) => pointOf(tSec, 10, 10)),
      ...Array.from({ length: 10 }, (_, index) => pointOf(20 + index, 100, 300)),
      ...Array.from({ length: 10 }, (_, index) => pointOf(30 + index, 10, 10)),
    ];
    const model = buildReport(reportOf(resultOf({ series })));
    expect(model.tables[0]?.rows.map((row) => row[0])).toEqual(["normal", "burst", "normal"]);
    expect(model.charts[0]?.bands).toEqual([{ label: "burst", fromSec: 20, toSec: 30, kind: "phase" }]);
  });
});

describe("the summary", () => {
  const medium = (users: number) =>
    resultOf({
      scenario: { ...resultOf().scenario, name: "medium" },
      plan: { ...resultOf().plan, users, spawnRatePerSec: 5 },
      endedAtMs: resultOf().startedAtMs + 300_000,
      series: Array.from({ length: 300 }, (_, tSec) => pointOf(tSec, users, 20, 1)),
    });

  it("prints the block of the second seed", () => {
    const text = summaryText(summarise(resultOf(), [TABLE], null));
    expect(text).toContain("Total requests: 300\nTotal failures: 0 (0.00%)\nFailure rate: 0.00%\n");
    expect(text).toContain("  Average: 13.7 ms\n  Median: 14.0 ms\n  P95: 28.0 ms\n");
    expect(text).toContain("Throughput: 5.00 req/s");
  });

  it("sets the published figures beside it in their own setting only", () => {
    const same = medium(50);
    const summary = summarise(same, [TABLE], judge(same, [TABLE]));
    expect(summary.lines.at(-1)).toMatchObject({ label: "Throughput", published: "508 req/s" });
    expect(summary.note).toContain("50.8/s and not 508/s");
    const other = medium(20);
    expect(summarise(other, [TABLE], judge(other, [TABLE])).note).toBe("");
  });
});

describe("HTML", () => {
  it("fills the page so that the results can be read back", async () => {
    const uiDirectory = await mkdtemp(join(tmpdir(), "rampart-"));
    await writeFile(join(uiDirectory, "report.html"), TEMPLATE);
    const evil = resultOf({
      scenario: { ...resultOf().scenario, description: "</script><script>alert(1)</script>\u2028$&" },
    });
    const { result, ...rest } = reportOf(evil);
    const html = await renderHtml(buildReport({ result, ...rest }), result, uiDirectory);
    expect(html).not.toContain("</script><script>alert");
    const json = /id="report-data"[^>]*>([^<]*)</.exec(html)?.[1] ?? "";
    expect(JSON.parse(json)).toMatchObject({ description: result.scenario.description });
    expect(html).toContain("<title>light: PASS</title>");
    expect(await resultOfHtml(html, "x.html")).toEqual(result);
  });

  it("is a plain page where no page was built", async () => {
    const { result, ...rest } = reportOf();
    const html = await renderHtml(buildReport({ result, ...rest }), result, "/nowhere");
    expect(html).toContain("Average response time under light load");
    expect(await resultOfHtml(html, "x.html")).toEqual(result);
  });

  it("refuses other pages", async () => {
    await expect(resultOfHtml("<html></html>", "x.html")).rejects.toMatchObject({
      code: "RMP_LAB_RESULT_INVALID",
    });
    const damaged = '<script id="report-result" type="text/plain">AAAA</script>';
    await expect(resultOfHtml(damaged, "x.html")).rejects.toMatchObject({ code: "RMP_LAB_RESULT_INVALID" });
  });

  it("escapes what would end a script element or a line", () => {
    expect(jsonForHtml("</script>\u2028")).toBe('"\\u003c/script>\\u2028"');
  });
});

describe("JUnit, Markdown, terminal", () => {
  const slow = resultOf({ requests: [statsOf("GET", "/health", Array(300).fill(60))] });
  const verdict = judge(slow, [TABLE]);

  it("counts cases as they are", () => {
    const xml = junitXml([{ result: slow, verdict }]);
    expect(verdict.outcome).toBe("FAIL");
    const failed = verdict.rows.filter((row) => row.outcome === "fail").length;
    expect(xml).toContain(`failures="${failed}"`);
    expect(xml.match(/<testcase /g)).toHaveLength(verdict.rows.length + 1);
    expect(xml.match(/<failure /g)).toHaveLength(failed);
    expect(xml).not.toMatch(/message="[^"]*</);
  });

  it("name the failed row with figure, bound and source", () => {
    const markdown = markdownReport({ result: slow, verdict }, summarise(slow, [TABLE], verdict));
    expect(markdown).toMatch(/❌ FAIL \| Average response time under light load \| 60 ms \| &lt; 50 ms/);
    const text = verdictText(verdict, { isColor: false });
    expect(text.split("\n")[1]).toMatch(/^FAIL .*60 ms +< 50 ms/);
    expect(text).toContain("line 122");
    expect(text).toContain("Verdict: FAIL");
  });
});

describe("writeReports", () => {
  it("makes the folders and writes every form", async () => {
    const folder = join(await mkdtemp(join(tmpdir(), "rampart-")), "a", "b");
    const paths = {
      html: join(folder, "light.html"),
      csv: join(folder, "csv", "light"),
      json: join(folder, "light.json"),
      statsJson: join(folder, "light-stats.json"),
      junit: join(folder, "light.xml"),
      markdown: join(folder, "light.md"),
    };
    const written = await writeReports({ ...reportOf(), paths });
    expect(written).toHaveLength(9);
    expect((await readdir(join(folder, "csv"))).sort()).toEqual([
      "light_exceptions.csv",
      "light_failures.csv",
      "light_stats.csv",
      "light_stats_history.csv",
    ]);
    expect(JSON.parse(await readFile(paths.json, "utf8"))).toMatchObject({ verdict: { outcome: "PASS" } });
    expect(JSON.parse(await readFile(paths.statsJson, "utf8")).stats.at(-1)).toMatchObject({
      name: "Aggregated",
      num_requests: 300,
    });
  });
});
