import type { RestoreChannel } from "#detect";
import {
  OPENAI_RESPONSES_ANSWER,
  RESPONSES_ITEM,
  RESPONSES_PART,
} from "../providers/openai-responses.data.ts";
import { FREE } from "../providers/shape.ts";
import {
  asList,
  asObject,
  type EventBody,
  type PieceKind,
  type PieceSink,
  type StreamAdapter,
} from "./adapter.ts";

/** A text that streams: its delta event, the event that repeats it whole, and where the text stands there. */
interface StreamedText {
  readonly delta: string;
  readonly done: string;
  readonly doneField: string;
  readonly channel: RestoreChannel;
  readonly isJson: boolean;
}

/** Source: OpenAI API reference, "Responses", "Streaming events". */
const TEXTS: readonly StreamedText[] = [
  text("response.output_text", "text"),
  text("response.refusal", "refusal"),
  text("response.reasoning_text", "text"),
  text("response.reasoning_summary_text", "text"),
  text("response.audio.transcript", "transcript"),
  call("response.function_call_arguments", "arguments", true),
  call("response.mcp_call_arguments", "arguments", true),
  call("response.custom_tool_call_input", "input", false),
  call("response.code_interpreter_call_code", "code", false),
];

/** Fields that say to which text a delta belongs. */
const PLACE = ["item_id", "output_index", "content_index", "summary_index"] as const;

const BY_DELTA = new Map(TEXTS.map((entry) => [entry.delta, { entry, kind: kindOf(entry) }]));
const BY_DONE = new Map(TEXTS.map((entry) => [entry.done, entry]));

/** Token texts are a reading of the text beside it; what is held at the end has already been sent as text. */
const TOKENS: PieceKind = {
  channel: "text",
  isJson: false,
  isReading: true,
  flushEvent: (held, _key, last) => ({
    ...placeOf(last),
    type: "response.output_text.delta",
    delta: "",
    logprobs: [{ token: held, logprob: 0, top_logprobs: [] }],
  }),
};

/** Events of `POST /v1/responses`: state per output item and content part. */
export const RESPONSES_STREAM: StreamAdapter = {
  fields: [
    ...TEXTS.flatMap(({ delta, done, doneField, channel }) => [
      { event: delta, path: "delta", channel },
      { event: done, path: doneField, channel },
    ]),
    { event: "response.output_text.delta", path: "logprobs.*.token", channel: "text" },
    { event: "response.output_text.annotation.added", path: "annotation.**", channel: "text" },
    { event: "response.output_item.*", path: "item.**", channel: "text" },
    { event: "response.content_part.*", path: "part.**", channel: "text" },
    { event: "response.reasoning_summary_part.*", path: "part.**", channel: "text" },
    { event: "response.*", path: "response.**", channel: "text" },
    { event: "error", path: "message", channel: "text" },
  ],
  visit(event, sink) {
    const type = String(event["type"]);
    const delta = BY_DELTA.get(type);
    if (delta !== undefined) {
      const key = keyOf(event, delta.entry);
      if (typeof event["delta"] === "string")
        event["delta"] = sink.piece(key, event["delta"], delta.kind, event, false);
      visitTokens(event, key, sink);
      return;
    }
    const done = BY_DONE.get(type);
    if (done !== undefined) {
      sink.close(keyOf(event, done));
      const whole = event[done.doneField];
      if (typeof whole === "string") event[done.doneField] = sink.whole(whole, done.channel, done.isJson);
      if (event["logprobs"] !== undefined) sink.tree(event["logprobs"], { tokenTexts: "token" });
      return;
    }
    // Whatever ends an item or the answer ends its texts.
    if (type === "response.output_item.done") sink.close(`${event["output_index"]}/`);
    else if (asObject(event["response"])?.["status"] !== "in_progress" && event["response"] !== undefined)
      sink.close("");
    sink.tree(event["item"], RESPONSES_ITEM);
    sink.tree(event["part"], RESPONSES_PART);
    sink.tree(event["response"], OPENAI_RESPONSES_ANSWER);
    sink.tree(event["annotation"], FREE);
    if (typeof event["message"] === "string") event["message"] = sink.whole(event["message"], "text");
  },
  stop(first) {
    const response: EventBody = { ...asObject(first["response"]) };
    incomplete(response);
    return [{ type: "response.incomplete", response }];
  },
  filter: incomplete,
};

/** A response that the content filter ended. Source: OpenAI API reference, "The response object", `incomplete_details`. */
function incomplete(response: EventBody): void {
  response["status"] = "incomplete";
  response["incomplete_details"] = { reason: "content_filter" };
  response["output"] = [];
}

function text(base: string, doneField: string): StreamedText {
  return { delta: `${base}.delta`, done: `${base}.done`, doneField, channel: "text", isJson: false };
}

function call(base: string, doneField: string, isJson: boolean): StreamedText {
  return { delta: `${base}.delta`, done: `${base}.done`, doneField, channel: "tool", isJson };
}

function keyOf(event: EventBody, { delta }: StreamedText): string {
  return `${event["output_index"]}/${event["content_index"] ?? event["summary_index"] ?? 0}/${delta}`;
}

function kindOf({ delta, channel, isJson }: StreamedText): PieceKind {
  return {
    channel,
    isJson,
    flushEvent: (held, _key, last) => ({ ...placeOf(last), type: delta, delta: held }),
  };
}

function placeOf(last: EventBody): EventBody {
  const place: EventBody = {};
  for (const name of PLACE) if (last[name] !== undefined) place[name] = last[name];
  return place;
}

function visitTokens(event: EventBody, key: string, sink: PieceSink): void {
  for (const item of asList(event["logprobs"])) {
    const token = asObject(item);
    if (token === undefined || typeof token["token"] !== "string") continue;
    const before = token["token"];
    const after = sink.piece(`${key}/token`, before, TOKENS, event, false);
    if (after === before) continue;
    token["token"] = after;
    if (Array.isArray(token["bytes"])) token["bytes"] = [...Buffer.from(after, "utf8")];
    // The token stands among its alternatives too.
    if (after === "") token["top_logprobs"] = [];
  }
}
