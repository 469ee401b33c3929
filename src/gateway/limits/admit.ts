import { RampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";
import { boundName } from "./headers.ts";
import type { Limits } from "./limits.ts";
import { type Account, leadingStanding, type Permit } from "./permit.ts";

/**
 * Has the limits decide about an exchange: at once in this process, after one round trip with Redis.
 * @throws RMP_LIMIT_EXCEEDED
 */
export function admit(
  exchange: Exchange,
  limits: Limits,
  account: Account,
  tokens: number,
  inputTokens: number,
): Outcome {
  const decision = limits.acquire(account, tokens, inputTokens);
  if (!(decision instanceof Promise)) return apply(exchange, decision);
  const { pipeline } = exchange.context;
  decision.then(
    (permit) => {
      if (exchange.isOver || exchange.failure !== null) {
        // Nobody waits any more: the place is free again.
        limits.release(permit, 0);
        return;
      }
      try {
        apply(exchange, permit);
      } catch (error) {
        pipeline.fail(exchange, error);
        return;
      }
      pipeline.advance(exchange);
    },
    (error: unknown) => pipeline.fail(exchange, error),
  );
  return "wait";
}

/** @throws RMP_LIMIT_EXCEEDED, naming the limit and when to come back */
export function apply(exchange: Exchange, permit: Permit): Outcome {
  exchange.permit = permit;
  if (permit.verdict.isAdmitted) return "next";
  throw refusal(permit);
}

function refusal(permit: Permit): RampartError {
  const standing = leadingStanding(permit.verdict);
  if (standing === null) return new RampartError("RMP_LIMIT_EXCEEDED", "a limit is reached");
  const { kind, limit, waitMs } = standing;
  const isTooLarge = kind === "tokensPerMinute" && permit.tokens > limit;
  const message = isTooLarge
    ? `the request may take ${permit.tokens} tokens, more than the limit of ${limit} a minute`
    : `the limit of ${limit} ${boundName(kind)} is reached`;
  return new RampartError("RMP_LIMIT_EXCEEDED", message, {
    field: kind,
    retryAfterSec: Math.max(1, Math.ceil(waitMs / 1_000)),
  });
}
