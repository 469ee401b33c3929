import { stat } from "node:fs/promises";
import { DatabaseError } from "../../stores/postgres/errors.ts";
import { readBatches, type ShipBatch } from "./batches.ts";
import { SHIP_START, type ShipPosition } from "./position.ts";
import { type Lag, measureLag, NO_LAG } from "./progress.ts";
import { isGone, type SpooledLog } from "./spool.ts";
import { type AuditTable, missedBy } from "./table.ts";

/** What was done, in numbers; each is counted once, when PostgreSQL has confirmed it. */
export interface ShipCounts {
  shipped: number;
  batches: number;
  missed: number;
}

/** Copies one log. Its position lives in PostgreSQL; what is kept here only saves asking for it. */
export class LogShipper {
  /** How far behind the copy is, as of the last look; null while the position is not known. */
  lag: Lag | null = null;
  private position: ShipPosition | null = null;
  /** False after a statement of which it is not known whether it was carried out. */
  private isSure = false;
  private readonly table: AuditTable;
  private readonly counts: ShipCounts;
  private readonly batchRecords: number;

  constructor(table: AuditTable, counts: ShipCounts, batchRecords: number) {
    this.table = table;
    this.counts = counts;
    this.batchRecords = batchRecords;
  }

  /**
   * Copies what is there now.
   * @param isOver asked after each batch: whether to leave the rest for later
   * @throws errors of the table and of the file system
   */
  async ship(log: SpooledLog, isOver: () => boolean): Promise<void> {
    try {
      if (!this.isSure) this.position = await this.table.position(log.name);
      this.isSure = true;
      const hasEnded = (await this.isUpToDate(log)) || (await this.shipNew(log, isOver));
      if (hasEnded) this.lag = NO_LAG;
      else await this.measure(log);
    } catch (error) {
      // A file that the bound on size removed meanwhile: the next round sees what is left.
      if (isGone(error)) return;
      this.isSure = false;
      await this.measure(log);
      throw error;
    }
  }

  /** Looks how far behind the copy is, when that can be known. Never rejects. */
  async measure(log: SpooledLog): Promise<void> {
    const { position } = this;
    if (position !== null) this.lag = await measureLag(log, position).catch(() => this.lag);
  }

  private async isUpToDate({ files }: SpooledLog): Promise<boolean> {
    const last = files.at(-1);
    const { position } = this;
    if (last === undefined || position === null || last.number !== position.file) return false;
    return (await stat(last.path)).size === position.bytes;
  }

  /** @returns whether the end was reached */
  private async shipNew(log: SpooledLog, isOver: () => boolean): Promise<boolean> {
    const { batchRecords } = this;
    for await (const batch of readBatches(log.files, this.position ?? SHIP_START, batchRecords)) {
      if (!(await this.append(log.name, batch)) || isOver()) return false;
      // A full batch may be one of many: how many are left is shown meanwhile.
      if (batch.lines.length === batchRecords) await this.countDown(log, batch);
    }
    return true;
  }

  private async countDown(log: SpooledLog, { lines }: ShipBatch): Promise<void> {
    const { lag } = this;
    if (lag === null || lag.records === 0) return this.measure(log);
    const records = Math.max(0, lag.records - lines.length);
    this.lag = { records, oldestTs: records === 0 ? null : (lines.at(-1)?.ts ?? null), removed: 0 };
  }

  /** @returns false when another process copies this log */
  private async append(name: string, batch: ShipBatch): Promise<boolean> {
    const from = this.position ?? SHIP_START;
    let stored: number | null;
    try {
      stored = await this.table.append(name, from, batch);
    } catch (error) {
      if (!(error instanceof DatabaseError && error.isBadData) || batch.lines.length === 0) throw error;
      return this.appendParts(name, batch);
    }
    if (stored === null) {
      this.isSure = false;
      return false;
    }
    this.position = batch.next;
    this.counts.shipped += stored;
    this.counts.batches += 1;
    this.counts.missed += missedBy(from, batch);
    return true;
  }

  /** Finds the record that PostgreSQL cannot take and goes on without it, so that it does not stop the others. */
  private async appendParts(name: string, { lines, next }: ShipBatch): Promise<boolean> {
    if (lines.length === 1) return this.append(name, { lines: [], next });
    const middle = lines.length >> 1;
    const first = lines.slice(0, middle);
    return (
      (await this.append(name, { lines: first, next: first.at(-1)!.next })) &&
      this.append(name, { lines: lines.slice(middle), next })
    );
  }
}
