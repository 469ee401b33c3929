/** A vault outside the process: encrypted, and bound to its tenant and session. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { RampartError } from "#shared";
import type { Vault, VaultOptions } from "../types.ts";
import { createVault, type StatefulVault, type VaultState } from "./vault.ts";

/** First byte of a sealed vault: the version of its layout (version, 12-byte nonce, 16-byte tag, ciphertext). */
const SEAL_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * Encrypts a vault with AES-256-GCM (NIST SP 800-38D); tenant and session are authenticated beside the content.
 * @param key 32 bytes
 * @throws RMP_DETECT_VAULT_INVALID when the key has another length or the vault is not one of {@link createVault}
 */
export function sealVault(vault: Vault, key: Uint8Array): Uint8Array {
  checkKey(key);
  if (!("state" in vault)) throw new RampartError("RMP_DETECT_VAULT_INVALID", "this vault cannot be sealed");
  // `state` is there: checked in the line above.
  const state = (vault as StatefulVault).state();
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(boundTo(vault.tenant, vault.session));
  const content = { issued: state.issued, reserved: state.reserved, links: state.links };
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.from([SEAL_VERSION]), nonce, cipher.getAuthTag(), sealed]);
}

/**
 * Opens what {@link sealVault} wrote, for the same tenant and session only.
 * @throws RMP_DETECT_VAULT_INVALID when key, tenant, session or content do not fit
 */
export function openVault(sealed: Uint8Array, key: Uint8Array, options: VaultOptions = {}): StatefulVault {
  checkKey(key);
  if (sealed.length < HEADER_BYTES || sealed[0] !== SEAL_VERSION) {
    throw new RampartError("RMP_DETECT_VAULT_INVALID", "this is no sealed vault");
  }
  const tenant = options.tenant ?? "";
  const session = options.session ?? "";
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + NONCE_BYTES));
  decipher.setAAD(boundTo(tenant, session));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  try {
    const text = decipher.update(sealed.subarray(HEADER_BYTES), undefined, "utf8") + decipher.final("utf8");
    // The tag proves that this text was written by sealVault, so its shape is known.
    const content = JSON.parse(text) as Omit<VaultState, "tenant" | "session">;
    return createVault({ tenant, session }, { tenant, session, ...content });
  } catch (cause) {
    throw new RampartError(
      "RMP_DETECT_VAULT_INVALID",
      "the sealed vault does not belong here or was changed",
      {
        cause,
      },
    );
  }
}

function boundTo(tenant: string, session: string): Buffer {
  return Buffer.from(JSON.stringify(["rampart-vault", SEAL_VERSION, tenant, session]), "utf8");
}

function checkKey(key: Uint8Array): void {
  if (key.length !== 32) throw new RampartError("RMP_DETECT_VAULT_INVALID", "the key must have 32 bytes");
}
