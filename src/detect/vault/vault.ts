/** The mapping between values and placeholders of one request or one conversation. */
import type { EntityType } from "#contract";
import { placeholderName } from "#shared";
import type { Vault, VaultOptions } from "../types.ts";

/** What a placeholder looks like: the look-alikes that a vault reserves. Linear: one bounded class per part. */
export const PLACEHOLDER_PATTERN = /\[[A-Z][A-Z0-9_]{0,60}_[0-9]{1,9}\]|\[ENC_[A-Za-z0-9_-]{1,4096}\]/g;

/** Everything in a vault, as plain data; sealed before it leaves the process. */
export interface VaultState {
  readonly tenant: string;
  readonly session: string;
  readonly issued: readonly (readonly [placeholder: string, value: string])[];
  readonly reserved: readonly string[];
  readonly links: readonly string[];
}

/** A vault whose content can be taken out as plain data. */
export interface StatefulVault extends Vault {
  /** A copy of the whole content. */
  state(): VaultState;
}

/**
 * Makes an empty vault, or one with the content of `state`. Every operation is O(1) in the number of placeholders.
 * @param options whom it belongs to
 */
export function createVault(options: VaultOptions = {}, state?: VaultState): StatefulVault {
  const tenant = options.tenant ?? "";
  const session = options.session ?? "";
  const valueByPlaceholder = new Map<string, string>(state?.issued);
  const placeholderByKey = new Map<string, string>();
  const reserved = new Set<string>(state?.reserved);
  const links = new Set<string>(state?.links);
  const nextByName = new Map<string, number>();
  let longestPlaceholder = 0;

  for (const [placeholder, value] of valueByPlaceholder) remember(placeholder, value);

  function remember(placeholder: string, value: string): void {
    valueByPlaceholder.set(placeholder, value);
    if (placeholder.length > longestPlaceholder) longestPlaceholder = placeholder.length;
    if (placeholder.startsWith("[ENC_")) return;
    const cut = placeholder.lastIndexOf("_");
    const name = placeholder.slice(1, cut);
    const number = Number(placeholder.slice(cut + 1, -1));
    placeholderByKey.set(`${name}\u0000${value}`, placeholder);
    nextByName.set(name, Math.max(nextByName.get(name) ?? 1, number + 1));
  }

  return {
    tenant,
    session,
    reserve(text: string): void {
      if (text.indexOf("[") < 0) return;
      for (const match of text.matchAll(PLACEHOLDER_PATTERN)) {
        if (!valueByPlaceholder.has(match[0])) reserved.add(match[0]);
      }
    },
    placeholderFor(type: EntityType, value: string, name?: string): string {
      const shownName = name ?? placeholderName(type);
      const known = placeholderByKey.get(`${shownName}\u0000${value}`);
      if (known !== undefined) return known;
      let number = nextByName.get(shownName) ?? 1;
      let placeholder = `[${shownName}_${number}]`;
      while (reserved.has(placeholder)) placeholder = `[${shownName}_${++number}]`;
      remember(placeholder, value);
      return placeholder;
    },
    issue(placeholder: string, value: string): boolean {
      if (reserved.has(placeholder)) return false;
      remember(placeholder, value);
      return true;
    },
    valueOf: (placeholder) => valueByPlaceholder.get(placeholder),
    entries: () => valueByPlaceholder.entries(),
    allowInLink(placeholder, prefixHash) {
      links.add(`${placeholder}${prefixHash}`);
    },
    isAllowedInLink: (placeholder, prefixHash) => links.has(`${placeholder}${prefixHash}`),
    get size() {
      return valueByPlaceholder.size;
    },
    get longestPlaceholder() {
      return longestPlaceholder;
    },
    state: () => ({
      tenant,
      session,
      issued: [...valueByPlaceholder],
      reserved: [...reserved],
      links: [...links],
    }),
  };
}
