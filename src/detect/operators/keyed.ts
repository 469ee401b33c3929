/** Operators under a tenant's key: hash, encrypt. Equal values give equal results within a tenant and no other. */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { RampartError } from "#shared";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 80 bits of the HMAC: collisions stay improbable up to billions of values of a tenant (birthday bound 2^40). */
const HASH_HEX_DIGITS = 20;

/** Sub-keys of a tenant key, one per use (NIST SP 800-108 in its simplest form: HMAC of a label). */
export interface TenantKeys {
  readonly hash: Uint8Array;
  readonly encrypt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly synthetic: Uint8Array;
}

/**
 * Derives the sub-keys.
 * @throws RMP_DETECT_KEY_MISSING for less than 16 bytes
 */
export function deriveTenantKeys(tenantKey: Uint8Array | undefined): TenantKeys {
  if (tenantKey === undefined || tenantKey.length < 16) {
    throw new RampartError("RMP_DETECT_KEY_MISSING", "the policy needs a tenant key of at least 16 bytes");
  }
  const derive = (label: string) => hmac(tenantKey, `rampart ${label} v1`);
  return {
    hash: derive("hash"),
    encrypt: derive("encrypt"),
    nonce: derive("nonce"),
    synthetic: derive("synthetic"),
  };
}

/** HMAC-SHA256 (RFC 2104). */
export function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

/** `<NAME:hash>`: the same for the same value of a tenant, meaningless without his key. */
export function hashValue(keys: TenantKeys, name: string, value: string): string {
  return `<${name}:${hmac(keys.hash, `${name}\u0000${value}`).toString("hex").slice(0, HASH_HEX_DIGITS)}>`;
}

/**
 * `[ENC_…]`: AES-256-GCM with a nonce derived from the value, so equal values stay equal (a synthetic-IV scheme in the
 * manner of RFC 8452); base64url of nonce, tag and ciphertext.
 * @param variant another number gives another text for the same value
 */
export function encryptValue(keys: TenantKeys, value: string, variant = 0): string {
  const plain = Buffer.from(value, "utf16le");
  const nonce = hmac(keys.nonce, `${variant}\u0000${plain.toString("base64")}`).subarray(0, NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keys.encrypt, nonce);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return `[ENC_${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}]`;
}

/**
 * The value behind {@link encryptValue}.
 * @returns undefined when the text is no such thing or belongs to another key
 */
export function decryptValue(keys: TenantKeys, token: string): string | undefined {
  if (!token.startsWith("[ENC_") || !token.endsWith("]")) return undefined;
  const bytes = Buffer.from(token.slice(5, -1), "base64url");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", keys.encrypt, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString("utf16le");
  } catch {
    return undefined;
  }
}
