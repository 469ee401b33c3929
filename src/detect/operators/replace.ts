/** One finding, one replacement: the operator that the policy names for its type. */
import type { EntityType } from "#contract";
import { placeholderName } from "#shared";
import type { EntityRule, Vault } from "../types.ts";
import { encryptValue, hashValue, type TenantKeys } from "./keyed.ts";
import { mask } from "./mask.ts";
import { synthesise } from "./synthetic.ts";

/** What stands in place of a value, and whether the vault can put the value back. */
export interface Replacement {
  readonly text: string;
  readonly isReversible: boolean;
}

/**
 * The replacement of one value under one rule; `keep` is the caller's business.
 * @param keys called only by operators that need them; may throw RMP_DETECT_KEY_MISSING
 */
export function replacementFor(
  type: EntityType,
  value: string,
  rule: EntityRule,
  vault: Vault,
  keys: () => TenantKeys,
): Replacement {
  const name = rule.placeholder ?? placeholderName(type);
  switch (rule.operator) {
    case "placeholder":
      return { text: vault.placeholderFor(type, value, name), isReversible: true };
    case "encrypt":
      return { text: issueEncrypted(vault, keys(), value), isReversible: true };
    case "mask":
      return { text: mask(value, rule.keepFirst, rule.keepLast), isReversible: false };
    case "hash":
      return { text: hashValue(keys(), name, value), isReversible: false };
    case "synthetic":
      return { text: synthesise(keys(), type, value), isReversible: false };
    case "drop":
      return { text: "", isReversible: false };
    case "keep":
      return { text: value, isReversible: true };
  }
}

function issueEncrypted(vault: Vault, keys: TenantKeys, value: string): string {
  for (let variant = 0; ; variant++) {
    const token = encryptValue(keys, value, variant);
    if (vault.issue(token, value)) return token;
  }
}
