type Fields = Readonly<Record<string, unknown>>;

/** Where events and answers carry `usage`: at the top, or in the message or response that they hold. */
const HOLDERS = ["message", "response"] as const;
/** Names of the parts whose sum is the usage, by side. Sources: API references of OpenAI and Anthropic. */
const INPUT = [
  "prompt_tokens",
  "input_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
] as const;
const OUTPUT = ["completion_tokens", "output_tokens"] as const;
/** Fields in which answers and events carry what the model wrote. */
const TEXT_FIELDS = new Set([
  "content",
  "text",
  "delta",
  "arguments",
  "partial_json",
  "thinking",
  "refusal",
  "reasoning",
  "reasoning_content",
]);
/** Nesting in which text is looked for. */
const MAX_DEPTH = 8;

/** Tokens that a provider says it took; a side that it does not name is null. */
export interface Usage {
  readonly input: number | null;
  readonly output: number | null;
}

/** The `usage` of an answer or event of any provider's shape; null without one. */
export function usageOf(value: unknown): Usage | null {
  if (!isObject(value)) return null;
  const { usage } = value;
  if (isObject(usage)) {
    const input = sum(usage, INPUT);
    const output = sum(usage, OUTPUT);
    if (input !== null || output !== null) return { input, output };
    const { total_tokens: total } = usage;
    return typeof total === "number" && total >= 0 ? { input: total, output: 0 } : null;
  }
  for (const name of HOLDERS) {
    const inner = value[name];
    if (isObject(inner) && isObject(inner["usage"])) return usageOf(inner);
  }
  return null;
}

/** UTF-8 bytes of what the model wrote in an answer or event. */
export function writtenBytes(value: unknown, depth = 0): number {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return 0;
  let bytes = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === "string") bytes += TEXT_FIELDS.has(name) ? Buffer.byteLength(inner) : 0;
    else bytes += writtenBytes(inner, depth + 1);
  }
  return bytes;
}

function sum(usage: Fields, names: readonly string[]): number | null {
  let total: number | null = null;
  for (const name of names) {
    const count = usage[name];
    if (typeof count === "number" && Number.isFinite(count) && count >= 0) total = (total ?? 0) + count;
  }
  return total;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
