import type { Exchange, Outcome } from "../exchange.ts";
import { hasDuplicateKeys } from "./leaves.ts";

/** Step 7: puts the replaced texts into the body. Without a change the bytes go on exactly as they came. */
export function rewrite(exchange: Exchange): Outcome {
  const { leaves, body, replaced } = exchange;
  exchange.upstreamBody = body;
  if (leaves === null || body === null) return "next";
  let isChanged = false;
  if (replaced !== null) isChanged = leaves.replace(replaced);
  else if (leaves.hasForced) isChanged = leaves.replace(leaves.texts);
  // Only what the guard has read may leave: with a name twice that is the parsed body, not the bytes.
  if (isChanged || hasDuplicateKeys(exchange)) exchange.upstreamBody = JSON.stringify(exchange.json);
  return "next";
}
