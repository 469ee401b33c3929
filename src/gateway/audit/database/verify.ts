import { RampartError } from "#shared";
import type { Database } from "../../stores/postgres/database.ts";
import { openLine } from "../chain.ts";
import { ChainCheck } from "../chain-check.ts";
import { type AuditFault, type AuditVerification, emptyVerification } from "../verification.ts";
import { orNotFound } from "./not-found.ts";

/** Rows of one statement: about 1 MB. */
const PAGE_ROWS = 2_000;

interface LogRow {
  readonly id: number;
  readonly name: string;
  readonly shipped_seq: string;
  readonly missed: string;
  readonly pruned_seq: string;
  readonly pruned_hash: string;
}

interface RecordRow {
  readonly seq: string;
  readonly hash: string;
  readonly line: string;
}

/**
 * Walks the copy of every log as `verifyAudit` walks the log on disk. Records may be missing where the log says that the bound
 * on size removed them, and at the beginning where retention deleted them.
 * @param head hash that one of the logs must contain
 * @throws RMP_AUDIT_NOT_FOUND when there is no copy; errors of {@link Database.query}
 */
export async function verifyAuditDatabase(database: Database, head?: string): Promise<AuditVerification> {
  const found = emptyVerification();
  const logs = await logRows(database).catch(orNotFound);
  if (logs.length === 0)
    throw new RampartError("RMP_AUDIT_NOT_FOUND", "there is no audit log in the database");
  let hasHead = head === undefined;
  for (const log of logs) {
    found.missed += Number(log.missed);
    const fault = await checkLog(database, log, found, (hash) => {
      hasHead ||= hash === head;
    });
    if (fault !== null) found.faults.push(fault);
  }
  if (!hasHead)
    found.faults.push({ file: "database", line: 0, problem: "no record has the hash that was asked for" });
  return found;
}

async function checkLog(
  database: Database,
  { id, name, shipped_seq, pruned_seq, pruned_hash }: LogRow,
  found: AuditVerification,
  onHash: (hash: string) => void,
): Promise<AuditFault | null> {
  const file = `log ${name}`;
  const check = new ChainCheck(found, onHash, { seq: Number(pruned_seq), hash: pruned_hash });
  let after = { seq: pruned_seq, hash: "f".repeat(64) };
  for (;;) {
    const rows = await database.query<RecordRow>(
      `SELECT seq, encode(hash, 'hex') AS hash, record::text AS line FROM ${database.schema}.audit_records
       WHERE log_id = $1 AND (seq, audit_records.hash) > ($2, decode($3, 'hex'))
       ORDER BY log_id, seq, audit_records.hash LIMIT $4`,
      [id, after.seq, after.hash, PAGE_ROWS],
    );
    for (const { seq, line } of rows) {
      const at = { file, line: Number(seq) };
      const opened = openLine(Buffer.from(line));
      const problem =
        opened.kind === "fault"
          ? opened.problem
          : opened.record.seq === check.seq
            ? "the record stands here twice: the log on disk was set back after it was copied"
            : check.follow(opened.record, true, at);
      if (problem !== null) return { ...at, problem };
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last;
  }
  check.end(id);
  return check.seq < Number(shipped_seq)
    ? { file, line: check.seq, problem: `records ${check.seq + 1} to ${shipped_seq} are missing at the end` }
    : null;
}

function logRows(database: Database): Promise<readonly LogRow[]> {
  return database.query<LogRow>(
    `SELECT id, name, shipped_seq, missed, pruned_seq, pruned_hash FROM ${database.schema}.audit_logs ORDER BY id`,
  );
}
