import { openLine } from "./chain.ts";
import { readLines } from "./lines.ts";
import { type AuditFileName, byLog } from "./names.ts";
import type { AuditRecord } from "./record.ts";
import { auditFilesOf } from "./verify.ts";

/** Where in a log a reader stands: all before this was read. Keep it to go on there later. */
export interface AuditPosition {
  /** Number of the file in its log. */
  readonly file: number;
  /** Bytes of that file that were read. */
  readonly bytes: number;
}

/** One line of the log. */
export interface AuditEntry {
  /** Number of the log in its directory. */
  readonly log: number;
  /** Null when the line is no record or was changed. */
  readonly record: AuditRecord | null;
  /** The line as it stands in the file, without the newline. */
  readonly line: Buffer;
  /** Where to go on after this line. */
  readonly next: AuditPosition;
}

/** Reads the logs of a directory, also while they are written. */
export interface AuditReader {
  /** Numbers of the logs. @throws RMP_AUDIT_NOT_FOUND */
  logs(): Promise<readonly number[]>;
  /**
   * The lines of one log in order, as many at once as one read brings, to the last whole line that is there now.
   * @param after where an earlier reading stopped; default: the beginning
   * @throws RMP_AUDIT_NOT_FOUND; errors of the file system
   */
  read(log: number, after?: AuditPosition): AsyncGenerator<readonly AuditEntry[]>;
}

/** Makes a reader of a directory. */
export function createAuditReader(dir: string): AuditReader {
  return {
    logs: async () => [...byLog(await auditFilesOf(dir)).keys()],
    async *read(log, after) {
      const files = byLog(await auditFilesOf(dir)).get(log) ?? [];
      for (const file of files) {
        if (after !== undefined && file.number < after.file) continue;
        yield* readFile(file, file.number === after?.file ? after.bytes : 0);
      }
    },
  };
}

async function* readFile(file: AuditFileName, fromByte: number): AsyncGenerator<readonly AuditEntry[]> {
  for await (const lines of readLines(file.path, fromByte)) {
    const entries: AuditEntry[] = [];
    for (const { bytes, atByte, isWhole } of lines) {
      if (!isWhole) continue;
      const opened = openLine(bytes);
      entries.push({
        log: file.log,
        record: opened.kind === "record" ? opened.record : null,
        line: bytes,
        next: { file: file.number, bytes: atByte + bytes.length + 1 },
      });
    }
    if (entries.length > 0) yield entries;
  }
}
