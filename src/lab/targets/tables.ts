import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadTargets } from "./load.ts";
import type { TargetTable } from "./types.ts";

/** The shipped tables: `targets/` of the package, seen from `src/lab/targets` and from `dist/lab/targets` alike. */
export const TARGETS_DIRECTORY = join(import.meta.dirname, "../../../targets");

/** Rampart's own table: what no run may break; it stands beside whatever table judges a run. */
const OWN_TABLE = "rampart";

/** What decides which tables judge a run. */
export interface TableChoice {
  readonly scenario: string;
  /** Files given by the user; they alone judge the run. */
  readonly files?: readonly string[];
  /** Name of the table that the scenario asks for. */
  readonly table?: string;
  /** Folder of the shipped tables. */
  readonly directory?: string;
}

/**
 * The tables that judge a run: the files given, else the scenario's table or every shipped table that names the
 * scenario, and Rampart's own.
 * @throws RMP_CONFIG_NOT_FOUND, RMP_LAB_TARGETS_INVALID
 */
export async function tablesFor(choice: TableChoice): Promise<TargetTable[]> {
  const { files = [], directory = TARGETS_DIRECTORY } = choice;
  if (files.length > 0) return Promise.all(files.map(loadTargets));
  const own = join(directory, `${OWN_TABLE}.yaml`);
  if (choice.table !== undefined && choice.table !== OWN_TABLE)
    return Promise.all([join(directory, `${choice.table}.yaml`), own].map(loadTargets));
  const shipped = await Promise.all(
    (await readdir(directory))
      .filter((name) => name.endsWith(".yaml") && name !== `${OWN_TABLE}.yaml`)
      .sort()
      .map((name) => loadTargets(join(directory, name))),
  );
  const naming = shipped.filter((table) => table.rows.some((row) => row.scenarios.includes(choice.scenario)));
  return [...naming, await loadTargets(own)];
}
