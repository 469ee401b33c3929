import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Customer } from "#contract";
import { RampartError } from "#shared";

/** Keys whose customer is remembered, so that not every request is hashed. */
const REMEMBERED_KEYS = 1_000;
/** Longest key that is looked at. */
const MAX_KEY_CHARACTERS = 512;

/** Who sent a request. */
export interface Caller {
  readonly name: string;
  readonly tenant: string;
  readonly role: Customer["role"];
  readonly policy: string | undefined;
  /** Names the key without telling it: bound into everything that is remembered for its holder. */
  readonly keyId: string;
}

/** Finds the customer of a key. */
export interface Customers {
  /** No customers are configured: everybody who reaches the address may use it. */
  readonly isOpen: boolean;
  /** @throws RMP_AUTH_INVALID; the same for every wrong key, after the same work */
  callerOf(key: string): Caller;
}

/**
 * Customers by the SHA-256 of their keys: the configuration holds no secret, and a look-up compares digests, whose timing
 * tells nothing about a key.
 * @throws RMP_CONFIG_INVALID when two customers share a key or a name
 */
export function createCustomers(configured: readonly Customer[]): Customers {
  const byDigest = new Map<string, Caller>();
  const names = new Set<string>();
  for (const { name, tenant, role, keys, policy } of configured) {
    if (names.has(name)) throw twice("name", name);
    names.add(name);
    keys.forEach((key, i) => {
      const digest = key.slice("sha256:".length);
      if (byDigest.has(digest)) throw twice("key", name);
      byDigest.set(digest, { name, tenant: tenant ?? name, role, policy, keyId: `${name}#${i}` });
    });
  }
  const known = new LRUCache<string, Caller>({ max: REMEMBERED_KEYS });
  return {
    isOpen: configured.length === 0,
    callerOf(key) {
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const caller = key.length > MAX_KEY_CHARACTERS ? undefined : byDigest.get(sha256(key));
      if (caller === undefined) throw new RampartError("RMP_AUTH_INVALID", "the key is not known");
      known.set(key, caller);
      return caller;
    },
  };
}

/** SHA-256 of a text, hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function twice(what: string, name: string): RampartError {
  return new RampartError("RMP_CONFIG_INVALID", `customers: two have the same ${what} (${name})`, {
    field: "customers",
  });
}
