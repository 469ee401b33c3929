import type { RestoreChannel } from "#detect";
import { asObject, type EventBody, numbersOf, type PieceKind, type StreamAdapter } from "./adapter.ts";

/** Delta types and the field that holds their piece. Source: Anthropic API reference, "Streaming messages". */
const DELTAS: Readonly<Record<string, { readonly field: string; readonly kind: PieceKind }>> = {
  text_delta: { field: "text", kind: blockKind("text_delta", "text", "text") },
  input_json_delta: {
    field: "partial_json",
    kind: blockKind("input_json_delta", "partial_json", "tool", true),
  },
  thinking_delta: { field: "thinking", kind: blockKind("thinking_delta", "thinking", "text") },
};

/** Text fields of a block as it begins, with the delta type that carries the rest of the same text. */
const BLOCK_TEXTS = [
  { field: "text", delta: "text_delta" },
  { field: "thinking", delta: "thinking_delta" },
] as const;

/** Events of `POST /v1/messages`: state per content block. */
export const MESSAGES_STREAM: StreamAdapter = {
  fields: [
    { event: "content_block_start", path: "content_block.text", channel: "text" },
    { event: "content_block_start", path: "content_block.thinking", channel: "text" },
    { event: "content_block_start", path: "content_block.name", channel: "text" },
    { event: "content_block_delta", path: "delta.text", channel: "text" },
    { event: "content_block_delta", path: "delta.thinking", channel: "text" },
    { event: "content_block_delta", path: "delta.partial_json", channel: "tool" },
    { event: "content_block_delta", path: "delta.citation.cited_text", channel: "text" },
    { event: "message_delta", path: "delta.stop_sequence", channel: "text" },
    { event: "error", path: "error.message", channel: "text" },
  ],
  visit(event, sink) {
    switch (event["type"]) {
      case "content_block_start": {
        const block = asObject(event["content_block"]);
        if (block === undefined) return;
        for (const { field, delta } of BLOCK_TEXTS) {
          const text = block[field];
          const known = DELTAS[delta];
          if (typeof text === "string" && text !== "" && known !== undefined)
            block[field] = sink.piece(`${event["index"]}/${delta}`, text, known.kind, event, false);
        }
        if (typeof block["name"] === "string") block["name"] = sink.whole(block["name"], "text");
        return;
      }
      case "content_block_delta": {
        const delta = asObject(event["delta"]);
        if (delta === undefined) return;
        const type = String(delta["type"]);
        const known = Object.hasOwn(DELTAS, type) ? DELTAS[type] : undefined;
        const citation = asObject(delta["citation"]);
        if (citation !== undefined)
          for (const field of ["cited_text", "document_title", "title"])
            if (typeof citation[field] === "string") citation[field] = sink.whole(citation[field], "text");
        if (known === undefined) return;
        const text = delta[known.field];
        if (typeof text === "string")
          delta[known.field] = sink.piece(`${event["index"]}/${type}`, text, known.kind, event, false);
        return;
      }
      case "content_block_stop":
        sink.close(`${event["index"]}/`);
        return;
      case "message_delta": {
        sink.close("");
        const delta = asObject(event["delta"]);
        if (delta !== undefined && typeof delta["stop_sequence"] === "string")
          delta["stop_sequence"] = sink.whole(delta["stop_sequence"], "text");
        return;
      }
      case "message_stop":
        sink.close("");
        return;
      case "error": {
        const error = asObject(event["error"]);
        if (error !== undefined && typeof error["message"] === "string")
          error["message"] = sink.whole(error["message"], "text");
        return;
      }
      default:
    }
  },
  stop: (_first, _last, keys) => [
    ...(keys.length === 0 ? [] : numbersOf(keys).map((index) => ({ type: "content_block_stop", index }))),
    {
      type: "message_delta",
      delta: { stop_reason: REFUSAL, stop_sequence: null },
      usage: { output_tokens: 0 },
    },
    { type: "message_stop" },
  ],
  filter(answer) {
    answer["content"] = [];
    answer["stop_reason"] = REFUSAL;
    answer["stop_sequence"] = null;
  },
};

/** How an answer ends that a safety filter stopped. Source: Anthropic docs, "Handle streaming refusals". */
const REFUSAL = "refusal";

function blockKind(type: string, field: string, channel: RestoreChannel, isJson = false): PieceKind {
  return {
    channel,
    isJson,
    flushEvent: (text, key): EventBody => ({
      type: "content_block_delta",
      index: Number(key.split("/")[0]),
      delta: { type, [field]: text },
    }),
  };
}
