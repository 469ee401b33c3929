import { RampartError } from "#shared";
import { countKeys } from "../body/json-keys.ts";
import { Leaves } from "../body/leaves.ts";
import type { Exchange, Outcome } from "../exchange.ts";

/** Longest name of a model that is remembered for the record. */
const MAX_MODEL_CHARACTERS = 64;

/** Step 4: finds every text leaf of the body by the provider's table. Requests without a body have none. */
export function walkLeaves(exchange: Exchange): Outcome {
  const { endpoint } = exchange.route;
  const { guard } = exchange;
  const { config } = exchange.context;
  if (exchange.query !== "" && guard.inspect(decodedQuery(exchange.query)).length > 0)
    throw new RampartError("RMP_GUARD_BLOCKED", "the query string holds personal data", { field: "query" });
  if (endpoint?.request === undefined) return "next";
  const leaves = new Leaves(config.bounds.jsonDepth, config.guard.unknownFields);
  leaves.walk(exchange.json, endpoint.request);
  exchange.leaves = leaves;
  const { model, stream } = exchange.json as { model?: unknown; stream?: unknown }; // the walk refuses what is no object
  exchange.wantsStream = endpoint.stream !== undefined && stream === true;
  if (typeof model === "string" && model.length <= MAX_MODEL_CHARACTERS) exchange.model = model;
  return "next";
}

/** Whether the body holds a name twice in one object, so that another reader may see another body than the guard did. */
export function hasDuplicateKeys(exchange: Exchange): boolean {
  const { body, leaves } = exchange;
  return body !== null && leaves !== null && countKeys(body.toString("utf8")) !== leaves.keyCount;
}

function decodedQuery(query: string): string {
  try {
    return decodeURIComponent(query.replaceAll("+", " "));
  } catch {
    throw new RampartError("RMP_REQ_BAD", "the query string is not valid percent-encoding", {
      field: "query",
    });
  }
}
