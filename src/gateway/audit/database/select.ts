import type { Database, SqlValue } from "../../stores/postgres/database.ts";
import { openLine } from "../chain.ts";
import type { AuditFilter } from "../query.ts";
import type { AuditRecord } from "../record.ts";
import { conditionsOf } from "./conditions.ts";
import { orNotFound } from "./not-found.ts";

/** Rows of one statement: about 1 MB. */
const PAGE_ROWS = 2_000;

/** A record of the copy. */
export interface StoredEntry {
  /** Null when the row does not hold what was written. */
  readonly record: AuditRecord | null;
  /** The line as it stands in the log. */
  readonly line: Buffer;
}

/** The order that rows are read in: by time, then by what makes the order of equal times the same every time. */
const ORDER = ["ts", "seq", "log_id", "audit_records.hash"] as const;

interface Row {
  readonly ts: string;
  readonly seq: string;
  readonly log_id: number;
  readonly hash: string;
  readonly line: string;
}

/** A statement that reads one page. */
export interface PageStatement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/**
 * The statement of one page: what the filter wants, in order of time, after the last row of the page before. Its cost is that
 * of the page, wherever in the log it is.
 */
export function pageStatement(
  schema: string,
  filter: AuditFilter,
  order: "oldest first" | "newest first",
  rows: number,
  after: Row | null,
): PageStatement {
  const { texts, values } = conditionsOf(filter);
  const direction = order === "oldest first" ? "ASC" : "DESC";
  if (after !== null) {
    const at = values.length;
    texts.push(
      `(${ORDER.join(", ")}) ${direction === "ASC" ? ">" : "<"} ($${at + 1}, $${at + 2}, $${at + 3}, decode($${at + 4}, 'hex'))`,
    );
    values.push(after.ts, after.seq, after.log_id, after.hash);
  }
  values.push(rows);
  return {
    text: `
      SELECT ts, seq, log_id, encode(hash, 'hex') AS hash, record::text AS line FROM ${schema}.audit_records
      WHERE ${texts.join(" AND ")}
      ORDER BY ${ORDER.map((column) => `${column} ${direction}`).join(", ")} LIMIT $${values.length}`,
    values,
  };
}

/** Every record that a filter wants, oldest first, as many at once as one statement brings. @throws as `Database.query` */
export function selectAuditDatabase(
  database: Database,
  filter: AuditFilter,
): AsyncGenerator<readonly StoredEntry[]> {
  return pages(database, filter, "oldest first", Number.POSITIVE_INFINITY);
}

/** The newest records that a filter wants, newest last. Memory is bounded by the limit. @throws as `Database.query` */
export async function queryAuditDatabase(
  database: Database,
  filter: AuditFilter,
  limit: number,
): Promise<readonly AuditRecord[]> {
  const newest: AuditRecord[] = [];
  for await (const entries of pages(database, filter, "newest first", limit))
    for (const { record } of entries) if (record !== null) newest.push(record);
  return newest.reverse();
}

async function* pages(
  database: Database,
  filter: AuditFilter,
  order: "oldest first" | "newest first",
  limit: number,
): AsyncGenerator<readonly StoredEntry[]> {
  let left = limit;
  for (let after: Row | null = null; left > 0; ) {
    const size = Math.min(left, PAGE_ROWS);
    const { text, values } = pageStatement(database.schema, filter, order, size, after);
    const rows: readonly Row[] = await database.query<Row>(text, values).catch(orNotFound);
    if (rows.length > 0) yield rows.map(toEntry);
    if (rows.length < size) return;
    left -= rows.length;
    after = rows.at(-1) ?? null;
  }
}

function toEntry({ line }: Row): StoredEntry {
  const bytes = Buffer.from(line);
  const opened = openLine(bytes);
  return { record: opened.kind === "record" ? opened.record : null, line: bytes };
}
