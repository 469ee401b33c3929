import type { Exchange, Outcome } from "../exchange.ts";

/** Step 8: goes on to the provider; no response cache is configured. */
export function cache(_exchange: Exchange): Outcome {
  return "next";
}
