import type { Exchange, Outcome } from "../exchange.ts";

/** Step 2: admits everything while no limits are configured. */
export function limit(_exchange: Exchange): Outcome {
  return "next";
}
