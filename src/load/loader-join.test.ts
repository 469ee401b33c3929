import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "./loader.ts";
import { findScenarioFiles } from "./loader-folder.ts";
import { listOfFiles, scenarioFilesOf } from "./loader-join.ts";

let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "rampart-scenarios-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const scenario = (name: string, userClass: string, users: number) =>
  `import { defineScenario, defineUser, task } from "rampart/load";
export default defineScenario({ name: "${name}", users: ${users}, shapes: { ${name}: () => ({ tick: () => null }) },
  userClasses: [defineUser({ name: "${userClass}", tasks: [task("t", async () => {})] })] });
`;

describe("a list of scenario files", () => {
  it("gives the user classes and shapes of all, the rest from the first, and a hash of all", async () => {
    const one = write("one.ts", scenario("one", "One", 3));
    const two = write("two.ts", scenario("two", "Two", 7));
    const both = await loadScenario(`${one}, ${two}`);
    expect(both.scenario).toMatchObject({ name: "one", users: 3 });
    expect(both.scenario.userClasses.map(({ name }) => name)).toEqual(["One", "Two"]);
    expect(Object.keys(both.scenario.shapes).sort()).toEqual(["one", "two"]);
    expect(both.path).toBe(`${one},${two}`);
    expect(both.hash).not.toBe((await loadScenario(one)).hash);
    expect((await loadScenario(both.path)).hash).toBe(both.hash);
    expect((await loadScenario(`${two},${one}`)).scenario).toMatchObject({ name: "two", users: 7 });
  });

  it("refuses the same class in two files, naming both, and names the file that cannot be loaded", async () => {
    const one = write("same/a.ts", scenario("a", "Same", 1));
    const two = write("same/b.ts", scenario("b", "Same", 1));
    const error: unknown = await loadScenario(`${one},${two}`).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID", field: "Same" });
    expect(String(error)).toContain(one);
    expect(String(error)).toContain(two);
    await expect(loadScenario(`${one},${join(directory, "none.ts")}`)).rejects.toMatchObject({
      code: "RMP_LOAD_SCENARIO_NOT_FOUND",
      message: expect.stringContaining("none.ts"),
    });
  });

  it("takes a file with a comma in its name alone, not beside others", () => {
    const odd = write("a,b.ts", scenario("odd", "Odd", 1));
    expect(scenarioFilesOf(odd)).toEqual([odd]);
    expect(() => listOfFiles([odd, "c.ts"])).toThrow(/comma/);
    expect(scenarioFilesOf("a.ts,b.ts,")).toEqual(["a.ts", "b.ts"]);
  });
});

describe("a folder of scenario files", () => {
  it("holds those of its subfolders, without helpers, tests, private names and packages", async () => {
    const kept = [
      write("f/a.ts", scenario("a", "A", 1)),
      write("f/deep/b.mjs", scenario("b", "B", 1)),
      write("f/z.js", scenario("z", "Z", 1)),
    ];
    write("f/helper.ts", "export const path = '/x';\n");
    write("f/_private.ts", "throw new Error('loaded');\n");
    write("f/.hidden/c.ts", "throw new Error('loaded');\n");
    write("f/node_modules/p/index.js", "throw new Error('loaded');\n");
    write("f/a.test.ts", "throw new Error('loaded');\n");
    write("f/types.d.ts", "export declare const a: string;\n");
    write("f/readme.md", "text\n");
    expect(await findScenarioFiles(join(directory, "f"))).toEqual(kept);
  });

  it("is refused when nothing is in it, or a file is broken", async () => {
    write("empty/helper.ts", "export const a = 1;\n");
    await expect(findScenarioFiles(join(directory, "empty"))).rejects.toMatchObject({
      code: "RMP_LOAD_SCENARIO_NOT_FOUND",
    });
    write("broken/x.ts", "const = 1;\n");
    await expect(findScenarioFiles(join(directory, "broken"))).rejects.toMatchObject({
      code: "RMP_LOAD_SCENARIO_INVALID",
      message: expect.stringContaining("x.ts:1:"),
    });
  });
});
