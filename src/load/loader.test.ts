import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "./loader.ts";

let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "rampart-scenario-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

describe("loadScenario", () => {
  it("loads TypeScript anywhere on disk, with rampart/load and local imports", async () => {
    write("texts.ts", "export const path: string = '/health';\n");
    const file = write(
      "good.ts",
      `import { between, defineScenario, defineUser, task } from "rampart/load";
import { path } from "./texts.ts";
const caller = defineUser({ name: "Caller", wait: between(1, 3), tasks: [task("health", async (user) => { await user.http.get(path); })] });
export default defineScenario({ name: "good", users: 2, spawnRate: 1, runTime: "1m30s", userClasses: [caller] });
`,
    );
    const { scenario, hash } = await loadScenario(file);
    expect(scenario).toMatchObject({ name: "good", users: 2, spawnRatePerSec: 1, runTimeSec: 90 });
    expect(scenario.userClasses[0]?.wait.meanSec).toBe(2);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("points at file and line of a syntax error", async () => {
    const file = write("broken.ts", "const a = 1;\nconst b = ;\nexport default a;\n");
    const error = await loadScenario(file).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID" });
    expect((error as Error).message).toContain("broken.ts:2:");
  });

  it("points at the line that throws", async () => {
    const file = write("throws.ts", "const a: number = 1;\nthrow new Error('no ' + a);\n");
    const error = await loadScenario(file).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID" });
    expect((error as Error).message).toMatch(/throws\.ts:2:.*no 1/);
  });

  it("refuses a file without a scenario, and one that is not there", async () => {
    const file = write("other.ts", "export default { users: 1 };\n");
    await expect(loadScenario(file)).rejects.toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID" });
    await expect(loadScenario(join(directory, "none.ts"))).rejects.toMatchObject({
      code: "RMP_LOAD_SCENARIO_NOT_FOUND",
    });
  });

  it("keeps the engine's own complaint about a scenario", async () => {
    const file = write(
      "bad-weight.ts",
      `import { defineScenario, defineUser, task } from "rampart/load";
export default defineScenario({ name: "x", userClasses: [defineUser({ name: "U", weight: -1, tasks: [task("t", () => {})] })] });
`,
    );
    const error = await loadScenario(file).catch((caught: unknown) => caught);
    expect((error as Error).message).toMatch(/bad-weight\.ts:2.*weight/);
  });
});
