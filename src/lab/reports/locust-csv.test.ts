import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointOf, resultOf, START_MS, statsOf } from "../fixture.suite.ts";
import { percentileMs } from "../results/histogram.ts";
import { parseTargets } from "../targets/parse.ts";
import { judge } from "../verdict/judge.ts";
import { csvLine, float, parseCsv } from "./csv-text.ts";
import { failuresCsv, historyCsv, locustCsvFiles, statsCsv } from "./locust-csv.ts";
import { resultOfLocustCsv } from "./locust-csv-read.ts";

/** What Locust 2.46.3 wrote with `--csv out --csv-full-history`. */
const CAPTURED = {
  "_stats.csv":
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\r\n",
  "_stats_history.csv":
    "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\r\n",
  "_failures.csv": "Method,Name,Error,Occurrences,First Seen,Last Seen\r\n",
  "_exceptions.csv": "Count,Message,Traceback,Nodes\r\n",
};
const CAPTURED_STATS = `${CAPTURED["_stats.csv"]}GET,/a,200,0,1049.0,1049.0,1049.0,1049.0,10.0,33.24279805449411,0.0,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000\r\n,Aggregated,200,0,1049.0,1049.0,1049.0,1049.0,10.0,33.24279805449411,0.0,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000,1000\r\n`;

describe("the four CSV files", () => {
  it.each(Object.entries(CAPTURED))("%s has the captured header", (suffix, header) => {
    const empty = resultOf({ requests: [], series: [] });
    const text = locustCsvFiles(empty)[suffix] ?? "";
    expect(text.slice(0, header.length)).toBe(header);
  });

  it("writes the captured row for the captured run, exact where Locust rounds", () => {
    const requests = [statsOf("GET", "/a", Array(200).fill(1049))];
    const seconds = 200 / 33.24279805449411;
    const text = statsCsv(resultOf({ requests, endedAtMs: START_MS + seconds * 1000 }));
    const row = text.split("\r\n")[1]?.split(",") ?? [];
    expect(row.slice(0, 9).join(",")).toBe("GET,/a,200,0,1049.0,1049.0,1049.0,1049.0,10.0");
    expect(Number(row[9])).toBeCloseTo(33.2428, 2);
    expect(row.slice(11)).toEqual(Array(11).fill("1049"));
    expect(text.split("\r\n")[2]?.startsWith(",Aggregated,200,")).toBe(true);
  });

  it("puts the 95th percentile into column 17 and sorts by name, then method", () => {
    const requests = [
      statsOf("POST", "/b", [1, 2, 3]),
      statsOf(
        "GET",
        "/b",
        Array.from({ length: 100 }, (_, index) => index + 1),
      ),
      statsOf("GET", "/a", [5]),
    ];
    const rows = parseCsv(statsCsv(resultOf({ requests }))).slice(1);
    expect(rows.map((row) => `${row[0]} ${row[1]}`)).toEqual(["GET /a", "GET /b", "POST /b", " Aggregated"]);
    expect(rows[1]?.[16]).toBe("95");
  });

  it("writes the full history: every name, percentiles of the last seconds, N/A without requests in them", () => {
    const row = {
      ...{ tSec: 1, requestsPerSec: 2.5, failuresPerSec: 0, requests: 3, failures: 0, bodyBytes: 30 },
      ...{ medianMs: 7, meanMs: 8, minMs: 6, maxMs: 11 },
    };
    const history = [
      { ...row, method: "GET", name: "/a", recentPercentilesMs: Array(11).fill(9.4) },
      { ...row, method: "", name: "Aggregated", recentPercentilesMs: null },
    ];
    const [head, named, total] = parseCsv(historyCsv(resultOf({ history })));
    expect(head?.join(",")).toBe(CAPTURED["_stats_history.csv"].trim());
    const seconds = String(Math.floor(START_MS / 1000) + 1);
    expect(named?.slice(0, 8)).toEqual([seconds, named?.[1], "GET", "/a", "2.500000", "0.000000", "9", "9"]);
    expect(named?.slice(17)).toEqual(["3", "0", "7.0", "8.0", "6.0", "11.0", "10.0"]);
    expect(total?.slice(2, 7)).toEqual(["", "Aggregated", "2.500000", "0.000000", "N/A"]);
  });

  it("writes one history row per second with running totals", () => {
    const totals = {
      requests: 7,
      failures: 1,
      bodyBytes: 70,
      meanMs: 2.5,
      minMs: 1,
      maxMs: 9,
      percentilesMs: [2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 9],
    };
    const series = [pointOf(0, 1, null, 0), { ...pointOf(1, 2, 5, 7), totals }];
    const rows = parseCsv(locustCsvFiles(resultOf({ series }))["_stats_history.csv"] ?? "").slice(1);
    const second = Math.floor(START_MS / 1000);
    expect(rows[0]?.join(",")).toBe(
      `${second},1,,Aggregated,0.000000,0.000000,${Array(11).fill("N/A").join(",")},0,0,0,0.0,0,0,0`,
    );
    expect(rows[1]?.join(",")).toBe(
      `${second + 1},2,,Aggregated,0.000000,0.000000,2,2,3,3,4,5,6,7,8,9,9,7,1,2.0,2.5,1.0,9.0,10.0`,
    );
  });

  it("quotes what needs quotes", () => {
    const errors = [
      {
        method: "GET",
        name: "/a,b",
        family: "http" as const,
        message: 'said "no"',
        count: 2,
        firstSeenMs: START_MS,
        lastSeenMs: START_MS,
      },
    ];
    expect(failuresCsv(resultOf({ errors })).split("\r\n")[1]).toBe(
      'GET,"/a,b","http: said ""no""",2,2026-01-02T03:04:05.000Z,2026-01-02T03:04:05.000Z',
    );
  });

  it("reads back what it wrote, whatever the cells hold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), { maxLength: 5 }),
        (rows) => {
          expect(parseCsv(rows.map(csvLine).join(""))).toEqual(rows);
        },
      ),
    );
  });

  it("prints floats as Python does", () => {
    expect(csvLine([float(0), float(1049), float(0.1), float(1e-5), float(1.5e-7), float(1e16)])).toBe(
      "0.0,1049.0,0.1,1e-05,1.5e-07,1e+16\r\n",
    );
  });
});

