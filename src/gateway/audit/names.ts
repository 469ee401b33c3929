import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Name of a log's file: number of the log, number of the file. */
const FILE_NAME = /^audit-(\d{1,4})-(\d{1,9})\.jsonl$/;

/** One file of a log. */
export interface AuditFileName {
  /** Number of the log in its directory: one for each process that writes at the same time. */
  readonly log: number;
  /** Number of the file in its log, from 1. */
  readonly number: number;
  readonly name: string;
  readonly path: string;
}

/** The file of a log with this number. */
export function auditFile(dir: string, log: number, number: number): AuditFileName {
  const name = `audit-${log}-${String(number).padStart(6, "0")}.jsonl`;
  return { log, number, name, path: join(dir, name) };
}

/** Every file in a directory, by log and number. @throws ENOENT and other errors of the file system */
export async function listAuditFiles(dir: string): Promise<AuditFileName[]> {
  const files: AuditFileName[] = [];
  for (const name of await readdir(dir)) {
    const match = FILE_NAME.exec(name);
    if (match !== null)
      files.push({ log: Number(match[1]), number: Number(match[2]), name, path: join(dir, name) });
  }
  return files.sort((a, b) => a.log - b.log || a.number - b.number);
}

/** The files by log, in the order of their numbers. */
export function byLog(files: readonly AuditFileName[]): Map<number, AuditFileName[]> {
  const logs = new Map<number, AuditFileName[]>();
  for (const file of files) {
    const log = logs.get(file.log);
    if (log === undefined) logs.set(file.log, [file]);
    else log.push(file);
  }
  return logs;
}
