import { stat } from "node:fs/promises";
import type { EpochClock } from "#shared";
import { holderOf } from "../claim.ts";
import { logNameOf } from "../head.ts";
import { type AuditFileName, byLog, listAuditFiles } from "../names.ts";

/** How long a log of another machine must be unchanged until this one copies it, ms: its writer copies it itself. */
const ELSEWHERE_IDLE_MS = 60_000;

/** A log on disk as far as it has one name: a chain that broke goes on under another. */
export interface SpooledLog {
  readonly name: string;
  /** In order. */
  readonly files: readonly AuditFileName[];
}

/** Finds the logs of a directory that this process has to copy: its own, and those that nobody writes any more. */
export class Spool {
  private readonly dir: string;
  private readonly epoch: EpochClock;
  /** Names of logs by path; the first record of a file never changes. */
  private names = new Map<string, string>();

  constructor(dir: string, epoch: EpochClock) {
    this.dir = dir;
    this.epoch = epoch;
  }

  /** The logs that are there now. @throws errors of the file system; none when the directory is not there yet */
  async logs(): Promise<readonly SpooledLog[]> {
    const found = byLog(await this.files());
    const names = new Map<string, string>();
    const logs: SpooledLog[] = [];
    for (const [log, files] of found) {
      if (!(await this.isOurs(log, files))) continue;
      for (const part of await this.parts(files, names)) logs.push(part);
    }
    this.names = names;
    return logs;
  }

  private async files(): Promise<readonly AuditFileName[]> {
    try {
      return await listAuditFiles(this.dir);
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
  }

  private async isOurs(log: number, files: readonly AuditFileName[]): Promise<boolean> {
    const holder = holderOf(this.dir, log);
    if (holder !== "elsewhere") return holder !== "other";
    const last = files.at(-1);
    const changedMs = last === undefined ? null : await changedAt(last.path);
    return changedMs !== null && this.epoch() - changedMs > ELSEWHERE_IDLE_MS;
  }

  private async parts(files: readonly AuditFileName[], names: Map<string, string>): Promise<SpooledLog[]> {
    const parts: { name: string; files: AuditFileName[] }[] = [];
    for (const file of files) {
      const name = this.names.get(file.path) ?? (await nameOf(file.path));
      if (name !== null) names.set(file.path, name);
      const current = parts.at(-1);
      // A file whose first record cannot be read goes on with the log before it.
      if (current !== undefined && (name === null || name === current.name)) current.files.push(file);
      else if (name !== null) parts.push({ name, files: [file] });
    }
    return parts;
  }
}

/** Whether a file or folder is not there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ENOENT"; // errors of node:fs carry a code
}

/** Null when the file is gone. */
async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function nameOf(path: string): Promise<string | null> {
  try {
    return await logNameOf(path);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
