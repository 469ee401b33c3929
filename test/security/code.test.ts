import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Source files of some rooms, with their text; tests left out. */
function sources(...rooms: string[]): [file: string, text: string][] {
  return rooms.flatMap((room) =>
    readdirSync(join(ROOT, "src", room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith(".data.ts"))
      .map((name): [string, string] => [
        join(room, name),
        readFileSync(join(ROOT, "src", room, name), "utf8"),
      ]),
  );
}

/** Ways to run what a configuration or a request says. */
const EXECUTION =
  /\beval\s*\(|\bnew Function\b|\bFunction\s*\(\s*["'`]|from "node:vm"|from "node:child_process"|\bimport\s*\(\s*[^"\s)]|process\.binding/;
/** SQL put together from parts. */
const SPLICED_SQL = /`[^`]*\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^`]*\$\{[^`]*`/;

describe("the code that faces clients", () => {
  it("runs nothing that comes from a request or a configuration", () => {
    const files = sources("gateway", "detect", "contract", "shared");
    expect(files.length).toBeGreaterThan(200);
    for (const [file, text] of files) expect(EXECUTION.test(text), file).toBe(false);
    for (const planted of [
      "eval(x)",
      "new Function('a', b)",
      'import vm from "node:vm"',
      "await import(name)",
    ])
      expect(EXECUTION.test(planted), planted).toBe(true);
  });

  it("depends on exact versions, every one with its checksum in the lock file", () => {
    const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), "utf8"));
    const { dependencies, optionalDependencies, devDependencies } = read("package.json");
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...optionalDependencies,
      ...devDependencies,
    }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    const { packages } = read("package-lock.json") as {
      packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>;
    };
    for (const [path, { integrity, link, inBundle }] of Object.entries(packages))
      if (path !== "" && link !== true && inBundle !== true) expect(integrity, path).toMatch(/^sha\d+-/);
  });

  it("hands values to SQL as parameters", () => {
    const spliced = sources("gateway", "cli")
      .filter(([, text]) => SPLICED_SQL.test(text))
      .map(([file]) => file);
    expect(SPLICED_SQL.test(`\`SELECT * FROM a WHERE b = '\${value}'\``)).toBe(true);
    // These put names of tables, columns of the code itself and numbered parameters into statements. A file that is not
    // listed fails: look what it puts in.
    expect(spliced.toSorted()).toEqual([
      "gateway/audit/database/select.ts",
      "gateway/audit/database/verify.ts",
      "gateway/audit/shipping/prune.ts",
      "gateway/audit/shipping/table.ts",
    ]);
  });
});
