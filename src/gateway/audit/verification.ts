/** Where the chain does not hold. */
export interface AuditFault {
  /** Name of the file, or of the log in the database. */
  readonly file: string;
  /** Line of the file from 1, or place of the record in the log. */
  readonly line: number;
  readonly problem: string;
}

/** What the check of a log found. */
export interface AuditVerification {
  /** Records that were read, those of the log about itself included. */
  records: number;
  exchanges: number;
  /** 0 in the database. */
  files: number;
  /** Exchanges that the log itself says it could not hold. */
  dropped: number;
  /** Files that the log itself says it removed. */
  removedFiles: number;
  /** Bytes of writes that a crash cut short and no later start has cut off yet. */
  tornBytes: number;
  /** Records that left the disk before they were copied to the database; 0 on disk. */
  missed: number;
  /** Milliseconds since the Unix epoch; null without records. */
  firstTs: number | null;
  lastTs: number | null;
  /** Last record of each log. Kept elsewhere it shows later that nothing was taken off the end. */
  readonly heads: {
    /** Number of the log in its directory or database. */
    readonly log: number;
    readonly seq: number;
    readonly hash: string;
    readonly isClosed: boolean;
  }[];
  /** The first one of each log. */
  readonly faults: AuditFault[];
}

/** Nothing read yet. */
export function emptyVerification(): AuditVerification {
  return {
    records: 0,
    exchanges: 0,
    files: 0,
    dropped: 0,
    removedFiles: 0,
    tornBytes: 0,
    missed: 0,
    firstTs: null,
    lastTs: null,
    heads: [],
    faults: [],
  };
}
