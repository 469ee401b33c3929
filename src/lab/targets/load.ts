import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { RampartError } from "#shared";
import { parseTargets } from "./parse.ts";
import type { TargetTable } from "./types.ts";

/**
 * Reads a target table from a file.
 * @throws RMP_CONFIG_NOT_FOUND when the file cannot be read, RMP_LAB_TARGETS_INVALID when a row is wrong
 */
export async function loadTargets(path: string): Promise<TargetTable> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `cannot read the targets file ${path}`, {
      cause,
      field: path,
    });
  }
  return parseTargets(text, basename(path));
}

/** The rows of a table that speak about a scenario. */
export function rowsFor(table: TargetTable, scenario: string): TargetTable["rows"] {
  return table.rows.filter((row) => row.scenarios.includes("*") || row.scenarios.includes(scenario));
}
