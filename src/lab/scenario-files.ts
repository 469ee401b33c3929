import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RampartError } from "#shared";

/** The shipped scenarios: `scenarios/` of the package, seen from `src/lab` and from `dist/lab` alike. */
export const SCENARIOS_DIRECTORY = join(import.meta.dirname, "../../scenarios");

/** Names of the shipped scenarios, sorted. */
export async function listScenarioNames(directory = SCENARIOS_DIRECTORY): Promise<string[]> {
  return (await readdir(directory))
    .filter((name) => /^[a-z0-9][a-z0-9-]*\.ts$/.test(name))
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

/** Path of a shipped scenario. @throws RMP_LOAD_SCENARIO_NOT_FOUND */
export function scenarioPath(name: string, directory = SCENARIOS_DIRECTORY): string {
  const path = join(directory, `${name}.ts`);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name) || !existsSync(path))
    throw new RampartError("RMP_LOAD_SCENARIO_NOT_FOUND", "there is no shipped scenario of that name", {
      field: "scenario",
    });
  return path;
}

/** Scenarios that a lab offers, by name. */
export interface ScenarioCatalogue {
  names(): Promise<readonly string[]>;
  /** @throws RMP_LOAD_SCENARIO_NOT_FOUND */
  path(name: string): string;
}

/**
 * Scenarios of a folder, or only the files given.
 * @param files path by name; when given the folder is not looked at
 */
export function createScenarioCatalogue(
  directory: string,
  files?: Readonly<Record<string, string>>,
): ScenarioCatalogue {
  if (files === undefined)
    return { names: () => listScenarioNames(directory), path: (name) => scenarioPath(name, directory) };
  return {
    names: async () => Object.keys(files),
    path: (name) => {
      const path = files[name];
      if (path === undefined)
        throw new RampartError("RMP_LOAD_SCENARIO_NOT_FOUND", "this page offers no scenario of that name", {
          field: "scenario",
        });
      return path;
    },
  };
}
