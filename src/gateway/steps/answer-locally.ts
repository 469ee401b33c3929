import type { Exchange, Outcome } from "../exchange.ts";

/** Has the route make its answer. */
export function answerLocally(exchange: Exchange): Outcome {
  exchange.route.handle?.(exchange);
  return "next";
}
