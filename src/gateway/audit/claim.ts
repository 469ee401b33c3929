import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { RampartError } from "#shared";

/** Most logs in one directory. */
const MAX_LOGS = 1_000;

/** Logs that this process writes: its own process id in a lock may also be left over from before a container's restart. */
const held = new Set<string>();

/** The right to write one log of a directory. */
export interface Claim {
  /** Number of the log. */
  readonly log: number;
  release(): void;
}

/**
 * Takes the first log of a directory that no living process writes: one log has one writer, and several workers write
 * several logs. A log whose writer died is taken over and continued. A lock of another machine (a shared volume) is never
 * taken over, because whether its holder lives cannot be seen.
 * @throws RMP_AUDIT_UNAVAILABLE when a thousand logs are taken; errors of the file system
 */
export function claimLog(dir: string): Claim {
  for (let log = 0; log < MAX_LOGS; log += 1) {
    const path = join(dir, `audit-${log}.lock`);
    if (held.has(path) || !(createLock(path) || takeOver(path))) continue;
    held.add(path);
    return { log, release: () => release(path) };
  }
  throw new RampartError("RMP_AUDIT_UNAVAILABLE", `all ${MAX_LOGS} logs of the directory are in use`);
}

/** Who writes a log: nobody any more, this process, another one that lives, or a process of another machine, if it lives. */
export type LogHolder = "nobody" | "self" | "other" | "elsewhere";

/** Looks who writes a log of a directory; takes nothing. */
export function holderOf(dir: string, log: number): LogHolder {
  const path = join(dir, `audit-${log}.lock`);
  if (held.has(path)) return "self";
  const lock = readLock(path);
  if (lock === null || isLeftOver(path)) return "nobody";
  return lock.host === hostname() ? "other" : "elsewhere";
}

function release(path: string): void {
  if (held.delete(path)) unlinkQuietly(path);
}

function createLock(path: string): boolean {
  let handle: number;
  try {
    handle = openSync(path, "wx", 0o600);
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
  writeSync(handle, `${process.pid} ${hostname()}\n`);
  closeSync(handle);
  return true;
}

/** Only who holds the second lock may look whether the first is left over and replace it: two could else replace each other's. */
function takeOver(path: string): boolean {
  if (!isLeftOver(path)) return false;
  const mutex = `${path}.taking`;
  if (!createLock(mutex)) {
    if (isLeftOver(mutex)) unlinkQuietly(mutex);
    return false;
  }
  try {
    if (!isLeftOver(path)) return false;
    unlinkQuietly(path);
    return createLock(path);
  } finally {
    unlinkQuietly(mutex);
  }
}

function isLeftOver(path: string): boolean {
  const lock = readLock(path);
  // A lock without its line belongs to somebody who is just writing it.
  if (lock === null || lock.host !== hostname()) return false;
  return lock.pid === process.pid || !isAlive(lock.pid);
}

/** Null when there is no lock. */
function readLock(path: string): { readonly pid: number; readonly host: string | undefined } | null {
  try {
    const [pid, host] = readFileSync(path, "utf8").trim().split(" ");
    return { pid: Number(pid), host };
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone.
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code; // errors of node:fs carry a code
}
