import type { Pool } from "pg";
import type { ServiceReader } from "./redis-figures.ts";

/** Time that an answer may take, ms: shorter than the interval of the samples. */
const TIMEOUT_MS = 800;

/**
 * One row about the database that the URL names. Source: PostgreSQL documentation, "The Cumulative Statistics System"
 * (pg_stat_database, pg_stat_activity). The observer's own connection is left out.
 */
const QUERY = `
  select
    (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as connections,
    (select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()) as active,
    (select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waiting,
    current_setting('max_connections')::int as max_connections,
    xact_commit as commits, xact_rollback as rollbacks, tup_inserted as rows_inserted, deadlocks, temp_bytes,
    blks_hit as blocks_hit, blks_read as blocks_read,
    pg_database_size(current_database()) as size_bytes
  from pg_stat_database where datname = current_database()`;

/** A reader over PostgreSQL's statistics views. */
export function createPostgresReader(url: string): ServiceReader {
  let pool: Promise<Pool> | null = null;
  return {
    async read() {
      try {
        pool ??= open(url);
        const { rows } = await (await pool).query<Record<string, unknown>>(QUERY);
        const figures = new Map<string, number>();
        for (const [name, value] of Object.entries(rows[0] ?? {}))
          if (Number.isFinite(Number(value))) figures.set(`postgres.${name}`, Number(value));
        return figures;
      } catch {
        return new Map();
      }
    },
    close: () => void pool?.then((open) => open.end()).catch(() => undefined),
  };
}

async function open(url: string): Promise<Pool> {
  const { Pool: Connections } = await import("pg");
  const pool = new Connections({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    statement_timeout: TIMEOUT_MS,
    application_name: "rampart-observer",
  });
  // A server that is gone shows as a gap in its series; the pool connects anew.
  pool.on("error", () => {});
  return pool;
}
