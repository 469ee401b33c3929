/** Several scenario files as one scenario: Locust's list of locustfiles. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { RampartError } from "#shared";
import type { Scenario } from "./model/scenario-types.ts";

/** A loaded scenario and what identifies its source. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** SHA-256 of the file's bytes, hex; of several files of their hashes. */
  readonly hash: string;
  /** Absolute path; of several files their list. */
  readonly path: string;
}

/** Between the files of a list, as in Locust's `-f`. */
const SEPARATOR = ",";

/** Paths of a list of scenario files; a file whose own name holds a comma is one file. */
export function scenarioFilesOf(list: string): readonly string[] {
  if (existsSync(resolve(list))) return [list];
  const files = list
    .split(SEPARATOR)
    .map((file) => file.trim())
    .filter((file) => file !== "");
  return files.length === 0 ? [list] : files;
}

/**
 * The list of some files, as {@link scenarioFilesOf} reads it.
 * @throws RMP_LOAD_SCENARIO_INVALID for a name with a comma in it beside other files
 */
export function listOfFiles(files: readonly string[]): string {
  const odd = files.length > 1 ? files.find((file) => file.includes(SEPARATOR)) : undefined;
  if (odd !== undefined)
    throw new RampartError(
      "RMP_LOAD_SCENARIO_INVALID",
      `${odd}: a file of a list must have no comma in its path; rename it`,
      { field: odd },
    );
  return files.join(SEPARATOR);
}

/**
 * Makes one scenario of several: the user classes of all together, the shapes that can be chosen of all, everything else
 * of the first.
 * @throws RMP_LOAD_SCENARIO_INVALID when two files have a user class of the same name
 */
export function joinScenarios(loaded: readonly [LoadedScenario, ...LoadedScenario[]]): LoadedScenario {
  const [first, ...others] = loaded;
  if (others.length === 0) return first;
  const owners = new Map<string, string>();
  for (const { scenario, path } of loaded)
    for (const { name } of scenario.userClasses) {
      const owner = owners.get(name);
      if (owner !== undefined && owner !== path)
        throw new RampartError(
          "RMP_LOAD_SCENARIO_INVALID",
          `user class ${name} is in ${owner} and in ${path}; rename one of them`,
          { field: name },
        );
      owners.set(name, path);
    }
  const hash = createHash("sha256");
  for (const one of loaded) hash.update(one.hash);
  return {
    scenario: {
      ...first.scenario,
      userClasses: loaded.flatMap(({ scenario }) => scenario.userClasses),
      shapes: Object.assign({}, ...loaded.toReversed().map(({ scenario }) => scenario.shapes)),
    },
    hash: hash.digest("hex"),
    path: listOfFiles(loaded.map(({ path }) => path)),
  };
}
