import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { checkConfiguration, printSchema } from "./actions/config.ts";
import { yamlPlaces } from "./yaml-places.ts";

const folder = mkdtempSync(join(tmpdir(), "rampart-config-"));
const file = join(folder, "rampart.yaml");
const KEY = "sk-secret-in-the-file";

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Checks a text; answers exit code and everything that was printed. */
function check(text: string, policy = "default_pii"): { code: number; printed: string } {
  writeFileSync(file, text);
  let printed = "";
  const take = (chunk: unknown): boolean => {
    printed += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(take);
  vi.spyOn(process.stderr, "write").mockImplementation(take);
  const code = checkConfiguration(file, { policy });
  vi.restoreAllMocks();
  return { code, printed };
}

describe("rampart config check", () => {
  it("says that a file is good", () => {
    expect(check("port: 8000\n")).toEqual({ code: 0, printed: `${file}: good\n` });
  });

  it("names line, key, reason and what to do of every fault, and no value", () => {
    const { code, printed } = check(
      `port: 99999\nbounds:\n  bodyBites: 5\nproviders:\n  openai:\n    baseUrl: "ftp://${KEY}"\n    apiKey: "${KEY}"\n`,
    );
    expect(code).toBe(2);
    const lines = printed.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines.find((line) => line.includes("port"))).toMatch(
      /yaml:1:1: port: .*65535; port; 0 = any free one/,
    );
    expect(lines.find((line) => line.includes("bodyBites"))).toMatch(
      /yaml:3:3: bounds\.bodyBites: .*; keys here: bodyBytes/,
    );
    expect(lines.find((line) => line.includes("baseUrl"))).toMatch(/yaml:6:5: providers\.openai\.baseUrl: /);
    expect(printed).not.toContain(KEY);
  });

  it.each([
    ["port: [\n", /yaml:2:1: no YAML \(/],
    ["- a\n", /must hold a mapping/],
    ["processes:\n  min: 4\n  max: 2\n", /yaml:3:3: processes\.max: must not be less/],
    ["host: 0.0.0.0\n", /yaml:1:1: host: listening on 0\.0\.0\.0 needs customer keys/],
    [
      `customers:\n  - { name: a, role: caller, keys: ["sha256:${"0".repeat(64)}"], policy: nowhere }\n`,
      /no policy file at nowhere/,
    ],
  ])("refuses what goes beyond the schema too (%#)", (text, told) => {
    expect(check(text)).toMatchObject({ code: 2, printed: expect.stringMatching(told) });
  });

  it("refuses a policy that is not there", () => {
    expect(check("port: 1\n", "nowhere")).toMatchObject({
      code: 2,
      printed: expect.stringContaining("nowhere"),
    });
  });
});

describe("rampart config schema", () => {
  it("prints a JSON Schema", () => {
    let printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      printed += String(chunk);
      return true;
    });
    printSchema();
    expect(JSON.parse(printed)).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      properties: { port: { default: 8000 }, processes: { properties: { min: { default: 1 } } } },
    });
  });
});

describe("places in YAML", () => {
  it("are those of the key, the item, or the nearest one above", () => {
    const places = yamlPlaces("a:\n  b: 1\n  list:\n    - x\n    - y: 2\n");
    expect(places.of("a.b")).toEqual({ line: 2, column: 3 });
    expect(places.of("a.list.1")).toEqual({ line: 5, column: 7 });
    expect(places.of("a.list.1.y")).toEqual({ line: 5, column: 7 });
    expect(places.of("a.c.d")).toEqual({ line: 1, column: 1 });
    expect(places.of("z")).toBeNull();
  });
});
