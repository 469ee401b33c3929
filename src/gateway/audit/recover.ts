import { open, stat } from "node:fs/promises";
import { Chain, openLine } from "./chain.ts";
import { logNameOf } from "./head.ts";
import { type AuditFileName, auditFile } from "./names.ts";
import type { NoticeRecord } from "./record.ts";

/** How far from the end of a file its last record is looked for, bytes; no record is nearly as long. */
const TAIL_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Where a log stands after the end, orderly or not, of its last writer. */
export interface Recovered {
  readonly chain: Chain;
  /** The file to go on with. */
  readonly file: AuditFileName;
  /** Bytes of that file that count; what follows is cut off. */
  readonly keepBytes: number;
  /** Name of the log, from its first record; null for a new one. */
  readonly logName: string | null;
  /** What the next writer has to tell. */
  readonly notices: readonly NoticeRecord[];
}

/**
 * Finds the end of a log: the last whole line, whose hash the next record continues. Reads the end of one file, two when the
 * last holds no record yet.
 * @param files of one log, in order
 * @throws errors of the file system
 */
export async function recover(dir: string, log: number, files: readonly AuditFileName[]): Promise<Recovered> {
  const last = files.at(-1);
  if (last === undefined)
    return {
      chain: new Chain(),
      file: auditFile(dir, log, 1),
      keepBytes: 0,
      logName: null,
      notices: [],
    };
  const { size } = await stat(last.path);
  const { line, endsAtByte } = await lastLine(last.path, size);
  const notices: NoticeRecord[] =
    endsAtByte < size ? [{ kind: "cut", file: last.name, bytes: size - endsAtByte }] : [];
  if (line === null) {
    const before = await recover(dir, log, files.slice(0, -1));
    return {
      ...before,
      file: last,
      keepBytes: 0,
      notices: [...before.notices.filter(({ kind }) => kind === "broken"), ...notices],
    };
  }
  const opened = openLine(line);
  if (opened.kind === "fault")
    return {
      chain: new Chain(),
      file: auditFile(dir, log, last.number + 1),
      keepBytes: 0,
      logName: null,
      notices: [{ kind: "broken", file: last.name }],
    };
  const { seq, hash } = opened.record;
  const logName = await logNameOf(last.path);
  return { chain: new Chain(seq, hash), file: last, keepBytes: endsAtByte, logName, notices };
}

/** Place and hash of a file's last record; 0 and empty when there is none that can be read. @throws errors of the file system */
export async function endOf({
  path,
}: AuditFileName): Promise<{ readonly seq: number; readonly hash: string }> {
  const { line } = await lastLine(path, (await stat(path)).size);
  const opened = line === null ? null : openLine(line);
  return opened?.kind === "record" ? opened.record : { seq: 0, hash: "" };
}

/** The last line that ends in a newline, and where it ends. */
async function lastLine(
  path: string,
  size: number,
): Promise<{ readonly line: Buffer | null; readonly endsAtByte: number }> {
  const fromByte = Math.max(0, size - TAIL_BYTES);
  const handle = await open(path, "r");
  try {
    const tail = Buffer.alloc(size - fromByte);
    await handle.read(tail, 0, tail.length, fromByte);
    const end = tail.lastIndexOf(NEWLINE);
    // A file that long without a newline is none of ours: nothing of it is cut away.
    if (end === -1) return fromByte > 0 ? { line: tail, endsAtByte: size } : { line: null, endsAtByte: 0 };
    const start = end === 0 ? 0 : tail.lastIndexOf(NEWLINE, end - 1) + 1;
    return { line: tail.subarray(start, end), endsAtByte: fromByte + end + 1 };
  } finally {
    await handle.close();
  }
}
