/** What the environment says about the caches. */
import type { GatewayConfigInput } from "#contract";
import { RampartError } from "#shared";

type CacheInput = NonNullable<GatewayConfigInput["cache"]>;

/**
 * The section `cache` as far as the environment sets it: `CACHE_TTL` (seconds; 0 = no answers are kept) and `CACHE_SECRET`.
 * Empty variables count as absent.
 * @throws RMP_CONFIG_INVALID naming the variable
 */
export function cacheSettings(env: Readonly<Record<string, string | undefined>>): CacheInput {
  const { CACHE_TTL, CACHE_SECRET } = env;
  if (CACHE_TTL && !/^\d{1,7}$/.test(CACHE_TTL))
    throw new RampartError("RMP_CONFIG_INVALID", "CACHE_TTL: expected a whole number of seconds", {
      field: "CACHE_TTL",
    });
  const ttlSec = Number(CACHE_TTL || Number.NaN);
  return {
    ...(ttlSec === 0 ? { responses: "off" } : ttlSec > 0 ? { ttlSec } : {}),
    ...(CACHE_SECRET ? { secret: CACHE_SECRET } : {}),
  };
}
