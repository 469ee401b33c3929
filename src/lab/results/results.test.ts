import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { histogramOf, resultOf, START_MS, statsOf } from "../fixture.suite.ts";
import { listResultIds, readResult, writeResult } from "./file.ts";
import { EMPTY_HISTOGRAM, mergeHistograms, percentileMs } from "./histogram.ts";
import { mergeResults } from "./merge.ts";
import { quantileInterval } from "./quantile-interval.ts";

const samples = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 });

describe("percentileMs", () => {
  it("is the nearest rank of the sorted samples", () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(0, 1, 50, 66, 95, 99, 99.9, 100), (values, percentile) => {
        const sorted = [...values].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((percentile * sorted.length) / 100 - 1e-9));
        expect(percentileMs(histogramOf(values), percentile)).toBe(sorted[rank - 1]);
      }),
    );
  });

  it("never leaves [min, max] though buckets carry their upper end", () => {
    const coarse = {
      count: 2,
      minUs: 1_049_000,
      maxUs: 1_049_000,
      sumUs: 2_098_000,
      buckets: [[1_049_599, 2]],
    } as const;
    expect(percentileMs(coarse, 95)).toBe(1049);
    expect(percentileMs(EMPTY_HISTOGRAM, 95)).toBeNull();
  });
});

describe("quantileInterval", () => {
  it("holds the true percentile in about 99 of 100 samples", () => {
    const random = createRandom(9);
    let held = 0;
    for (let run = 0; run < 300; run += 1) {
      const interval = quantileInterval(
        histogramOf(Array.from({ length: 500 }, () => Math.ceil(random() * 1000))),
        90,
      );
      if (interval !== null && interval.lowMs <= 900 && interval.highMs >= 900) held += 1;
    }
    expect(held).toBeGreaterThan(285);
    expect(quantileInterval(histogramOf([1, 2, 3]), 99)).toBeNull();
  });
});

describe("merging", () => {
  it("gives the histogram of all samples", () => {
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 4 }), (parts) => {
        expect(mergeHistograms(parts.map(histogramOf))).toEqual(histogramOf(parts.flat()));
      }),
    );
  });

  it("adds counts, checks and users of runs at the same time", () => {
    const one = resultOf({ checks: [{ name: "c", passes: 1, fails: 0 }] });
    const merged = mergeResults([one, resultOf({ checks: [{ name: "c", passes: 2, fails: 1 }] })]);
    expect(merged.total.count).toBe(2 * one.total.count);
    expect(merged.requests.map((stats) => stats.count)).toEqual([200, 400]);
    expect(merged.checks).toEqual([{ name: "c", passes: 3, fails: 1 }]);
    expect(merged.series[5]).toMatchObject({ users: 20, requests: 10, p95Ms: null, meanMs: 20, maxMs: 20 });
  });

  it("puts runs one after the other on one axis and keeps their percentiles", () => {
    const later = resultOf({ startedAtMs: START_MS + 100_000, endedAtMs: START_MS + 160_000 });
    const merged = mergeResults([resultOf(), later]);
    expect(merged.endedAtMs - merged.startedAtMs).toBe(160_000);
    expect(merged.series.map((point) => point.tSec)).toContain(100);
    expect(merged.series.every((point) => point.p95Ms === 20)).toBe(true);
  });

  it("refuses different scenarios", () => {
    const other = resultOf({ scenario: { ...resultOf().scenario, name: "heavy" } });
    expect(() => mergeResults([resultOf(), other])).toThrow(
      expect.objectContaining({ code: "RMP_LAB_RESULT_INVALID" }),
    );
  });
});

describe("results files", () => {
  it("are read as they were written, into a folder made for them", async () => {
    const directory = join(await mkdtemp(join(tmpdir(), "rampart-")), "deep", "results");
    const result = resultOf({ requests: [statsOf("GET", "/ä", [1, 2, 3])] });
    const path = await writeResult(result, directory);
    expect(await readResult(path)).toEqual(result);
    expect(await listResultIds(directory)).toEqual([result.id]);
    expect(await readdir(directory)).toEqual([`${result.id}.run.json.gz`]);
    expect(await listResultIds(join(directory, "none"))).toEqual([]);
  });

  it.each([
    ["cut short", gzipSync(JSON.stringify(resultOf())).subarray(0, 200)],
    ["no JSON", Buffer.from("hello")],
    ["of a newer version", Buffer.from(JSON.stringify(resultOf({ schemaVersion: 999 })))],
    ["without statistics", gzipSync(JSON.stringify({ ...resultOf(), total: undefined }))],
  ])("refuses a file %s", async (_name, bytes) => {
    const path = join(await mkdtemp(join(tmpdir(), "rampart-")), "x.run.json.gz");
    await writeFile(path, bytes);
    await expect(readResult(path)).rejects.toMatchObject({ code: "RMP_LAB_RESULT_INVALID" });
  });

  it("says that a file is missing", async () => {
    await expect(readResult("/nowhere/x.run.json.gz")).rejects.toMatchObject({
      code: "RMP_CONFIG_NOT_FOUND",
    });
  });
});
