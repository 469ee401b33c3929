import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const GATEWAY = join(import.meta.dirname, "../..");
const sources = readdirSync(GATEWAY, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => ({ name, text: readFileSync(join(GATEWAY, name), "utf8") }));

/** Files with an import that is carried out when the file is loaded. */
const loaders = (specifier: RegExp): string[] =>
  sources
    .filter(({ text }) => new RegExp(`^import (?!type )[^;]*from "(?:${specifier.source})";`, "m").test(text))
    .map(({ name }) => name);

describe("the driver of PostgreSQL", () => {
  it("is loaded by the first statement: a gateway without a database never does", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(loaders(/pg/)).toEqual(["stores/postgres/client.ts"]);
    expect(loaders(/node-pg-migrate/)).toEqual([]);
    expect(
      loaders(/[^"]*postgres\/client\.ts|\.\/client\.ts/).filter((name) => name.includes("postgres")),
    ).toEqual([]);
    expect(loaders(/\.\/figures\.ts/).length).toBeGreaterThan(0);
  });
});
