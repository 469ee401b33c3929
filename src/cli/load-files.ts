/** From `-f` of `rampart load` to files on this disk: lists, folders, web addresses, as Locust takes them. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { findScenarioFiles, listOfFiles, scenarioFilesOf } from "#load";
import { downloadScenario } from "./load-download.ts";

/** `-f` of a worker that takes its master's scenario. */
export const FROM_MASTER = "-";

/**
 * The scenario files that `-f` names, as one list for the loader.
 * @param given files, folders and http(s) addresses with commas between
 * @throws RMP_LOAD_SCENARIO_*, RMP_CLI_USAGE, RMP_NET_UNREACHABLE
 */
export async function scenarioFilesAsked(given: string): Promise<string> {
  const files: string[] = [];
  for (const part of scenarioFilesOf(given))
    if (/^https?:\/\//i.test(part)) files.push(await downloadScenario(part));
    else if (statSync(resolve(part), { throwIfNoEntry: false })?.isDirectory() === true)
      files.push(...(await findScenarioFiles(part)));
    else files.push(part);
  return listOfFiles([...new Set(files)]);
}
