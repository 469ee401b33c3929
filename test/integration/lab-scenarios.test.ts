import { describe, expect, it } from "vitest";
import { listScenarioNames, scenarioPath, tablesFor } from "#lab";
import { loadScenario } from "#load";

const names = await listScenarioNames();

describe("the shipped scenarios", () => {
  it("are those of both documents and ours", () => {
    expect(names).toEqual(
      expect.arrayContaining([
        ..."baseline target stress spike websocket".split(" "),
        ..."light medium medium-cached heavy step spike-bursts soak throughput throughput-cached".split(" "),
        ..."guard-integrity streaming mixed capacity overhead".split(" "),
      ]),
    );
  });

  it.each(names)("%s loads under its own name and is judged by a table that names it", async (name) => {
    const { scenario } = await loadScenario(scenarioPath(name));
    expect(scenario.name).toBe(name);
    expect(scenario.description).not.toBe("");
    const tables = await tablesFor({
      scenario: name,
      ...(scenario.targets === undefined ? {} : { table: scenario.targets }),
    });
    expect(tables.some((table) => table.rows.some((row) => row.scenarios.includes(name)))).toBe(true);
  });
});
