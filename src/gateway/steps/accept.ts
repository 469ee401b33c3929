import type { Exchange, Outcome } from "../exchange.ts";

/**
 * Step 1: says to whom the request belongs. Without configured customers everybody on the address is one tenant; the
 * labels `X-User-ID` and `X-Customer-ID` never decide anything.
 */
export function accept(exchange: Exchange): Outcome {
  exchange.tenant = "local";
  return "next";
}
