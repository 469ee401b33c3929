import { fileURLToPath } from "node:url";
import type { CuttableClient } from "./client.ts";

/** Folder of the migrations, beside `src/` and `dist/`. */
const MIGRATIONS_DIR = fileURLToPath(new URL("../../../../migrations", import.meta.url));
const MIGRATIONS_TABLE = "schema_migrations";
/** Key of the advisory lock that one migrating process holds at a time: "RAMPAR" in ASCII. */
const LOCK_KEY = 0x52414d504152;

/**
 * Runs the migrations that the schema has not seen, in their order, each in a transaction; processes that do so at the same
 * time wait for each other. Makes the schema when it is not there, which needs the right to do so.
 * @param client not connected yet, used for nothing else: its search path is changed
 * @throws errors of `pg`
 */
export async function migrate(client: CuttableClient, schema: string): Promise<void> {
  const { runner } = await import("node-pg-migrate");
  await client.connect();
  const { rowCount } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]);
  await runner({
    dbClient: client,
    dir: MIGRATIONS_DIR,
    direction: "up",
    schema,
    createSchema: rowCount === 0,
    migrationsSchema: schema,
    migrationsTable: MIGRATIONS_TABLE,
    advisoryLockMode: "wait",
    lockValue: LOCK_KEY,
    logger: SILENT,
  });
}

const nothing = (): void => undefined;
/** What goes wrong is thrown; the runner's own lines would quote statements. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
