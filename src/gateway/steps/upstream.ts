import type { Exchange, Outcome } from "../exchange.ts";
import type { UpstreamRequest } from "../upstream/answer-consumer.ts";
import { AnswerReceiver } from "../upstream/answer-receiver.ts";
import { ProviderCall } from "../upstream/call.ts";

/** Step 9: sends the request to its provider and waits: for the head of a stream, for all of any other answer. */
export function sendUpstream(exchange: Exchange): Outcome {
  const { endpoint } = exchange.route;
  if (endpoint === undefined) return "reply";
  // Somebody else's answer, from the cache or under way.
  if (exchange.answer !== null) return "next";
  const upstream = exchange.context.upstreams[endpoint.provider];
  const { flight } = exchange;
  const call = new ProviderCall(
    upstream,
    toUpstreamRequest(exchange),
    flight ?? new AnswerReceiver(exchange),
  );
  releaseRequest(exchange);
  if (flight !== null) flight.send(call);
  else {
    exchange.call = call;
    call.send();
  }
  return "wait";
}

/** Lets go of what only the guards need: requests that wait are what every collection has to copy. */
export function releaseRequest(exchange: Exchange): void {
  exchange.json = undefined;
  exchange.body = null;
  exchange.replaced = null;
  exchange.leaves?.release();
}

/** What an exchange asks of its provider. */
export function toUpstreamRequest(exchange: Exchange): UpstreamRequest {
  const { endpoint } = exchange.route;
  const { method = "GET", path = "" } = endpoint ?? {};
  const known = path.endsWith("*") ? path.slice(0, -1) + exchange.pathSuffix : path;
  return {
    method,
    path: exchange.query === "" ? known : `${known}?${exchange.query}`,
    headers: exchange.request.headers,
    passesProviderKey: exchange.passesProviderKey,
    wantsStream: exchange.wantsStream,
    traceparent: exchange.trace?.traceparent ?? null,
    body: exchange.upstreamBody,
  };
}
