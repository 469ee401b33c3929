import { RampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";

/** Step 6: refuses what the policy refuses; what it only flags is told in `x-rampart-guards`. */
export function decide(exchange: Exchange): Outcome {
  const { injection, context } = exchange;
  if (injection === null) return "next";
  const { action, threshold } = exchange.guard.policy.injection;
  if (injection.score < threshold) return "next";
  context.metrics.countInjection(action === "block");
  if (action === "block")
    throw new RampartError("RMP_GUARD_BLOCKED", `prompt injection suspected (${injection.types.join(", ")})`);
  return "next";
}
