import { RampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";
import { UsageMeter } from "../limits/usage-meter.ts";
import { FREE } from "../providers/shape.ts";
import { restoreAnswer } from "../restore-answer.ts";
import { EventGate } from "../stream/stream-pipe.ts";
import { SseRestorer } from "../stream/stream-restorer.ts";
import { writeHead } from "./reply.ts";

/**
 * Step 10: puts values back into the answer. Streams are opened here: their head is written and every chunk goes through
 * the restorer as it comes; the step's end is then the end of the stream.
 */
export function restore(exchange: Exchange): Outcome {
  const { answer, context, vault } = exchange;
  if (answer === null) return "next";
  const { endpoint } = exchange.route;
  const mustRestore = vault !== null && vault.size > 0;
  if (isStream(exchange)) {
    const { eventBytes } = context.config.bounds;
    exchange.pipe =
      mustRestore && endpoint?.stream !== undefined
        ? new SseRestorer(exchange.guard, vault, endpoint.stream, eventBytes)
        : new EventGate(eventBytes);
    if (exchange.permit !== null && exchange.permit.tokens > 0)
      exchange.pipe = new UsageMeter(exchange.pipe, eventBytes);
    writeHead(exchange, answer);
    return "wait";
  }
  if (exchange.isAnswerLiteral) return "next";
  const startedMs = context.clock();
  const isSuccess = answer.status < 300;
  const parsed = parseAnswer(answer.body, isSuccess);
  if (mustRestore) {
    if (parsed === undefined) answer.body = exchange.guard.restore(answer.body.toString(), vault);
    else if (
      restoreAnswer(
        parsed,
        isSuccess ? (endpoint?.answer ?? FREE) : FREE,
        exchange.guard,
        vault,
        context.config.bounds.jsonDepth * 2,
      )
    )
      answer.body = JSON.stringify(parsed);
  }
  exchange.guardMs += context.clock() - startedMs;
  return "next";
}

/** Whether the answer is a stream of events. */
export function isStream(exchange: Exchange): boolean {
  return exchange.wantsStream && exchange.call !== null && exchange.isEventStream;
}

/** @throws RMP_UPSTREAM_PROTOCOL when a successful answer is no JSON; errors of a provider may be any text */
function parseAnswer(body: Buffer | string, isSuccess: boolean): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    if (!isSuccess) return undefined;
    throw new RampartError("RMP_UPSTREAM_PROTOCOL", "the provider's answer is not JSON");
  }
}
