import type { Exchange, Outcome } from "../exchange.ts";

/** Has the route make its answer; waits for those that ask somebody else. */
export function answerLocally(exchange: Exchange): Outcome {
  const pending = exchange.route.handle?.(exchange);
  if (pending === undefined) return "next";
  const { pipeline } = exchange.context;
  pending.then(
    () => {
      if (!exchange.isOver) pipeline.advance(exchange);
    },
    (error: unknown) => pipeline.fail(exchange, error),
  );
  return "wait";
}
