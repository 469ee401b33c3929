import { randomHex } from "#shared";
import { Chain } from "./chain.ts";
import { type Claim, claimLog } from "./claim.ts";
import type { AuditDisk, AuditFile } from "./disk.ts";
import { type AuditFileName, auditFile, listAuditFiles } from "./names.ts";
import type { ExchangeRecord, NoticeRecord } from "./record.ts";
import { endOf, recover } from "./recover.ts";

/** Where a log is kept and how large it may get. */
export interface LogFileOptions {
  readonly dir: string;
  readonly disk: AuditDisk;
  /** A file that has reached this is followed by the next, bytes. */
  readonly maxBytes: number;
  /** Most files of one log. */
  readonly maxFiles: number;
  /** Whether the oldest file is removed when there are as many; else the log is full. */
  readonly removeOldest: boolean;
  readonly fsync: boolean;
  readonly version: string;
  readonly now: () => number;
}

/** An exchange with its time, ms since the Unix epoch. */
export interface Entry {
  readonly ts: number;
  readonly content: ExchangeRecord;
}

/** Thrown by {@link LogFile.prepare} when all files are there that may be; the operator has to make room. */
export class LogFull extends Error {
  override readonly name = "LogFull";
}

/**
 * One log on disk: continues where the last writer stopped, begins the next file in time, keeps the bounds. A batch that
 * failed is kept as sealed and written again at the same place, so a failure costs no record and leaves no gap.
 */
export class LogFile {
  private readonly options: LogFileOptions;
  private claim: Claim | null = null;
  private chain = new Chain();
  private current: AuditFileName | null = null;
  private open: AuditFile | null = null;
  /** Bytes of the current file that are written for good. */
  private fileBytes = 0;
  private previous: string | null = null;
  private logName = "";
  private pending: { readonly bytes: Buffer; readonly records: number } | null = null;
  private notices: NoticeRecord[] = [];

  constructor(options: LogFileOptions) {
    this.options = options;
  }

  /** Number of the log in its directory; null before the first success of {@link start}. */
  get log(): number | null {
    return this.claim?.log ?? null;
  }

  /** Finds a log to write and its end. Harmless when done already. @throws errors of the file system */
  async start(): Promise<void> {
    if (this.current !== null) return;
    const { dir, disk, version } = this.options;
    await disk.makeDir(dir);
    this.claim ??= claimLog(dir);
    const { log } = this.claim;
    const files = (await listAuditFiles(dir)).filter((file) => file.log === log);
    const found = await recover(dir, log, files);
    this.chain = found.chain;
    this.fileBytes = found.keepBytes;
    this.logName = found.logName ?? randomHex(8);
    this.previous = files.findLast(({ number }) => number < found.file.number)?.name ?? null;
    this.notices = [...found.notices, { kind: "opened", version }];
    this.current = found.file;
  }

  /**
   * Sees to it that nothing sealed is left over and that there is a file with room. Nothing is lost when this fails.
   * @param isLast the next batch is the writer's last: it may go beyond the bound
   * @returns records written that an earlier {@link write} could not
   * @throws LogFull; errors of the file system
   */
  async prepare(isLast: boolean): Promise<number> {
    const late = await this.write();
    await this.start();
    if (this.open !== null && !(await this.open.isThere())) await this.letGo();
    await this.file();
    if (this.fileBytes >= this.options.maxBytes && !isLast) await this.nextFile();
    return late;
  }

  /** Puts records into the chain, the exchanges first; call {@link prepare} before and {@link write} after. */
  seal(entries: readonly Entry[], notices: readonly NoticeRecord[]): void {
    const ts = this.options.now();
    let lines = "";
    if (this.fileBytes === 0) lines += this.chain.seal(ts, this.fileNotice());
    for (const notice of this.notices) lines += this.chain.seal(ts, notice);
    for (const entry of entries) lines += this.chain.seal(entry.ts, entry.content);
    for (const notice of notices) lines += this.chain.seal(ts, notice);
    this.notices = [];
    if (lines !== "") this.pending = { bytes: Buffer.from(lines), records: entries.length };
  }

  /**
   * Writes what is sealed; after a failure it stays and is written at the same place by the next call.
   * @returns records written, without those of the log about itself
   * @throws errors of the file system
   */
  async write(): Promise<number> {
    if (this.pending === null) return 0;
    const { bytes, records } = this.pending;
    const file = await this.file();
    try {
      await file.write(bytes, this.fileBytes);
      if (this.options.fsync) await file.sync();
    } catch (error) {
      await this.letGo();
      throw error;
    }
    this.fileBytes += bytes.length;
    this.pending = null;
    return records;
  }

  /** Gives the log up to the next writer. */
  async release(): Promise<void> {
    await this.letGo();
    this.claim?.release();
    this.claim = null;
    this.current = null;
  }

  private async nextFile(): Promise<void> {
    const { dir, disk, maxFiles, removeOldest } = this.options;
    const files = (await listAuditFiles(dir)).filter(({ log }) => log === this.claim?.log);
    if (files.length >= maxFiles) {
      if (!removeOldest || files.length < 2) throw new LogFull("the log has all the files that it may have");
      for (const oldest of files.slice(0, files.length - maxFiles + 1)) {
        const { seq, hash } = await endOf(oldest);
        const notice = { kind: "removed", file: oldest.name, lastSeq: seq, lastHash: hash } as const;
        // The removal is told on disk before it happens.
        this.pending = { bytes: Buffer.from(this.chain.seal(this.options.now(), notice)), records: 0 };
        await this.write();
        await disk.remove(oldest.path);
      }
    }
    this.moveOn();
  }

  /** The next file by number; it is made with its first record. */
  private moveOn(): void {
    const { current, claim } = this;
    if (current === null || claim === null) return;
    this.previous = current.name;
    this.current = auditFile(this.options.dir, claim.log, current.number + 1);
    this.fileBytes = 0;
    const closing = this.open;
    this.open = null;
    closing?.close().catch(() => undefined);
  }

  /** The current file, opened; one that was deleted or cut by somebody else is not continued, so that no hole is written. */
  private async file(): Promise<AuditFile> {
    if (this.open !== null) return this.open;
    await this.options.disk.makeDir(this.options.dir);
    const { current } = this;
    if (current === null) throw new Error("the log is not started");
    const file = await this.options.disk.open(current.path);
    if (file.bytes < this.fileBytes) {
      await file.close();
      this.notices.unshift({ kind: "broken", file: current.name });
      this.moveOn();
      return this.file();
    }
    if (file.bytes > this.fileBytes) await file.truncate(this.fileBytes);
    this.open = file;
    return file;
  }

  private fileNotice(): NoticeRecord {
    return {
      kind: "file",
      log: this.logName,
      file: this.current?.name ?? "",
      previous: this.previous,
    };
  }

  private async letGo(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.close().catch(() => undefined);
  }
}
