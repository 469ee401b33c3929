/** What the environment says about Redis, and what may be told about it. */
import type { GatewayConfig, GatewayConfigInput } from "#contract";
import { environmentNumbers } from "./environment-numbers.ts";

type RedisInput = NonNullable<GatewayConfigInput["redis"]>;

/** Whole numbers by environment variable, each with its key and the unit that the key is in; later ones win. */
const NUMBERS = [
  ["MAX_CONNECTIONS", "maxConnections", 1],
  ["REDIS_POOL_MIN", "minConnections", 1],
  ["REDIS_POOL_MAX", "maxConnections", 1],
  ["REDIS_CONNECTION_LIFETIME", "connectionLifetimeMs", 1000],
] as const;

/**
 * The section `redis` as far as the environment sets it: `REDIS_URL`, `REDIS_KEY_PREFIX`, `MAX_CONNECTIONS` or
 * `REDIS_POOL_MAX`, `REDIS_POOL_MIN`, `REDIS_CONNECTION_LIFETIME` (seconds). Empty variables count as absent.
 * @throws RMP_CONFIG_INVALID naming the variable
 */
export function redisSettings(env: Readonly<Record<string, string | undefined>>): RedisInput {
  const { REDIS_URL, REDIS_KEY_PREFIX } = env;
  return {
    ...(REDIS_URL ? { url: REDIS_URL } : {}),
    ...(REDIS_KEY_PREFIX ? { keyPrefix: REDIS_KEY_PREFIX } : {}),
    ...environmentNumbers(env, NUMBERS),
  };
}

/** Where limits are kept, for people to read; of a URL only host and port. */
export function limitsFact({ limits, customers, redis }: GatewayConfig): string {
  const areSet = [limits, ...customers.map((customer) => customer.limits ?? {})].some(
    ({ proxy, detection, control }) =>
      proxy !== undefined || detection !== undefined || control !== undefined,
  );
  if (!areSet) return "none configured";
  return redis.url === undefined ? "embedded (memory)" : `Redis at ${new URL(redis.url).host}`;
}
