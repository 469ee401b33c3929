import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const ENTRANCES = ["README.md", "ARCHITECTURE.md"];
const PAGES = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);

/** Paths from the root that a page links to, without other hosts and places within pages. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8").replace(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^\w+:/.test(target))
    .map((target) => join(dirname(page), target));
}

describe("the pages", () => {
  it.each([...ENTRANCES, "CONTRIBUTING.md", ...PAGES])("%s links to what is there", (page) => {
    expect(linksOf(page).filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it("are all reached from the README or the architecture page", () => {
    const reached = new Set(ENTRANCES.flatMap(linksOf));
    expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
    expect(reached.size).toBeGreaterThan(PAGES.length);
  });

  it("name every room and every dependency on the architecture page", () => {
    const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    );
    const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const names = [
      ...rooms.map(({ name }) => name),
      ...Object.keys({ ...dependencies, ...optionalDependencies }),
    ];
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
