import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "#shared";
import { feedArray, feedCsv, feedJsonLines, parseCsv } from "./feeders.ts";

let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "rampart-feeder-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function user(id: number, index = 0, count = 1) {
  return {
    id,
    random: createRandom(id),
    worker: { index, count },
    stop: () => {
      throw new Error("stopped");
    },
  };
}

describe("feeders", () => {
  it("hand out rows in order over all workers, each once before any twice", () => {
    const workers = [0, 1, 2].map((index) => ({
      feeder: feedArray([..."abcdef"], "sequential"),
      as: user(index, index, 3),
    }));
    const rows = workers.flatMap(({ feeder, as }) => [feeder.next(as), feeder.next(as)]);
    expect(rows.sort().join("")).toBe("abcdef");
  });

  it("give each user its own row, and end a user for whom none is left", () => {
    const feeder = feedArray(["a", "b"], "unique");
    expect([feeder.next(user(0)), feeder.next(user(1)), feeder.next(user(0))]).toEqual(["a", "b", "a"]);
    expect(() => feeder.next(user(2))).toThrow("stopped");
  });

  it("draw at random from all rows", () => {
    const feeder = feedArray(["a", "b", "c"]);
    const as = user(1);
    expect(new Set(Array.from({ length: 50 }, () => feeder.next(as))).size).toBe(3);
  });

  it("read CSV and JSON lines", () => {
    const csv = join(directory, "rows.csv");
    writeFileSync(csv, '\uFEFFid,text\r\n1,"one, ""two""\nthree"\r\n\r\n2,\r\n');
    const rows = feedCsv(csv, "sequential");
    expect([rows.next(user(0)), rows.next(user(0))]).toEqual([
      { id: "1", text: 'one, "two"\nthree' },
      { id: "2", text: "" },
    ]);
    const lines = join(directory, "rows.jsonl");
    writeFileSync(lines, '{"a":1}\n\n{"a":2}\n');
    expect(feedJsonLines<{ a: number }>(lines).size).toBe(2);
  });

  it("refuse what cannot be read", () => {
    const bad = join(directory, "bad.jsonl");
    writeFileSync(bad, "{}\n{");
    const ragged = join(directory, "ragged.csv");
    writeFileSync(ragged, "a,b\n1\n");
    for (const make of [
      () => feedArray([]),
      () => feedJsonLines(bad),
      () => feedCsv(ragged),
      () => feedCsv(join(directory, "none.csv")),
      () => parseCsv('a,"b'),
      () => parseCsv('a,"b"c'),
    ])
      expect(make).toThrow(expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }));
  });

  it("read back any cells that were written by the rules", () => {
    const cells = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(cells, fc.constantFrom("\n", "\r\n"), (rows, eol) => {
        const text = rows
          .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
          .join(eol);
        expect(parseCsv(text)).toEqual(rows);
      }),
    );
  });
});
