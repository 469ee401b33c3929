/** Loads scenario files: TypeScript or JavaScript, anywhere on disk, with `rampart/load` and npm imports resolved. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createJiti } from "jiti";
import { RampartError } from "#shared";
import { joinScenarios, type LoadedScenario, scenarioFilesOf } from "./loader-join.ts";
import type { Scenario } from "./model/scenario-types.ts";
import * as scenarioApi from "./scenario.ts";

/**
 * Loads the default export of a scenario file, or of several in a list with commas: their user classes together, the
 * rest from the first.
 * @throws RMP_LOAD_SCENARIO_NOT_FOUND without such a file
 * @throws RMP_LOAD_SCENARIO_INVALID with file, line and column of a syntax error, or the reason why it cannot run
 */
export async function loadScenario(list: string): Promise<LoadedScenario> {
  const [first = list, ...others] = scenarioFilesOf(list);
  const loaded: [LoadedScenario, ...LoadedScenario[]] = [await loadFile(first)];
  for (const file of others) loaded.push(await loadFile(file));
  return joinScenarios(loaded);
}

async function loadFile(file: string): Promise<LoadedScenario> {
  const loaded = await loadIfScenario(file);
  if (loaded !== null) return loaded;
  throw new RampartError(
    "RMP_LOAD_SCENARIO_INVALID",
    `${file}: has no default export made by defineScenario()`,
    { field: file },
  );
}

/**
 * Loads one file; null when it loads well but exports no scenario.
 * @throws as {@link loadScenario}
 */
export async function loadIfScenario(file: string): Promise<LoadedScenario | null> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new RampartError("RMP_LOAD_SCENARIO_NOT_FOUND", `no scenario file ${file}`, { field: file });
  const jiti = createJiti(path, {
    // The engine's own instance: a copy would not know this one's errors.
    virtualModules: { "rampart/load": scenarioApi },
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
  });
  let exported: unknown;
  try {
    exported = await jiti.import(path);
  } catch (error) {
    throw explained(error, file, path);
  }
  const scenario = defaultExport(exported);
  if (scenario === null) return null;
  return { scenario, hash: createHash("sha256").update(readFileSync(path)).digest("hex"), path };
}

/** SHA-256 of a scenario that came without a file: of its name and its task functions' sources. */
export function hashScenario(scenario: Scenario): string {
  const text = JSON.stringify(scenario, (_key, value: unknown) =>
    typeof value === "function" ? value.toString() : value,
  );
  return createHash("sha256").update(text).digest("hex");
}

function defaultExport(exported: unknown): Scenario | null {
  for (let value = exported, depth = 0; depth < 3; depth += 1) {
    if (isScenario(value)) return value;
    if (typeof value !== "object" || value === null || !("default" in value)) return null;
    value = value.default;
  }
  return null;
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "rampart-scenario";
}

function explained(error: unknown, file: string, path: string): RampartError {
  if (error instanceof RampartError && error.code !== "RMP_LOAD_SCENARIO_INVALID") return error;
  const message = error instanceof Error ? error.message : "failed while loading";
  const place = error instanceof Error ? placeIn(error, path) : "";
  const [firstLine = ""] = message.split("\n");
  // Babel puts the file's path and the place into the message; the place stands in front instead.
  const plain = firstLine
    .replace(path, "")
    .replace(/^[:\s]+/, "")
    .replace(/\s*\(\d+:\d+\)\s*$/, "");
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `${file}${place}: ${plain}`, {
    cause: error,
    field: file,
  });
}

/** `:line:column` of an error: from the parser when it is a syntax error, else from the topmost frame in the file. */
function placeIn(error: Error, path: string): string {
  const parsed = /\((\d+):(\d+)\)/.exec(error.message);
  if (parsed !== null) return `:${parsed[1]}:${parsed[2]}`;
  const frame = (error.stack ?? "").split("\n").find((line) => line.includes(path));
  const place = frame === undefined ? null : /:(\d+):(\d+)\)?$/.exec(frame.trim());
  return place === null ? "" : `:${place[1]}:${place[2]}`;
}
