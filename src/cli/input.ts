import { readFileSync } from "node:fs";
import { RampartError } from "#shared";

/** One text to work on and where it came from. */
export interface NamedInput {
  /** Path, or `-` for standard input. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the files of a command line, or standard input when there are none or the name is `-`.
 * @throws RMP_CONFIG_NOT_FOUND naming the file
 */
export function readInputs(files: readonly string[]): NamedInput[] {
  return (files.length === 0 ? ["-"] : files).map((name) => ({ name, text: readText(name) }));
}

/** Reads one file as UTF-8; `-` is standard input. @throws RMP_CONFIG_NOT_FOUND naming the file */
export function readText(name: string): string {
  try {
    return readFileSync(name === "-" ? 0 : name, "utf8");
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `${name} cannot be read`, { cause, field: name });
  }
}
