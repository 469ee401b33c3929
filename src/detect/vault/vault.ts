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
  return new MemoryVault(options.tenant ?? "", options.session ?? "", state);
}

/** Placeholders of one name. */
interface Numbered {
  /** The first number that may be free. */
  next: number;
  readonly byValue: Map<string, string>;
}

/** Most requests hold nothing to replace: every table is made when it is first needed. */
class MemoryVault implements StatefulVault {
  readonly tenant: string;
  readonly session: string;
  longestPlaceholder = 0;
  #values: Map<string, string> | undefined;
  #byName: Map<string, Numbered> | undefined;
  #reserved: Set<string> | undefined;
  #links: Set<string> | undefined;

  constructor(tenant: string, session: string, state: VaultState | undefined) {
    this.tenant = tenant;
    this.session = session;
    if (state === undefined) return;
    for (const [placeholder, value] of state.issued) this.#rememberParsed(placeholder, value);
    if (state.reserved.length > 0) this.#reserved = new Set(state.reserved);
    if (state.links.length > 0) this.#links = new Set(state.links);
  }

  get size(): number {
    return this.#values === undefined ? 0 : this.#values.size;
  }

  reserve(text: string): void {
    if (text.indexOf("[") < 0) return;
    for (const match of text.matchAll(PLACEHOLDER_PATTERN)) {
      if (this.#values?.has(match[0]) !== true) (this.#reserved ??= new Set()).add(match[0]);
    }
  }

  placeholderFor(type: EntityType, value: string, name?: string): string {
    const shownName = name ?? placeholderName(type);
    const numbered = this.#numbered(shownName);
    const known = numbered.byValue.get(value);
    if (known !== undefined) return known;
    let number = numbered.next;
    let placeholder = `[${shownName}_${number}]`;
    while (this.#reserved?.has(placeholder) === true) placeholder = `[${shownName}_${++number}]`;
    numbered.next = number + 1;
    this.#remember(placeholder, value);
    numbered.byValue.set(value, placeholder);
    return placeholder;
  }

  issue(placeholder: string, value: string): boolean {
    if (this.#reserved?.has(placeholder) === true) return false;
    this.#rememberParsed(placeholder, value);
    return true;
  }

  valueOf(placeholder: string): string | undefined {
    return this.#values?.get(placeholder);
  }

  entries(): IterableIterator<readonly [placeholder: string, value: string]> {
    return (this.#values ??= new Map()).entries();
  }

  allowInLink(placeholder: string, prefixHash: number): void {
    (this.#links ??= new Set()).add(`${placeholder}${prefixHash}`);
  }

  isAllowedInLink(placeholder: string, prefixHash: number): boolean {
    return this.#links?.has(`${placeholder}${prefixHash}`) === true;
  }

  state(): VaultState {
    return {
      tenant: this.tenant,
      session: this.session,
      issued: [...(this.#values ?? [])],
      reserved: [...(this.#reserved ?? [])],
      links: [...(this.#links ?? [])],
    };
  }

  #numbered(name: string): Numbered {
    this.#byName ??= new Map();
    let numbered = this.#byName.get(name);
    if (numbered === undefined) {
      numbered = { next: 1, byValue: new Map() };
      this.#byName.set(name, numbered);
    }
    return numbered;
  }

  #remember(placeholder: string, value: string): void {
    (this.#values ??= new Map()).set(placeholder, value);
    if (placeholder.length > this.longestPlaceholder) this.longestPlaceholder = placeholder.length;
  }

  /** The same for a placeholder that was made elsewhere; those of encrypted values have no number. */
  #rememberParsed(placeholder: string, value: string): void {
    this.#remember(placeholder, value);
    if (placeholder.startsWith("[ENC_")) return;
    const cut = placeholder.lastIndexOf("_");
    const numbered = this.#numbered(placeholder.slice(1, cut));
    numbered.byValue.set(value, placeholder);
    numbered.next = Math.max(numbered.next, Number(placeholder.slice(cut + 1, -1)) + 1);
  }
}
