/** The source of a master's scenario, for workers that have none of their own: its files and what they import nearby. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { RampartError } from "#shared";
import { scenarioFilesOf } from "../loader-join.ts";

/** Most files, and most bytes of all together: scenarios of people are far smaller. */
const MAX_FILES = 500;
const MAX_BYTES = 8 * 1024 * 1024;
/** Specifiers that lead to a file nearby, in `import`, `export … from`, `import()` and `require()`. */
const NEARBY = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'])(\.{1,2}\/[^"'\n]+)\1/g;
/** Endings that an import may leave out, or write as what TypeScript would become. */
const ENDINGS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];

/** One file: its path below the folder that all have in common, with slashes. */
export interface SourceFile {
  readonly filename: string;
  readonly contents: string;
}

/** All files that a scenario needs. */
export interface ScenarioSource {
  readonly files: readonly SourceFile[];
  /** Names of the scenario files among them, in their order. */
  readonly scenarios: readonly string[];
}

/**
 * Reads scenario files and, through all of them, the local files that they import. Data files that a scenario opens by
 * itself and packages are not among them.
 * @param list as the loader takes it
 * @throws RMP_LOAD_SCENARIO_INVALID when it is too much to send
 */
export function readScenarioSource(list: string): ScenarioSource {
  const entries = scenarioFilesOf(list).map((file) => resolve(file));
  const contents = new Map<string, string>();
  const waiting = [...entries];
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (contents.has(file)) continue;
    const text = readFileSync(file, "utf8");
    bytes += text.length;
    if (contents.size >= MAX_FILES || bytes > MAX_BYTES)
      throw new RampartError(
        "RMP_LOAD_SCENARIO_INVALID",
        `the scenario and its imports are more than ${MAX_FILES} files or ${MAX_BYTES} bytes: give the workers the files`,
        { field: "locustfile" },
      );
    contents.set(file, text);
    for (const [, , specifier = ""] of text.matchAll(NEARBY)) {
      const found = findImport(resolve(dirname(file), specifier));
      if (found !== null) waiting.push(found);
    }
  }
  const base = commonFolder([...contents.keys()]);
  const nameOf = (file: string) => relative(base, file).split(sep).join("/");
  return {
    files: [...contents].map(([file, text]) => ({ filename: nameOf(file), contents: text })),
    scenarios: entries.map(nameOf),
  };
}

/** The file that an import means; null when there is none, as for a path in a comment. */
function findImport(path: string): string | null {
  const asTypeScript = path.replace(/\.([cm]?)js$/, ".$1ts");
  const candidates = [...ENDINGS.map((ending) => path + ending), asTypeScript];
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true) ?? null;
}

function commonFolder(files: readonly string[]): string {
  const [first = ""] = files;
  let folder = dirname(first);
  while (!files.every((file) => file.startsWith(folder.endsWith(sep) ? folder : join(folder, sep))))
    folder = dirname(folder);
  return folder;
}
