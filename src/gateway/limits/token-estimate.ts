import type { Exchange } from "../exchange.ts";

/**
 * UTF-8 bytes of a token, by rule of thumb: four characters of English, more than one token for most characters of other
 * scripts, which take two to four bytes each. Source: OpenAI's help centre, "What are tokens and how to count them".
 */
const BYTES_PER_TOKEN = 4;

/** Fields in which the providers' requests bound the tokens of an answer. */
const MAXIMUM_FIELDS = ["max_completion_tokens", "max_tokens", "max_output_tokens"] as const;
/** Fields that ask for several answers at a time. */
const COUNT_FIELDS = ["n", "best_of"] as const;

/** Tokens that a text of a size probably has; at least one. */
export function tokensOfBytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BYTES_PER_TOKEN));
}

/** Tokens of the request's own text, estimated from its leaves. */
export function inputTokensOf({ leaves }: Exchange): number {
  if (leaves === null) return 0;
  let bytes = 0;
  for (const text of leaves.texts) bytes += Buffer.byteLength(text);
  return tokensOfBytes(bytes);
}

/** Most tokens that the answer can take: the request's own maximum, else `fallback`, for each answer that it asks for. */
export function outputTokensOf({ json, route }: Exchange, fallback: number): number {
  if (route.endpoint?.stream === undefined) return 0;
  const body = json as Readonly<Record<string, unknown>>; // the walk over the leaves refuses what is no object
  const maximum = MAXIMUM_FIELDS.map((name) => body[name]).find(isCount) ?? fallback;
  const answers = Math.max(1, ...COUNT_FIELDS.map((name) => body[name]).filter(isCount));
  return maximum * answers;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
