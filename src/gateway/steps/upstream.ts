import type { Exchange, Outcome } from "../exchange.ts";
import { ProviderCall } from "../upstream/call.ts";

/** Step 9: sends the request to its provider and waits: for the head of a stream, for all of any other answer. */
export function sendUpstream(exchange: Exchange): Outcome {
  const { endpoint } = exchange.route;
  if (endpoint === undefined) return "reply";
  const call = new ProviderCall(exchange);
  exchange.call = call;
  call.send(exchange.context.upstreams[endpoint.provider], endpoint);
  // What waits for a provider should weigh little: requests under way are what every collection has to copy.
  exchange.json = undefined;
  exchange.body = null;
  exchange.replaced = null;
  exchange.leaves?.release();
  return "wait";
}
