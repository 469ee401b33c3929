/** What the environment says about PostgreSQL. */
import type { GatewayConfigInput } from "#contract";
import { environmentNumbers } from "./environment-numbers.ts";

type PostgresInput = NonNullable<GatewayConfigInput["postgres"]>;

/** Whole numbers by environment variable, each with its key and the unit that the key is in. */
const NUMBERS = [
  ["DATABASE_POOL_MIN", "poolMin", 1],
  ["DATABASE_POOL_MAX", "poolMax", 1],
  ["DATABASE_CONNECTION_LIFETIME", "connectionLifetimeMs", 1000],
] as const;

/**
 * The section `postgres` as far as the environment sets it: `DATABASE_URL`, `DATABASE_READ_URL`, `DATABASE_SCHEMA`,
 * `DATABASE_POOL_MIN`, `DATABASE_POOL_MAX`, `DATABASE_CONNECTION_LIFETIME` (seconds). Empty variables count as absent.
 * @throws RMP_CONFIG_INVALID naming the variable
 */
export function postgresSettings(env: Readonly<Record<string, string | undefined>>): PostgresInput {
  const { DATABASE_URL, DATABASE_READ_URL, DATABASE_SCHEMA } = env;
  return {
    ...(DATABASE_URL ? { url: DATABASE_URL } : {}),
    ...(DATABASE_READ_URL ? { readUrl: DATABASE_READ_URL } : {}),
    ...(DATABASE_SCHEMA ? { schema: DATABASE_SCHEMA } : {}),
    ...environmentNumbers(env, NUMBERS),
  };
}
