import type { Vault } from "#detect";
import { RampartError } from "#shared";
import { restoreAnswer } from "../body/restore-answer.ts";
import type { Answer, Exchange, Outcome } from "../exchange.ts";
import { UsageMeter } from "../limits/usage-meter.ts";
import { OutputFindings } from "../output/output-findings.ts";
import { OutputScan } from "../output/output-scan.ts";
import { FREE } from "../providers/shape.ts";
import { asObject } from "../stream/adapter.ts";
import { EventGate } from "../stream/stream-pipe.ts";
import { SseRestorer } from "../stream/stream-restorer.ts";
import { guardFailed } from "./inspect.ts";
import { writeHead } from "./reply.ts";

/**
 * Step 10: looks for what the model itself should not have written, when the policy says so, and puts values back into the
 * answer. Streams are opened here: their head is written and every chunk goes through the restorer as it comes; the step's
 * end is then the end of the stream.
 */
export function restore(exchange: Exchange): Outcome {
  const { answer, context } = exchange;
  if (answer === null) return "next";
  const { endpoint } = exchange.route;
  const scan = scanOf(exchange, answer.status < 300);
  const vault = exchange.vault ?? (scan === null ? null : exchange.guard.createVault());
  const mustRead = vault !== null && (scan !== null || vault.size > 0);
  if (isStream(exchange)) {
    const { eventBytes } = context.config.bounds;
    exchange.pipe =
      mustRead && endpoint?.stream !== undefined
        ? new SseRestorer(exchange.guard, vault, endpoint.stream, eventBytes, scan)
        : new EventGate(eventBytes);
    if (exchange.permit !== null && exchange.permit.tokens > 0)
      exchange.pipe = new UsageMeter(exchange.pipe, eventBytes);
    writeHead(exchange, answer);
    return "wait";
  }
  if (exchange.isAnswerLiteral && scan === null) return "next";
  const startedMs = context.clock();
  const isSuccess = answer.status < 300;
  const parsed = parseAnswer(answer.body, isSuccess);
  if (mustRead) rewriteAnswer(exchange, answer, parsed, vault, scan);
  exchange.guardMs += context.clock() - startedMs;
  return "next";
}

/** Whether the answer is a stream of events. */
export function isStream(exchange: Exchange): boolean {
  return exchange.wantsStream && exchange.call !== null && exchange.isEventStream;
}

/** The scan of an answer; null when the policy asks for none. */
function scanOf(exchange: Exchange, isSuccess: boolean): OutputScan | null {
  const { guard, context } = exchange;
  if (!hasKeys(guard.policy.output)) return null;
  exchange.output = new OutputFindings(context.outputFigures, (cause) =>
    guardFailed(exchange, "output", context.config.guard.outputFailMode, cause),
  );
  return new OutputScan(guard, exchange.vault ?? guard.createVault(), exchange.output, isSuccess);
}

function rewriteAnswer(
  exchange: Exchange,
  answer: Answer,
  parsed: unknown,
  vault: Vault,
  scan: OutputScan | null,
): void {
  const { guard, context } = exchange;
  const { endpoint } = exchange.route;
  if (parsed === undefined) {
    const text = answer.body.toString();
    answer.body = guard.restore(scan === null ? text : scan.whole(text, false), vault);
    return;
  }
  const shape = answer.status < 300 ? (endpoint?.answer ?? FREE) : FREE;
  const maxDepth = context.config.bounds.jsonDepth * 2;
  try {
    if (restoreAnswer(parsed, shape, guard, vault, maxDepth, scan)) answer.body = JSON.stringify(parsed);
  } catch (error) {
    const body = asObject(parsed);
    if (scan?.hasBlocked !== true || body === undefined || endpoint?.stream === undefined) throw error;
    endpoint.stream.filter(body);
    answer.body = JSON.stringify(body);
  }
}

function hasKeys(object: object): boolean {
  for (const _key in object) return true;
  return false;
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
