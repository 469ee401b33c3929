import { asList, asObject } from "../stream/adapter.ts";

/** Which requests of an endpoint may be answered with the answer to an equal one, and which answers may be kept. */
export interface CacheRule {
  /** Equal requests have equal answers by nature: no temperature needs to be looked at. */
  readonly isDeterministic?: boolean;
  /** Fields that make the provider do or read more than the request says, and the values with which they do not. */
  readonly effects?: Readonly<Record<string, readonly unknown[]>>;
  /** Fields that must have this value: without it the provider keeps something. */
  readonly required?: Readonly<Record<string, unknown>>;
  /** Types of tools that only describe what the model may ask the client to do; others act at the provider. */
  readonly clientTools?: readonly (string | undefined)[];
  /** The event that ends a complete stream: its data, or the type of its body. */
  readonly lastEvent?: string;
}

/** `POST /v1/chat/completions`. Source of fields and tools: OpenAI API reference, "Chat". */
export const CHAT_CACHE: CacheRule = {
  effects: { store: [false], web_search_options: [], audio: [], background: [false] },
  clientTools: ["function", "custom"],
  lastEvent: "[DONE]",
};

/** `POST /v1/completions`. */
export const COMPLETION_CACHE: CacheRule = { lastEvent: "[DONE]" };

/**
 * `POST /v1/responses`. The provider keeps every answer unless told not to, and a further request may go on from it; prompts
 * may stand there as templates that change. Source: OpenAI API reference, "Responses".
 */
export const RESPONSES_CACHE: CacheRule = {
  effects: { background: [false], previous_response_id: [], conversation: [], prompt: [] },
  required: { store: false },
  clientTools: ["function", "custom"],
  lastEvent: "response.completed",
};

/** `POST /v1/embeddings`. */
export const EMBEDDING_CACHE: CacheRule = { isDeterministic: true };

/** `POST /v1/messages`. Source: Anthropic API reference, "Messages". */
export const MESSAGES_CACHE: CacheRule = {
  effects: { container: [], mcp_servers: [] },
  clientTools: [undefined, "custom"],
  lastEvent: "message_stop",
};

/** Whether a parsed request asks for nothing but an answer, the same as an equal request would get. */
export function isRepeatable(body: unknown, rule: CacheRule, mustBeDeterministic: boolean): boolean {
  const fields = asObject(body);
  if (fields === undefined) return false;
  const { effects = {}, required = {}, clientTools = [], isDeterministic = false } = rule;
  for (const name in effects) {
    const value = fields[name];
    if (value !== undefined && value !== null && !effects[name]?.includes(value)) return false;
  }
  for (const name in required) if (fields[name] !== required[name]) return false;
  const { tools } = fields;
  if (Array.isArray(tools))
    for (const tool of tools) {
      const type = asObject(tool)?.["type"];
      if ((type !== undefined && typeof type !== "string") || !clientTools.includes(type)) return false;
    }
  if (asList(fields["modalities"]).some((modality) => modality !== "text")) return false;
  return !mustBeDeterministic || isDeterministic || fields["temperature"] === 0 || isSeed(fields["seed"]);
}

function isSeed(value: unknown): boolean {
  return typeof value === "number";
}
