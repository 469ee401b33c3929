/**
 * Headers that tell what is left of a quota, and of which. Sources: OpenAI API reference, "Rate limits"; Anthropic API
 * reference, "Rate limits", "Response headers".
 */
const REMAINING: ReadonlyMap<string, number> = new Map([
  ["x-ratelimit-remaining-requests", 0],
  ["x-ratelimit-remaining-tokens", 1],
  ["anthropic-ratelimit-requests-remaining", 0],
  ["anthropic-ratelimit-tokens-remaining", 1],
  ["anthropic-ratelimit-input-tokens-remaining", 2],
  ["anthropic-ratelimit-output-tokens-remaining", 3],
]);

const KINDS = ["requests", "tokens", "input_tokens", "output_tokens"] as const;

/** What a host last said is left of the quota of its key. Kept as text; read when somebody looks. */
export class Quota {
  private readonly remaining: (string | undefined)[] = KINDS.map(() => undefined);

  /** Takes note of an answer header; others than those of quotas are passed over. */
  observe(name: string, value: string): void {
    const slot = REMAINING.get(name);
    if (slot !== undefined) this.remaining[slot] = value;
  }

  /** What is left, by kind; only what the host has told. */
  left(): { readonly kind: string; readonly remaining: number }[] {
    const told: { kind: string; remaining: number }[] = [];
    KINDS.forEach((kind, slot) => {
      const value = this.remaining[slot];
      const remaining = Number(value);
      if (value !== undefined && value !== "" && Number.isFinite(remaining)) told.push({ kind, remaining });
    });
    return told;
  }
}
