import type { Exchange } from "../exchange.ts";
import { tokensOfBytes } from "./token-estimate.ts";
import { usageOf, writtenBytes } from "./usage.ts";
import { UsageMeter } from "./usage-meter.ts";

/** Frees what a finished exchange holds and settles its tokens. */
export function settleExchange(exchange: Exchange): void {
  const { permit, context } = exchange;
  if (permit === null || context.limits === null) return;
  context.limits.release(permit, permit.tokens === 0 ? 0 : tokensUsedBy(exchange, permit.inputTokens));
}

/**
 * Tokens that a provider will bill: what it says, else an estimate by the text. Nothing for requests that no provider saw or
 * that it answered with an error; the request's own text when the client left before the answer came.
 */
function tokensUsedBy(exchange: Exchange, inputTokens: number): number {
  const { answer, call, pipe, failure } = exchange;
  if (call === null || exchange.cacheState === "hit" || exchange.cacheState === "shared") return 0;
  if (pipe instanceof UsageMeter) return pipe.tokens(inputTokens);
  if (answer === null || answer.body.length === 0)
    return failure?.code === "RMP_CLIENT_GONE" ? inputTokens : 0;
  if (answer.status >= 300) return 0;
  let body: unknown;
  try {
    body = JSON.parse(answer.body.toString());
  } catch {
    return inputTokens + tokensOfBytes(answer.body.length);
  }
  const usage = usageOf(body);
  if (usage !== null) return (usage.input ?? inputTokens) + (usage.output ?? 0);
  const written = writtenBytes(body);
  return inputTokens + (written === 0 ? 0 : tokensOfBytes(written));
}
