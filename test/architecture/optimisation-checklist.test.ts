import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/optimisation-checklist.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| asked"));

describe("the optimisation checklist", () => {
  it("names for each item code and tests that are there", () => {
    expect(rows).toHaveLength(11);
    for (const row of rows) {
      const [, item, , code = "", tests = ""] = row.split("|");
      const [places, proofs] = [code, tests].map((cell) =>
        [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path!),
      );
      expect(places!.length, item).toBeGreaterThan(0);
      expect(proofs!.length, item).toBeGreaterThan(0);
      expect(
        proofs!.filter((path) => !path.endsWith(".test.ts")),
        item,
      ).toEqual([]);
      expect(
        [...places!, ...proofs!].filter((path) => !existsSync(join(ROOT, path))),
        item,
      ).toEqual([]);
    }
  });
});