describe("judging Locust's files", () => {
  const table = parseTargets(
    'name: t\nrows:\n  - { id: p95, label: P95, metric: p95, op: "<", bound: 200, unit: ms, scenarios: baseline, source: s }\n',
    "t.yaml",
  );

  it("reads the captured file by its column names", () => {
    const result = resultOfLocustCsv({ stats: CAPTURED_STATS }, "perf/out_stats.csv");
    expect(result.total).toMatchObject({ count: 200, failures: 0, bodyBytes: 2000 });
    expect(result.scenario.name).toBe("out");
    const verdict = judge(result, [table], { scenario: "baseline" });
    expect(verdict.outcome).toBe("FAIL");
    expect(verdict.rows[0]?.measured).toBe(1049);
  });

  it("gives back the percentiles, mean and counts of our own files", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 300 }),
        (samples) => {
          const result = resultOf({ requests: [statsOf("GET", "/a", samples)] });
          const read = resultOfLocustCsv({ stats: statsCsv(result) }, "x_stats.csv");
          for (const percentile of [50, 80, 95, 99, 100])
            expect(percentileMs(read.total.fromDue, percentile)).toBe(
              percentileMs(result.total.fromDue, percentile),
            );
          expect(read.total.fromDue.sumUs).toBeCloseTo(result.total.fromDue.sumUs, 0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("finds a reported rate that the history does not bear out", () => {
    const files = locustCsvFiles(resultOf());
    const texts = { stats: files["_stats.csv"] ?? "", history: files["_stats_history.csv"] ?? "" };
    expect(judge(resultOfLocustCsv(texts, "x_stats.csv"), [table], { scenario: "baseline" }).outcome).toBe(
      "PASS",
    );
    const total = texts.stats.split("\r\n").at(-2) ?? "";
    const cells = total.split(",");
    cells[9] = String(Number(cells[9]) * 10);
    const claimed = texts.stats.replace(total, cells.join(","));
    const verdict = judge(resultOfLocustCsv({ ...texts, stats: claimed }, "x_stats.csv"), [table], {
      scenario: "baseline",
    });
    expect(verdict.outcome).toBe("INVALID");
  });

  it.each([
    ["hello\n"],
    [CAPTURED["_stats.csv"]],
    [CAPTURED_STATS.replaceAll("200,0,1049.0", "many,0,1049.0")],
  ])("refuses other files", (stats) => {
    expect(() => resultOfLocustCsv({ stats }, "x.csv")).toThrow(
      expect.objectContaining({ code: "RMP_LAB_RESULT_INVALID" }),
    );
  });
});
