/** Synthetic values: same shape, same tenant and value give the same result, no way back. */
import { createRandom } from "#shared";
import { hmac, type TenantKeys } from "./keyed.ts";

const VOWELS = "aeiou";
const CONSONANTS = "bcdfghjklmnprstvwz";

/**
 * Replaces digits by digits, vowels by vowels, consonants by consonants, in the same case; everything else stays. In an
 * e-mail the domain becomes `example.com` (RFC 2606), so a synthetic address belongs to nobody.
 */
export function synthesise(keys: TenantKeys, type: string, value: string): string {
  const seed = hmac(keys.synthetic, `${type}\u0000${value}`).readUInt32LE(0);
  const random = createRandom(seed);
  const pick = (letters: string) => letters[Math.floor(random() * letters.length)] ?? "a";
  const at = type === "EMAIL_ADDRESS" ? value.lastIndexOf("@") : -1;
  const shaped = at > 0 ? value.slice(0, at) : value;
  let out = "";
  let isLeading = true;
  for (const char of shaped) {
    const lower = char.toLowerCase();
    let next = char;
    if (char >= "0" && char <= "9") next = isLeading ? pick("123456789") : pick("0123456789");
    else if (VOWELS.includes(lower)) next = pick(VOWELS);
    else if (/\p{L}/u.test(char)) next = pick(CONSONANTS);
    if (char >= "0" && char <= "9") isLeading = false;
    out += next !== char && char !== lower ? next.toUpperCase() : next;
  }
  return at > 0 ? `${out}@example.com` : out;
}
