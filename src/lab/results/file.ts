import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { RunResult } from "#contract";
import { RampartError } from "#shared";
import { checkRunResult } from "./validate.ts";

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);

/** Bound of an unpacked results file, bytes: a day of one-second series with a thousand names stays far below. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** Suffix of results files. */
export const RESULT_SUFFIX = ".run.json.gz";

/** The bytes of a results file. */
export function packResult(result: RunResult): Promise<Buffer> {
  return gzipAsync(JSON.stringify(result));
}

/**
 * Reads a results file from its bytes, packed or plain JSON.
 * @param where name for messages
 * @throws RMP_LAB_RESULT_INVALID
 */
export async function unpackResult(bytes: Buffer, where: string): Promise<RunResult> {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  let value: unknown;
  try {
    const plain = isPacked ? await gunzipAsync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }) : bytes;
    value = JSON.parse(plain.toString("utf8"));
  } catch (cause) {
    throw new RampartError("RMP_LAB_RESULT_INVALID", `${where}: not gzip of JSON, or cut short`, { cause });
  }
  return checkRunResult(value, where);
}

/**
 * Writes `<directory>/<id>.run.json.gz`, creating the directory; the file appears whole or not at all.
 * @returns its path
 */
export async function writeResult(result: RunResult, directory: string): Promise<string> {
  const path = join(directory, `${result.id}${RESULT_SUFFIX}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, await packResult(result));
  await rename(`${path}.part`, path);
  return path;
}

/** Reads a results file. @throws RMP_CONFIG_NOT_FOUND, RMP_LAB_RESULT_INVALID */
export async function readResult(path: string): Promise<RunResult> {
  return unpackResult(await readInput(path), path);
}

/** Reads any input file. @throws RMP_CONFIG_NOT_FOUND */
export async function readInput(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `cannot read ${path}`, { cause, field: path });
  }
}

/** Names (ids) of the results files in a directory, newest first; empty when the directory is not there. */
export async function listResultIds(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => name.endsWith(RESULT_SUFFIX))
      .map((name) => name.slice(0, -RESULT_SUFFIX.length))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}
