import type { Database } from "../../stores/postgres/database.ts";

/** Records looked at, and deleted, by one statement. */
const PRUNE_BATCH = 2_000;
const DAY_MS = 86_400_000;

interface LogRow {
  readonly id: number;
  readonly pruned_seq: string;
}

interface OldRow {
  readonly seq: string;
  readonly ts: string;
  readonly hash: string;
}

/**
 * Deletes records of a certain age from the beginning of each log, in order, and keeps the place and hash of the last one
 * deleted: what is left still verifies, and nothing that was deleted is stored again.
 * @param nowMs milliseconds since the Unix epoch
 * @param isOver asked after each statement: whether to leave the rest for later
 * @returns records deleted
 * @throws errors of {@link Database.query}
 */
export async function pruneRecords(
  database: Database,
  retentionDays: number,
  nowMs: number,
  isOver: () => boolean,
): Promise<number> {
  const { schema } = database;
  const beforeTs = nowMs - retentionDays * DAY_MS;
  let pruned = 0;
  for (const { id, pruned_seq } of await database.query<LogRow>(
    `SELECT id, pruned_seq FROM ${schema}.audit_logs ORDER BY id`,
  )) {
    let from = pruned_seq;
    for (;;) {
      const rows = await database.query<OldRow>(
        `SELECT seq, ts, encode(hash, 'hex') AS hash FROM ${schema}.audit_records
         WHERE log_id = $1 AND seq > $2 ORDER BY log_id, seq, audit_records.hash LIMIT $3`,
        [id, from, PRUNE_BATCH],
      );
      const young = rows.findIndex(({ ts }) => Number(ts) >= beforeTs);
      const last = rows[(young === -1 ? rows.length : young) - 1];
      if (last === undefined) break;
      pruned += await deleteTo(database, id, from, last);
      if (young !== -1 || isOver()) break;
      from = last.seq;
    }
  }
  return pruned;
}

/** Does nothing when another process has deleted meanwhile. */
async function deleteTo(database: Database, id: number, from: string, last: OldRow): Promise<number> {
  const { schema } = database;
  const [row] = await database.query<{ deleted: number }>(
    `WITH mine AS (
       UPDATE ${schema}.audit_logs SET pruned_seq = $3, pruned_hash = $4
       WHERE id = $1 AND pruned_seq = $2 RETURNING id
     ), gone AS (
       DELETE FROM ${schema}.audit_records AS records USING mine
       WHERE records.log_id = mine.id AND records.seq <= $3 RETURNING 1
     )
     SELECT count(*)::integer AS deleted FROM gone`,
    [id, from, last.seq, last.hash],
  );
  return row?.deleted ?? 0;
}
