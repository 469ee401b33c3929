import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { ALLOWED, checkFile } from "./imports.ts";

const SRC = join(import.meta.dirname, "../../src");
const sources = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

describe("the house", () => {
  it("keeps its import directions, doors and purity", () => {
    const violations = sources.flatMap((path) =>
      checkFile(relative(SRC, path), readFileSync(path, "utf8"), /\.(?:test|suite)\.tsx?$/.test(path)),
    );
    expect(violations).toEqual([]);
    expect(sources.length).toBeGreaterThan(50);
  });

  it("has a rule for every room", () => {
    const rooms = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(Object.keys(ALLOWED)).toEqual(expect.arrayContaining(rooms.map((room) => room.name)));
  });

  it.each([
    ["gateway/server.ts", 'import { runScenario } from "#load";', "gateway must not import #load"],
    ["load/runner.ts", 'import { createGateway } from "#gateway";', "load must not import #gateway"],
    ["detect/guard.ts", 'import { x } from "#backends/library.ts";', "passes a room's door"],
    ["detect/pii/phone.ts", 'import { x } from "../../gateway/index.ts";', "reaches out of its room"],
    ["lab/verdict/judge.ts", "const now = Date.now();", "impure outside shared/system.ts"],
    ["ui/console/app.tsx", 'import { x } from "#contract";', "ui imports types only"],
  ])("sees a planted violation in %s", (file, text, rule) => {
    expect(checkFile(file, text, false).map((violation) => violation.rule)).toEqual([
      expect.stringContaining(rule),
    ]);
  });
});
