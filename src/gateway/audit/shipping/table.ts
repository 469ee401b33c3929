import type { Database } from "../../stores/postgres/database.ts";
import type { ShipBatch } from "./batches.ts";
import type { ShipPosition } from "./position.ts";

/** The copy of the log, as the shipper sees it. */
export interface AuditTable {
  /** Brings the tables to the shape that this version needs. */
  prepare(): Promise<void>;
  /** Asks for an answer and nothing else. */
  ping(): Promise<void>;
  /** How far a log was copied; the beginning for one that is not known yet. */
  position(log: string): Promise<ShipPosition>;
  /**
   * Stores a batch and the new position together, or neither.
   * @param from the position as it was read: when another process has moved it since, nothing is done
   * @returns records that were not there yet; null when nothing was done
   */
  append(log: string, from: ShipPosition, batch: ShipBatch): Promise<number | null>;
}

/** Stores records in PostgreSQL: one statement a batch, its values as one JSON text that the server takes apart. */
export function createAuditTable(database: Database): AuditTable {
  const { schema } = database;
  const appendSql = `
    WITH mine AS (
      SELECT id, pruned_seq FROM ${schema}.audit_logs
      WHERE name = $1 AND shipped_seq = $2 AND shipped_hash = $3 AND shipped_file = $4 AND shipped_bytes = $5
      FOR UPDATE SKIP LOCKED
    ), stored AS (
      INSERT INTO ${schema}.audit_records (log_id, record)
      SELECT mine.id, line FROM mine, json_array_elements($6::json) AS line
      WHERE (line ->> 'seq')::bigint > mine.pruned_seq
      ON CONFLICT DO NOTHING RETURNING 1
    ), moved AS (
      UPDATE ${schema}.audit_logs AS logs
      SET shipped_seq = $7, shipped_hash = $8, shipped_file = $9, shipped_bytes = $10, missed = missed + $11
      FROM mine WHERE logs.id = mine.id RETURNING 1
    )
    SELECT (SELECT count(*)::integer FROM stored) AS stored, (SELECT count(*)::integer FROM moved) AS moved`;
  const positionSql = `
    SELECT shipped_seq AS seq, shipped_hash AS hash, shipped_file AS file, shipped_bytes AS bytes
    FROM ${schema}.audit_logs WHERE name = $1`;
  return {
    prepare: () => database.migrate(),
    async ping() {
      await database.query("SELECT 1");
    },
    async position(log) {
      await database.query(`INSERT INTO ${schema}.audit_logs (name) VALUES ($1) ON CONFLICT DO NOTHING`, [
        log,
      ]);
      const [row] = await database.query<Record<keyof ShipPosition, string>>(positionSql, [log]);
      const { seq, hash, file, bytes } = row!; // it was just made if it was not there
      return { seq: Number(seq), hash, file: Number(file), bytes: Number(bytes) };
    },
    async append(log, from, batch) {
      const { lines, next } = batch;
      const [counts] = await database.query<{ stored: number; moved: number }>(appendSql, [
        log,
        from.seq,
        from.hash,
        from.file,
        from.bytes,
        `[${lines.map(({ text }) => text).join(",")}]`,
        next.seq,
        next.hash,
        next.file,
        next.bytes,
        missedBy(from, batch),
      ]);
      return counts?.moved === 1 ? counts.stored : null;
    },
  };
}

/** Records between two positions that no line stands for: removed by the bound on size before they were copied, or unreadable. */
export function missedBy(from: ShipPosition, { lines, next }: ShipBatch): number {
  return Math.max(0, next.seq - from.seq - lines.length);
}
