import { RampartError } from "#shared";
import { isMoreThanTorn, openLine } from "./chain.ts";
import { type Line, readLines } from "./lines.ts";
import { type AuditFileName, byLog, listAuditFiles } from "./names.ts";
import { type AuditRecord, GENESIS } from "./record.ts";

/** Where the chain does not hold. */
export interface AuditFault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/** What the check of a log found. */
export interface AuditVerification {
  /** Records that were read, those of the log about itself included. */
  records: number;
  exchanges: number;
  files: number;
  /** Exchanges that the log itself says it could not hold. */
  dropped: number;
  /** Files that the log itself says it removed. */
  removedFiles: number;
  /** Bytes of writes that a crash cut short and no later start has cut off yet. */
  tornBytes: number;
  /** Milliseconds since the Unix epoch; null without records. */
  firstTs: number | null;
  lastTs: number | null;
  /** Last record of each log. Kept elsewhere it shows later that nothing was taken off the end. */
  readonly heads: {
    readonly log: number;
    readonly seq: number;
    readonly hash: string;
    readonly isClosed: boolean;
  }[];
  /** The first one of each log. */
  readonly faults: AuditFault[];
}

/**
 * Walks every log of a directory from its first record to its last: a record that was changed, taken out, put in or moved is
 * named. What chains cannot show by themselves: records taken off the end (compare `heads`, or give `head`), and a whole
 * log that was removed or written anew.
 * @param head hash that one of the logs must contain
 * @throws RMP_AUDIT_NOT_FOUND
 */
export async function verifyAudit(dir: string, head?: string): Promise<AuditVerification> {
  const found: AuditVerification = {
    records: 0,
    exchanges: 0,
    files: 0,
    dropped: 0,
    removedFiles: 0,
    tornBytes: 0,
    firstTs: null,
    lastTs: null,
    heads: [],
    faults: [],
  };
  let hasHead = head === undefined;
  for (const files of byLog(await auditFilesOf(dir)).values()) {
    const check = new LogCheck(files, found, (hash) => {
      hasHead ||= hash === head;
    });
    await check.run();
  }
  if (!hasHead)
    found.faults.push({ file: dir, line: 0, problem: "no record has the hash that was asked for" });
  return found;
}

/**
 * The files of a log directory.
 * @throws RMP_AUDIT_NOT_FOUND when there are none
 */
export async function auditFilesOf(dir: string): Promise<AuditFileName[]> {
  const files = await listAuditFiles(dir).catch((cause: unknown) => {
    throw new RampartError("RMP_AUDIT_NOT_FOUND", `${dir} cannot be read`, { cause, field: "dir" });
  });
  if (files.length === 0)
    throw new RampartError("RMP_AUDIT_NOT_FOUND", `there is no audit log in ${dir}`, { field: "dir" });
  return files;
}

/** The check of one log. */
class LogCheck {
  private readonly files: readonly AuditFileName[];
  private readonly found: AuditVerification;
  private readonly onHash: (hash: string) => void;
  private seq = 0;
  private hash: string = GENESIS;
  private lastKind: AuditRecord["kind"] | null = null;
  private previousFile: string | null = null;
  /** Hash that a `removed` record has to name, when the log does not begin with its first record. */
  private missing: { readonly hash: string; readonly fault: AuditFault } | null = null;

  constructor(files: readonly AuditFileName[], found: AuditVerification, onHash: (hash: string) => void) {
    this.files = files;
    this.found = found;
    this.onHash = onHash;
  }

  async run(): Promise<void> {
    for (const [i, file] of this.files.entries()) {
      this.found.files += 1;
      const fault = await this.checkFile(file, i === this.files.length - 1);
      if (fault === null) continue;
      this.found.faults.push(fault);
      return;
    }
    if (this.missing !== null) this.found.faults.push(this.missing.fault);
    this.found.heads.push({
      log: this.files[0]?.log ?? 0,
      seq: this.seq,
      hash: this.hash,
      isClosed: this.lastKind === "closed",
    });
  }

  private async checkFile(file: AuditFileName, isLast: boolean): Promise<AuditFault | null> {
    let lineNumber = 0;
    for await (const lines of readLines(file.path))
      for (const line of lines) {
        lineNumber += 1;
        const problem = line.isWhole
          ? this.checkRecord(line, file, lineNumber === 1)
          : this.checkTail(line, isLast);
        if (problem !== null) return { file: file.name, line: lineNumber, problem };
      }
    this.previousFile = file.name;
    return null;
  }

  private checkTail({ bytes }: Line, isLast: boolean): string | null {
    if (!isLast || isMoreThanTorn(bytes)) return "the file ends in the middle of a record";
    this.found.tornBytes += bytes.length;
    return null;
  }

  private checkRecord({ bytes }: Line, file: AuditFileName, isFirstOfFile: boolean): string | null {
    const opened = openLine(bytes);
    if (opened.kind === "fault") return opened.problem;
    const { record } = opened;
    const isStart = this.previousFile === null && isFirstOfFile;
    if (isFirstOfFile) {
      if (record.kind !== "file") return "the first record of the file is missing";
      if (record.file !== file.name) return `this is the file ${record.file}`;
    }
    if (isStart && record.prev !== GENESIS) this.startLater(record, file);
    else if (record.prev !== this.hash)
      return `the record before this one is missing (expected to follow ${this.seq}, says ${record.seq})`;
    else if (record.seq !== this.seq + 1) return `expected record ${this.seq + 1}, found ${record.seq}`;
    this.seq = record.seq;
    this.hash = record.hash;
    this.count(record);
    return null;
  }

  /** The log begins in the middle: right only when it says later that what was before was removed. */
  private startLater(record: AuditRecord, file: AuditFileName): void {
    const problem = `records 1 to ${record.seq - 1} are missing`;
    this.missing = { hash: record.prev, fault: { file: file.name, line: 1, problem } };
  }

  private count(record: AuditRecord): void {
    const { found } = this;
    this.onHash(record.hash);
    this.lastKind = record.kind;
    found.records += 1;
    if (found.firstTs === null || record.ts < found.firstTs) found.firstTs = record.ts;
    if (found.lastTs === null || record.ts > found.lastTs) found.lastTs = record.ts;
    if (record.kind === "exchange") found.exchanges += 1;
    else if (record.kind === "dropped") found.dropped += record.count;
    else if (record.kind === "removed") {
      found.removedFiles += 1;
      if (record.lastHash === this.missing?.hash) this.missing = null;
    }
  }
}
