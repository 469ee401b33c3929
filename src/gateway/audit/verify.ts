import { RampartError } from "#shared";
import { isMoreThanTorn, openLine } from "./chain.ts";
import { ChainCheck } from "./chain-check.ts";
import { type Line, readLines } from "./lines.ts";
import { type AuditFileName, byLog, listAuditFiles } from "./names.ts";
import { type AuditFault, type AuditVerification, emptyVerification } from "./verification.ts";

/**
 * Walks every log of a directory from its first record to its last: a record that was changed, taken out, put in or moved is
 * named. What chains cannot show by themselves: records taken off the end (compare `heads`, or give `head`), and a whole
 * log that was removed or written anew.
 * @param head hash that one of the logs must contain
 * @throws RMP_AUDIT_NOT_FOUND
 */
export async function verifyAudit(dir: string, head?: string): Promise<AuditVerification> {
  const found = emptyVerification();
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

/** The check of one log on disk. */
class LogCheck {
  private readonly files: readonly AuditFileName[];
  private readonly found: AuditVerification;
  private readonly chain: ChainCheck;
  private previousFile: string | null = null;

  constructor(files: readonly AuditFileName[], found: AuditVerification, onHash: (hash: string) => void) {
    this.files = files;
    this.found = found;
    this.chain = new ChainCheck(found, onHash);
  }

  async run(): Promise<void> {
    for (const [i, file] of this.files.entries()) {
      this.found.files += 1;
      const fault = await this.checkFile(file, i === this.files.length - 1);
      if (fault === null) continue;
      this.found.faults.push(fault);
      return;
    }
    this.chain.end(this.files[0]?.log ?? 0);
  }

  private async checkFile(file: AuditFileName, isLast: boolean): Promise<AuditFault | null> {
    let lineNumber = 0;
    for await (const lines of readLines(file.path))
      for (const line of lines) {
        lineNumber += 1;
        const problem = line.isWhole
          ? this.checkRecord(line, file, lineNumber)
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

  private checkRecord({ bytes }: Line, file: AuditFileName, line: number): string | null {
    const opened = openLine(bytes);
    if (opened.kind === "fault") return opened.problem;
    const { record } = opened;
    if (line === 1) {
      if (record.kind !== "file") return "the first record of the file is missing";
      if (record.file !== file.name) return `this is the file ${record.file}`;
    }
    // A log may begin in the middle when it says later that what was before was removed.
    return this.chain.follow(record, this.previousFile === null && line === 1, { file: file.name, line });
  }
}
