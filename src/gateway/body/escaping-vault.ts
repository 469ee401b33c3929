import type { Vault } from "#detect";

/**
 * A view of a vault whose values are escaped for the inside of a JSON string: placeholders in tool arguments stand inside
 * JSON that is text itself, where a quote or line break of the value would end the string.
 * Everything but the look-up is the vault's own.
 */
export function escapingVault(vault: Vault): Vault {
  return new EscapingVault(vault);
}

class EscapingVault implements Vault {
  private readonly inner: Vault;

  constructor(inner: Vault) {
    this.inner = inner;
  }

  get tenant(): string {
    return this.inner.tenant;
  }

  get session(): string {
    return this.inner.session;
  }

  get size(): number {
    return this.inner.size;
  }

  get longestPlaceholder(): number {
    return this.inner.longestPlaceholder;
  }

  reserve(text: string): void {
    this.inner.reserve(text);
  }

  placeholderFor(type: string, value: string, name?: string): string {
    return this.inner.placeholderFor(type, value, name);
  }

  issue(placeholder: string, value: string): boolean {
    return this.inner.issue(placeholder, value);
  }

  valueOf(placeholder: string): string | undefined {
    const value = this.inner.valueOf(placeholder);
    return value === undefined ? undefined : JSON.stringify(value).slice(1, -1);
  }

  entries(): IterableIterator<readonly [placeholder: string, value: string]> {
    return this.inner.entries();
  }

  allowInLink(placeholder: string, prefixHash: number): void {
    this.inner.allowInLink(placeholder, prefixHash);
  }

  isAllowedInLink(placeholder: string, prefixHash: number): boolean {
    return this.inner.isAllowedInLink(placeholder, prefixHash);
  }
}
