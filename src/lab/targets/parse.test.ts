import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RampartError } from "#shared";
import { loadTargets, rowsFor } from "./load.ts";
import { parseTargets } from "./parse.ts";

const TARGETS = join(import.meta.dirname, "../../../targets");
const row = (fields: string) =>
  `name: t\nrows:\n  - { id: a-row, label: A, metric: p95, op: "<", bound: 10, unit: ms, scenarios: light, source: here${fields} }\n`;

function failure(yaml: string): RampartError {
  try {
    parseTargets(yaml, "t.yaml");
  } catch (error) {
    if (error instanceof RampartError) return error;
  }
  throw new Error("expected a RampartError");
}

describe("parseTargets", () => {
  it("reads a row with its defaults", () => {
    const table = parseTargets(row(""), "t.yaml");
    expect(table.rows).toEqual([
      expect.objectContaining({
        id: "a-row",
        bound: 10,
        level: "critical",
        scenarios: ["light"],
        endpoints: [],
      }),
    ]);
  });

  it.each([
    [row(", colour: red"), "rows[0] (a-row).colour"],
    [row("").replace("p95", "p100"), "rows[0] (a-row).metric"],
    [row("").replace("ms", "parsec"), "rows[0] (a-row).unit"],
    [row("").replace('"<"', '"~"'), "rows[0] (a-row).op"],
    [row("").replace("bound: 10", "bound: ten"), "rows[0] (a-row).bound"],
    [row("").replace('"<", bound: 10', "between, bound: [5, 1]"), "rows[0] (a-row).bound"],
    [row("").replace("source: here", 'source: ""'), "rows[0] (a-row).source"],
    [row(", warning: 12"), "rows[0] (a-row).warning"],
    [row(", sustained: soon"), "rows[0] (a-row).sustained"],
    [
      row("").replace("p95", "cpu").replace("unit: ms", 'unit: "%", endpoint: /x'),
      "rows[0] (a-row).endpoint",
    ],
    [row("").replace("p95", "check_fails").replace("unit: ms", 'unit: ""'), "rows[0] (a-row).of"],
    [row("") + row("").split("rows:\n")[1], "rows[1] (a-row).id"],
    ["name: t\nrows: []\n", "rows"],
    ["rows: [", ""],
  ])("names the row and the field of a wrong table", (yaml, field) => {
    const error = failure(yaml);
    expect(error.code).toBe("RMP_LAB_TARGETS_INVALID");
    if (field !== "") expect(error.message).toContain(field);
  });
});

describe("the shipped tables", () => {
  it.each(readdirSync(TARGETS).filter((name) => name.endsWith(".yaml")))("%s is valid", async (name) => {
    const table = await loadTargets(join(TARGETS, name));
    expect(table.rows.length).toBeGreaterThan(4);
    for (const target of table.rows) expect(target.sources[0]).toMatch(/line \d+|ARCHITECTURE/);
  });

  it("give the light load its expectations", async () => {
    const table = await loadTargets(join(TARGETS, "prompt-guard.yaml"));
    const ids = rowsFor(table, "light").map((target) => target.id);
    expect(ids).toEqual(
      expect.arrayContaining(["light-avg", "light-errors", "health-p95", "metrics-p95", "chat-p95"]),
    );
    expect(ids).not.toContain("chat-cached-p95");
  });

  it("answers a missing file with its code", async () => {
    await expect(loadTargets(join(TARGETS, "none.yaml"))).rejects.toMatchObject({
      code: "RMP_CONFIG_NOT_FOUND",
    });
  });
});
