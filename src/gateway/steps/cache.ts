import { isRepeatable } from "../cache/cache-rule.ts";
import type { CachedAnswer } from "../cache/cached-answer.ts";
import type { Flight } from "../cache/flight.ts";
import type { FlightWaiter } from "../cache/flight-member.ts";
import { replayOf } from "../cache/replay.ts";
import type { Exchange, Outcome } from "../exchange.ts";
import type { AnswerConsumer } from "../upstream/answer-consumer.ts";
import { AnswerReceiver } from "../upstream/answer-receiver.ts";
import { releaseRequest } from "./upstream.ts";

/** What a client may say about answers that are kept. Source: RFC 9111, section 5.2.1. */
const NO_STORE = /(?:^|[\s,])no-store(?:$|[\s,;])/i;
const NO_CACHE = /(?:^|[\s,])(?:no-cache|max-age=0)(?:$|[\s,;])/i;

/**
 * Step 8: answers from what an equal request of the same tenant got, or joins an equal request that is under way. Comes after
 * authentication, limits and guards, and sees the anonymised body alone. Goes on to the provider otherwise.
 */
export function cache(exchange: Exchange): Outcome {
  const { context, route } = exchange;
  const { endpoint } = route;
  const mode = context.config.cache.responses;
  if (mode === "off" || endpoint?.cache === undefined) return "next";
  const wish = exchange.request.headers["cache-control"] ?? "";
  if (
    (wish !== "" && NO_STORE.test(wish)) ||
    !isWhollyGuarded(exchange) ||
    !isRepeatable(exchange.json, endpoint.cache, mode === "deterministic")
  ) {
    exchange.cacheState = "bypass";
    return "next";
  }
  const startedMs = context.clock();
  const { responses } = context.caches;
  const key = responses.keys.of(exchange, endpoint);
  const mayReuse = wish === "" || !NO_CACHE.test(wish);
  const known = mayReuse ? responses.find(key) : undefined;
  exchange.cacheMs = context.clock() - startedMs;
  if (known !== undefined) return answerFrom(exchange, known);
  const underWay = mayReuse ? responses.flightOf(key) : undefined;
  if (underWay !== undefined) {
    exchange.cacheState = "shared";
    releaseRequest(exchange);
    const member = underWay.join(new WaitingExchange(exchange, startedMs));
    exchange.call = member;
    underWay.catchUp(member);
    return "wait";
  }
  exchange.cacheState = "miss";
  const { tenant, guard } = exchange;
  const { answerBytes } = context.config.bounds;
  const flight = responses.begin(key, { tenant, guard, endpoint, answerBytes });
  exchange.flight = flight;
  exchange.call = flight.join(new WaitingExchange(exchange, startedMs));
  const { shared } = responses;
  if (!mayReuse || shared === null || !shared.isUsable) return "next";
  releaseRequest(exchange);
  void shared.find(key).then((answer) => {
    if (answer === null) {
      flight.leader?.lead(flight);
      return;
    }
    responses.remember(key, answer);
    for (const waiter of flight.dissolve()) waiter.take(answer);
  });
  return "wait";
}

/** Whether the guards have read all of the request: what they have not may be personal, and the answer tell of it. */
function isWhollyGuarded({ leaves, failedOpen, degraded, context }: Exchange): boolean {
  if (leaves === null || failedOpen !== null || degraded !== null || leaves.unread.length > 0) return false;
  return leaves.unknown.length === 0 || context.config.guard.unknownFields !== "pass";
}

/** Answers an exchange with a kept answer: it goes the way of any answer from here on. */
function answerFrom(exchange: Exchange, answer: CachedAnswer): Outcome {
  exchange.cacheState = "hit";
  exchange.flight = null;
  exchange.call = null;
  releaseRequest(exchange);
  const ageSec = Math.max(0, Math.floor((exchange.context.epoch() - answer.storedAtMs) / 1000));
  const headers = [...answer.headers, "age", String(ageSec)];
  if (answer.isEventStream) {
    const replay = replayOf(answer, new WaitingExchange(exchange, exchange.startedMs));
    exchange.call = replay;
    replay.begin({ status: 200, headers, isEventStream: true, host: null, isOtherModel: false, attempts: 0 });
    return "wait";
  }
  exchange.isAnswerLiteral =
    !answer.mayHoldPlaceholders || exchange.vault === null || exchange.vault.size === 0;
  exchange.answer = { status: 200, headers, body: answer.body };
  return "next";
}

/** An exchange that waits for the answer to an equal request. */
class WaitingExchange implements FlightWaiter<Flight> {
  private readonly exchange: Exchange;
  private readonly sinceMs: number;

  constructor(exchange: Exchange, sinceMs: number) {
    this.exchange = exchange;
    this.sinceMs = sinceMs;
  }

  consumer(): AnswerConsumer {
    return new AnswerReceiver(this.exchange);
  }

  lead(flight: Flight): void {
    this.goOnWith(flight);
  }

  goOn(): void {
    this.exchange.call = null;
    this.goOnWith(null);
  }

  take(answer: CachedAnswer): void {
    const { exchange } = this;
    if (exchange.isOver) return;
    exchange.cacheMs = exchange.context.clock() - this.sinceMs;
    if (answerFrom(exchange, answer) === "next") exchange.context.pipeline.advance(exchange);
  }

  private goOnWith(flight: Flight | null): void {
    const { exchange } = this;
    if (exchange.isOver) return;
    exchange.cacheState = "miss";
    exchange.cacheMs = exchange.context.clock() - this.sinceMs;
    exchange.flight = flight;
    exchange.context.pipeline.advance(exchange);
  }
}
