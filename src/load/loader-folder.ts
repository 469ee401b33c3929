import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RampartError } from "#shared";
import { loadIfScenario } from "./loader.ts";

/** What the loader takes; declarations and tests are no scenarios. */
const SOURCE = /(?<!\.d|\.test|\.spec)\.[cm]?[jt]s$/;

/**
 * The scenario files below a folder, sorted. As Locust does, names that begin with `_` or `.` are left out; so are
 * installed packages and files that load well but are no scenario, such as helpers that scenarios import.
 * @throws RMP_LOAD_SCENARIO_INVALID for a file that cannot be loaded, RMP_LOAD_SCENARIO_NOT_FOUND without any
 */
export async function findScenarioFiles(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of sourcesBelow(directory)) if ((await loadIfScenario(file)) !== null) found.push(file);
  if (found.length === 0)
    throw new RampartError("RMP_LOAD_SCENARIO_NOT_FOUND", `no scenario file in the folder ${directory}`, {
      field: directory,
    });
  return found;
}

function sourcesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !/^[_.]/.test(name) && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return sourcesBelow(path);
      return entry.isFile() && SOURCE.test(entry.name) ? [path] : [];
    });
}
