import { LRUCache } from "lru-cache";
import type { Guard, Vault } from "#detect";
import type { MonotonicClock } from "#shared";

/** The vaults of conversations: bound to their tenant, bounded in number and in age. */
export interface Sessions {
  /** The vault of a conversation; a new one when it is not known (any more). Another tenant's session is another one. */
  vaultOf(tenant: string, session: string): Vault;
  readonly size: number;
}

/** Keeps conversations in this process. */
export function createSessions(
  guard: Pick<Guard, "createVault">,
  bounds: { readonly max: number; readonly ttlMs: number },
  clock: MonotonicClock,
): Sessions {
  const vaults = new LRUCache<string, Vault>({
    max: bounds.max,
    ttl: bounds.ttlMs,
    updateAgeOnGet: true,
    // The cache treats 0 as "no start time"; the monotonic clock may begin there.
    perf: { now: () => clock() + 1 },
  });
  return {
    vaultOf(tenant, session) {
      const key = `${tenant}\0${session}`;
      let vault = vaults.get(key);
      if (vault === undefined) {
        vault = guard.createVault({ tenant, session });
        vaults.set(key, vault);
      }
      return vault;
    },
    get size() {
      return vaults.size;
    },
  };
}
