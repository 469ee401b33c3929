import { type AuditRecord, GENESIS } from "./record.ts";
import type { AuditFault, AuditVerification } from "./verification.ts";

/**
 * Follows the records of one log from one to the next. Records may be missing only where a later record of the log says that
 * they were removed: it names the hash that the first one after the gap continues.
 */
export class ChainCheck {
  /** Place of the last record. */
  seq: number;
  /** Hash of the last record. */
  hash: string;
  private lastKind: AuditRecord["kind"] | null = null;
  private readonly found: AuditVerification;
  private readonly onHash: (hash: string) => void;
  /** Gaps that no record has explained yet, by the hash of the last record in the gap. */
  private readonly gaps = new Map<string, AuditFault>();

  /** @param onHash told the hash of every record */
  constructor(
    found: AuditVerification,
    onHash: (hash: string) => void,
    start: { readonly seq: number; readonly hash: string } = { seq: 0, hash: GENESIS },
  ) {
    this.found = found;
    this.onHash = onHash;
    this.seq = start.seq;
    this.hash = start.hash;
  }

  /**
   * Takes the next record.
   * @param mayFollowGap whether records may be missing before this one
   * @param at where it stands, for the fault of a gap that nothing explains
   * @returns what is wrong, or null
   */
  follow(
    record: AuditRecord,
    mayFollowGap: boolean,
    at: { readonly file: string; readonly line: number },
  ): string | null {
    const { seq, prev, hash } = record;
    if (mayFollowGap && seq > this.seq + 1 && prev !== this.hash)
      this.gaps.set(prev, { ...at, problem: `records ${this.seq + 1} to ${seq - 1} are missing` });
    else if (prev !== this.hash)
      return `the record before this one is missing (expected to follow ${this.seq}, says ${seq})`;
    else if (seq !== this.seq + 1) return `expected record ${this.seq + 1}, found ${seq}`;
    this.seq = seq;
    this.hash = hash;
    this.lastKind = record.kind;
    this.count(record);
    return null;
  }

  /** To be called after the last record. */
  end(log: number): void {
    const [fault] = this.gaps.values();
    if (fault !== undefined) this.found.faults.push(fault);
    this.found.heads.push({ log, seq: this.seq, hash: this.hash, isClosed: this.lastKind === "closed" });
  }

  private count(record: AuditRecord): void {
    const { found } = this;
    this.onHash(record.hash);
    found.records += 1;
    if (found.firstTs === null || record.ts < found.firstTs) found.firstTs = record.ts;
    if (found.lastTs === null || record.ts > found.lastTs) found.lastTs = record.ts;
    if (record.kind === "exchange") found.exchanges += 1;
    else if (record.kind === "dropped") found.dropped += record.count;
    else if (record.kind === "removed") {
      found.removedFiles += 1;
      this.gaps.delete(record.lastHash);
    }
  }
}
