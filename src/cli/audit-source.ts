/** Where `rampart audit` reads: the log on disk, or its copy in PostgreSQL. */
import { createDatabase, type Database } from "#gateway";
import { monotonicMs, RampartError } from "#shared";
import { gatewaySettings } from "./gateway-settings.ts";

/** Longest time of one statement, ms; reading is nobody's request. */
const STATEMENT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Flags that say where to read. */
export interface SourceFlags {
  readonly dir?: string;
  readonly from?: "disk" | "postgres";
  readonly config?: string;
}

/** What there is to read. */
export type AuditSource =
  | { readonly kind: "disk"; readonly dir: string }
  | { readonly kind: "postgres"; readonly database: Database };

/**
 * Chooses the source: what `--from` says, else the folder when `--dir` names one, else the preferred one if it is configured.
 * The database is that of `DATABASE_READ_URL`, else `DATABASE_URL`, else of the configuration file.
 * @param prefersCopy whether PostgreSQL is read when it is configured and no flag says otherwise
 * @throws RMP_CLI_USAGE, RMP_CONFIG_INVALID, RMP_CONFIG_NOT_FOUND
 */
export function auditSource(
  flags: SourceFlags,
  env: Readonly<Record<string, string | undefined>>,
  prefersCopy: boolean,
): AuditSource {
  const { audit, postgres = {} } = gatewaySettings(
    flags.config === undefined ? {} : { config: flags.config },
    env,
  ).config;
  const url = postgres.readUrl ?? postgres.url;
  const isCopy =
    flags.from === "postgres" ||
    (flags.from === undefined && prefersCopy && flags.dir === undefined && url !== undefined);
  if (!isCopy) return { kind: "disk", dir: flags.dir ?? audit?.dir ?? "audit" };
  if (url === undefined)
    throw new RampartError("RMP_CLI_USAGE", "--from postgres: set DATABASE_READ_URL or DATABASE_URL", {
      field: "from",
    });
  const database = createDatabase({
    url,
    field: postgres.readUrl === undefined ? "postgres.url" : "postgres.readUrl",
    schema: postgres.schema ?? "rampart",
    poolMin: 0,
    poolMax: 1,
    idleConnectionMs: CONNECT_TIMEOUT_MS,
    connectionLifetimeMs: 3_600_000,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    clock: monotonicMs,
  });
  return { kind: "postgres", database };
}
