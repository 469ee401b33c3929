/** An answer of a provider as it came, before anything was put back: it belongs to a tenant, not to a user. */
export interface CachedAnswer {
  /** `[name, value, …]`: the headers that say what the body is. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly isEventStream: boolean;
  /** Some text holds what could be a placeholder. */
  readonly mayHoldPlaceholders: boolean;
  /** When the provider answered, ms since the epoch. */
  readonly storedAtMs: number;
}

/** Headers that describe the body; the others belong to the request that was sent (ids, quotas, times). */
const KEPT_HEADERS: ReadonlySet<string> = new Set(["content-type", "openai-model", "openai-version"]);

/** Estimated memory of an entry beside its body, bytes. */
export const ENTRY_OVERHEAD_BYTES = 600;

/** The headers of an answer that are kept with its body. */
export function keptHeaders(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!;
    if (KEPT_HEADERS.has(name)) kept.push(name, headers[i + 1]!);
  }
  return kept;
}
