import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadScenario } from "../loader.ts";
import { bindMaster } from "./links.ts";
import { createLocustMaster } from "./master.ts";
import { downloadMasterScenario } from "./scenario-download.ts";
import { answerSource, askForSource, readSource } from "./scenario-exchange.ts";
import { readScenarioSource } from "./scenario-source.ts";

// The package is optional; without it only what needs no socket can be tested.
const zeromq = await import("zeromq").catch(() => null);

let directory = "";
const closers: (() => unknown)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rampart-source-"));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Two scenario files; the first imports through a neighbour, without an ending, and beyond its own folder. */
function twoScenarios(): string {
  write("shared/path.ts", "export const path: string = '/x';\n");
  write("shared/again.ts", "export { path } from './path.js';\nimport './again.ts';\n");
  write("other.txt", "not needed");
  const text = (
    name: string,
    extra: string,
  ) => `import { defineScenario, defineUser, task } from "rampart/load";
${extra}
// not there: import "./nowhere.ts"
export default defineScenario({ name: "${name}", userClasses: [defineUser({ name: "${name}", tasks: [task("t", async () => {})] })] });
`;
  const one = write(
    "runs/one.ts",
    text("One", 'import { path } from "../shared/again";\nif (path !== "/x") throw new Error("no path");'),
  );
  return `${one},${write("runs/two.ts", text("Two", ""))}`;
}

describe("the source of a scenario", () => {
  it("is its files and what they import nearby, named below their common folder", () => {
    const source = readScenarioSource(twoScenarios());
    expect(source.scenarios).toEqual(["runs/one.ts", "runs/two.ts"]);
    expect(source.files.map(({ filename }) => filename).sort()).toEqual([
      "runs/one.ts",
      "runs/two.ts",
      "shared/again.ts",
      "shared/path.ts",
    ]);
  });

  it("is not sent when it is too long", () => {
    const file = write("long.ts", "/".repeat(8 * 1024 * 1024 + 1));
    expect(() => readScenarioSource(file)).toThrow(/too|more than/);
  });
});

describe("question and answer", () => {
  const source = { files: [{ filename: "a.ts", contents: "1" }], scenarios: ["a.ts"] };
  const answer = (workerToken: string, masterToken: string) =>
    answerSource(askForSource(workerToken, "n", "w"), "w", masterToken, () => source);

  it("give the source where the tokens agree", () => {
    expect(readSource(answer("", ""), "", "n")).toEqual(source);
    expect(readSource(answer("t", "t"), "t", "n")).toEqual(source);
  });

  it("give nothing to who does not know the token, and believe nobody who does not", () => {
    const refused = answer("wrong", "t");
    expect(refused).not.toHaveProperty("locustfiles");
    expect(() => readSource(refused, "wrong", "n")).toThrow(
      expect.objectContaining({ code: "RMP_LOAD_TOKEN_REFUSED" }),
    );
    const right = answer("t", "t");
    for (const forged of [
      { ...right, locustfiles: [{ filename: "a.ts", contents: "2" }] },
      { ...answer("", ""), error: undefined },
    ])
      expect(() => readSource(forged, "t", "n")).toThrow(
        expect.objectContaining({ code: "RMP_LOAD_TOKEN_REFUSED" }),
      );
    expect(() => readSource(right, "t", "another nonce")).toThrow(/token/);
  });

  it("tell a Locust worker that the scenario is not Python", () => {
    expect(answerSource({ version: "2.46.3" }, "w", "", () => source)).toEqual({
      error: expect.stringContaining("not Python"),
    });
  });

  it.each<[unknown, RegExp]>([
    [{ locustfiles: [{ filename: "locustfile.py", contents: "x" }] }, /locustfile\.py, which is Python/],
    [{ locustfiles: ["https://example.org/locustfile.py"] }, /Python/],
    [{ error: "no file" }, /gives no scenario: no file/],
    [null, /cannot be read/],
    [{ locustfiles: [], rampart: { scenarios: [] } }, /cannot be read/],
    [{ locustfiles: source.files, rampart: { scenarios: ["b.ts"] } }, /lacks/],
    ...["../a.ts", "/a.ts", "a/../../b.ts", "a\\b.ts", "C:/a.ts", "node_modules/a/index.js", ""].map(
      (filename): [unknown, RegExp] => [
        { locustfiles: [{ filename, contents: "" }], rampart: { scenarios: [filename] } },
        /cannot be read/,
      ],
    ),
  ])("refuse %j", (given, message) => {
    expect(() => readSource(given, "", "n")).toThrow(message);
  });
});

describe.skipIf(zeromq === null)("a worker without a scenario", () => {
  it("gets its master's, with the same hash", async () => {
    const list = twoScenarios();
    const master = await createLocustMaster({
      scenario: list,
      bindHost: "127.0.0.1",
      bindPort: 0,
      token: "t",
    });
    closers.push(() => master.close());
    const folder = join(directory, "got");
    mkdirSync(folder);
    const asked = { masterHost: "127.0.0.1", masterPort: master.port, folder };
    const got = await loadScenario(await downloadMasterScenario({ ...asked, token: "t" }));
    expect(got.scenario.userClasses.map(({ name }) => name)).toEqual(["One", "Two"]);
    expect(got.hash).toBe((await loadScenario(list)).hash);
    expect(got.path).toContain(folder);
    await expect(downloadMasterScenario({ ...asked, token: "u" })).rejects.toMatchObject({
      code: "RMP_LOAD_TOKEN_REFUSED",
    });
    expect(master.workers()).toEqual([]);
  });

  it("gives up a master that does not answer", async () => {
    const link = await bindMaster("127.0.0.1", 0, { message: () => {}, corrupt: () => {} });
    closers.push(() => link.close());
    await expect(
      downloadMasterScenario({ masterPort: link.port, folder: directory, timeoutMs: 100 }),
    ).rejects.toMatchObject({ code: "RMP_NET_UNREACHABLE" });
  });
});
