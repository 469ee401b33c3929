import type { Exchange, Outcome } from "../exchange.ts";
import { admit } from "../limits/admit.ts";
import type { Account } from "../limits/permit.ts";
import { inputTokensOf, outputTokensOf } from "../limits/token-estimate.ts";

/**
 * Second half of step 2, once the body is known: admits a request whose tokens count, with its estimate reserved. What the
 * provider took is settled when the exchange is recorded.
 */
export function reserve(exchange: Exchange): Outcome {
  const { limits, config } = exchange.context;
  if (limits === null || exchange.permit !== null) return "next";
  const account = limits.accountOf(exchange.caller?.name ?? null, "proxy");
  if (account === null || !countsTokens(account, exchange)) return "next";
  const inputTokens = inputTokensOf(exchange);
  const tokens = inputTokens + outputTokensOf(exchange, config.limits.outputTokens);
  return admit(exchange, limits, account, tokens, inputTokens);
}

/** Whether a limit on tokens applies: to requests with text for which the provider bills tokens. */
export function countsTokens(account: Account, { route }: Exchange): boolean {
  const { endpoint } = route;
  return account.bounds.tokensPerMinute > 0 && endpoint?.request !== undefined && endpoint.isFree !== true;
}
