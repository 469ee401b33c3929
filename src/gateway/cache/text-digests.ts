import { createHash, type Hash } from "node:crypto";
import type { Guard } from "#detect";
import { randomHex } from "#shared";

/** Block length of SHA-256 (FIPS 180-4), bytes: a key of this length is absorbed in one step of its own. */
const BLOCK_BYTES = 64;

/** A string of ES2024, which Node 20 has and the configured library types do not. */
type Es2024String = string & { isWellFormed(): boolean };

/**
 * Names for texts: SHA-256 behind a random key of this process, the tenant and the guard. Two texts share a name only by a
 * collision of SHA-256, and nobody who reads a name can test guesses without the key. The names never leave the process, so
 * the plain prefix form is enough: HMAC guards against extending a digest that is known.
 *
 * The state behind the prefix is copied for each text: 0.7 µs for 50 characters and 1.1 µs for 500, beside 2.5 µs of
 * `createHash` and 4 µs of `createHmac` (BLAKE2 and SHA-512 lie between).
 */
export class TextDigests {
  private readonly key = Buffer.from(randomHex(BLOCK_BYTES), "hex");
  /** Hash states behind key, tenant and guard; those of a guard go when it goes. */
  private readonly states = new WeakMap<Guard, Map<string, Hash>>();
  private guards = 0;

  /** The state to hand to {@link digestOf}, for texts of one tenant under one guard. */
  stateOf(guard: Guard, tenant: string): Hash {
    let states = this.states.get(guard);
    if (states === undefined) {
      states = new Map();
      this.states.set(guard, states);
    }
    let state = states.get(tenant);
    if (state === undefined) {
      this.guards += 1;
      state = createHash("sha256").update(this.key).update(`${this.guards}\0${tenant.length}\0${tenant}\0`);
      states.set(tenant, state);
    }
    return state;
  }
}

/**
 * The name of a text: 32 characters, one for each byte; null for a text with half a surrogate pair, which has no UTF-8 form of
 * its own. Linear in the text.
 */
export function digestOf(state: Hash, text: string): string | null {
  return (text as Es2024String).isWellFormed() ? state.copy().update(text).digest("binary") : null;
}
