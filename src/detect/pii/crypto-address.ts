/** Addresses of Bitcoin (Base58Check, BIP 173/350 bech32) and Ethereum-like chains (EIP-55 shape). */
import { createHash } from "node:crypto";
import type { Scan } from "./scan.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
/** Final values of the checksum: BIP 173 (bech32) and BIP 350 (bech32m). */
const BECH32_CONSTANTS: readonly number[] = [1, 0x2bc830a3];

/** Judges one token of letters and digits; true when it is an address. */
export function checkCryptoAddress(scan: Scan, start: number, end: number): boolean {
  const length = end - start;
  if (length < 26 || length > 90) return false;
  const token = scan.text.slice(start, end);
  const evidence = evidenceFor(token);
  if (evidence === undefined) return false;
  scan.add("CRYPTO", start, end, 0.98, "crypto-address", evidence);
  return true;
}

function evidenceFor(token: string): string | undefined {
  if (/^[13LM][1-9A-HJ-NP-Za-km-z]{25,34}$/.test(token))
    return isBase58Check(token) ? "base58check" : undefined;
  if (/^(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,71}$/i.test(token))
    return isBech32(token.toLowerCase()) ? "bech32" : undefined;
  return /^0x[0-9a-fA-F]{40}$/.test(token) ? "hex-40" : undefined;
}

/** Version and hash of 20 bytes, four bytes of double SHA-256 (Bitcoin). */
function isBase58Check(token: string): boolean {
  const bytes = new Uint8Array(25);
  for (const char of token) {
    let carry = BASE58.indexOf(char);
    for (let i = 24; i >= 0; i--) {
      carry += 58 * (bytes[i] ?? 0);
      bytes[i] = carry & 255;
      carry >>= 8;
    }
    if (carry !== 0) return false;
  }
  const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

function isBech32(token: string): boolean {
  const cut = token.lastIndexOf("1");
  const prefix = token.slice(0, cut);
  const values: number[] = [];
  for (const char of prefix) values.push(char.charCodeAt(0) >> 5);
  values.push(0);
  for (const char of prefix) values.push(char.charCodeAt(0) & 31);
  for (const char of token.slice(cut + 1)) values.push(BECH32.indexOf(char));
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    BECH32_GENERATOR.forEach((generator, i) => {
      if ((top >>> i) & 1) checksum ^= generator;
    });
  }
  return BECH32_CONSTANTS.includes(checksum >>> 0);
}
