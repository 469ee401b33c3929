import { RampartError, toRampartError } from "#shared";
import type { Exchange, Outcome, Pipeline, Step } from "./exchange.ts";
import { accept } from "./steps/accept.ts";
import { answerLocally } from "./steps/answer-locally.ts";
import { cache } from "./steps/cache.ts";
import { decide } from "./steps/decide.ts";
import { inspect } from "./steps/inspect.ts";
import { inspectImages } from "./steps/inspect-images.ts";
import { walkLeaves } from "./steps/leaves.ts";
import { limit } from "./steps/limit.ts";
import { read } from "./steps/read.ts";
import { record } from "./steps/record.ts";
import { reply } from "./steps/reply.ts";
import { reserve } from "./steps/reserve.ts";
import { restore } from "./steps/restore.ts";
import { rewrite } from "./steps/rewrite.ts";
import { sendUpstream } from "./steps/upstream.ts";

/**
 * The way of a proxied request. A step returns `next`, `wait` (it has the pipeline advance when it can go on) or
 * `reply` (the answer or failure is there: straight to step 11).
 */
export const PROXY_STEPS: readonly Step[] = [
  accept, //        1  authenticate, bind to a tenant
  limit, //         2  per-customer limits
  read, //          3  read and parse within bounds
  walkLeaves, //    4  find every text leaf
  reserve, //          limits on tokens, now that the text is known
  inspect, //       5  PII and injection
  inspectImages, //    the same in pictures, when the policy has them read
  decide, //        6  block, flag or go on by policy
  rewrite, //       7  put placeholders in
  cache, //         8  response cache
  sendUpstream, //  9  pool, time-outs, abort
  restore, //      10  put values back, plain or streaming
  reply, //        11  write the answer or the error
  record, //       12  metrics, monitor, audit
];

/** The way of a request that the gateway answers itself. */
export const LOCAL_STEPS: readonly Step[] = [accept, limit, read, answerLocally, reply, record];

/** Moves exchanges along the steps of their routes. */
export const pipeline: Pipeline = { advance, fail: failExchange, abandon: abandonExchange };

/** Runs the steps from where the exchange stands until one waits or the last is done. */
function advance(exchange: Exchange): void {
  const { steps } = exchange.route;
  while (exchange.step < steps.length) {
    const step = steps[exchange.step]!;
    exchange.step += 1;
    if (exchange.trace !== null) exchange.trace.mark(step.name, exchange.context.clock());
    let outcome: Outcome;
    try {
      outcome = step(exchange);
    } catch (error) {
      // Step 11 itself failed: there is nothing left to answer with, and a client must not wait for it.
      if (exchange.step === steps.length - 1) exchange.response.destroy();
      outcome = fail(exchange, error);
    }
    if (outcome === "wait") return;
    if (outcome === "reply") exchange.step = Math.max(exchange.step, steps.length - 2);
  }
}

/** For errors from outside a step: time-outs, upstream failures. */
function failExchange(exchange: Exchange, error: unknown): void {
  if (exchange.isOver) return;
  fail(exchange, error);
  exchange.step = exchange.route.steps.length - 2;
  advance(exchange);
}

/** Only the record is left to do: nobody reads an answer. */
function abandonExchange(exchange: Exchange): void {
  if (exchange.isOver) return;
  exchange.isOver = true;
  exchange.failure ??= new RampartError("RMP_CLIENT_GONE", "the client closed the connection");
  exchange.call?.abort();
  exchange.step = exchange.route.steps.length - 1;
  advance(exchange);
}

function fail(exchange: Exchange, error: unknown): Outcome {
  exchange.failure = toRampartError(error);
  exchange.call?.abort();
  return "reply";
}
