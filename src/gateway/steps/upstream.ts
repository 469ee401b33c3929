import type { Exchange, Outcome } from "../exchange.ts";
import type { UpstreamRequest } from "../upstream/answer-consumer.ts";
import { AnswerReceiver } from "../upstream/answer-receiver.ts";
import { ProviderCall } from "../upstream/call.ts";

/** Step 9: sends the request to its provider and waits: for the head of a stream, for all of any other answer. */
export function sendUpstream(exchange: Exchange): Outcome {
  const { endpoint } = exchange.route;
  if (endpoint === undefined) return "reply";
  const upstream = exchange.context.upstreams[endpoint.provider];
  const call = new ProviderCall(upstream, toUpstreamRequest(exchange), new AnswerReceiver(exchange));
  exchange.call = call;
  call.send();
  // What waits for a provider should weigh little: requests under way are what every collection has to copy.
  exchange.json = undefined;
  exchange.body = null;
  exchange.replaced = null;
  exchange.leaves?.release();
  return "wait";
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
    body: exchange.upstreamBody,
  };
}
