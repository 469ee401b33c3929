import {
  asList,
  asObject,
  type EventBody,
  indexOf,
  numbersOf,
  type PieceKind,
  type PieceSink,
  type StreamAdapter,
} from "./adapter.ts";

/** Text fields of a chat delta. Source: OpenAI API reference, "The chat completion chunk object"; `reasoning*`: vendors. */
const DELTA_TEXTS = ["content", "refusal", "reasoning_content", "reasoning"] as const;

const CONTENT_FILTER = "content_filter";

/** Fields that a flush event takes over from the event before it. */
const ENVELOPE = [
  "id",
  "object",
  "created",
  "model",
  "service_tier",
  "system_fingerprint",
  "provider",
] as const;

const DELTA_KINDS: Readonly<Record<(typeof DELTA_TEXTS)[number], PieceKind>> = {
  content: deltaKind("content"),
  refusal: deltaKind("refusal"),
  reasoning_content: deltaKind("reasoning_content"),
  reasoning: deltaKind("reasoning"),
};

const ARGUMENTS_KIND: PieceKind = {
  channel: "tool",
  isJson: true,
  flushEvent(text, key, last) {
    const [choice, , call] = key.split("/");
    return withChoice(last, Number(choice), {
      delta: { tool_calls: [{ index: Number(call), function: { arguments: text } }] },
    });
  },
};

const CUSTOM_INPUT_KIND: PieceKind = {
  channel: "tool",
  isJson: false,
  flushEvent(text, key, last) {
    const [choice, , call] = key.split("/");
    return withChoice(last, Number(choice), {
      delta: { tool_calls: [{ index: Number(call), custom: { input: text } }] },
    });
  },
};

const FUNCTION_CALL_KIND: PieceKind = {
  channel: "tool",
  isJson: true,
  flushEvent: (text, key, last) =>
    withChoice(last, Number(key.split("/")[0]), { delta: { function_call: { arguments: text } } }),
};

const COMPLETION_TEXT_KIND: PieceKind = {
  channel: "text",
  isJson: false,
  flushEvent: (text, key, last) => withChoice(last, Number(key.split("/")[0]), { text, logprobs: null }),
};

/** Token texts are a reading of the text beside it; what is held at the end has already been sent as text. */
const TOKEN_KIND: PieceKind = {
  channel: "text",
  isJson: false,
  isReading: true,
  flushEvent: (text, key, last) => {
    const [choice, , list] = key.split("/");
    return withChoice(last, Number(choice), {
      delta: {},
      logprobs: {
        [list ?? "content"]: [{ token: text, logprob: 0, bytes: [...Buffer.from(text)], top_logprobs: [] }],
      },
    });
  },
};

/** Chunks of `POST /v1/chat/completions`: state per choice, text field and tool call. */
export const CHAT_STREAM: StreamAdapter = {
  fields: [
    ...DELTA_TEXTS.map((name) => ({
      event: "chat.completion.chunk",
      path: `choices.*.delta.${name}`,
      channel: "text" as const,
    })),
    { event: "chat.completion.chunk", path: "choices.*.delta.tool_calls.*.function.name", channel: "text" },
    {
      event: "chat.completion.chunk",
      path: "choices.*.delta.tool_calls.*.function.arguments",
      channel: "tool",
    },
    { event: "chat.completion.chunk", path: "choices.*.delta.tool_calls.*.custom.input", channel: "tool" },
    { event: "chat.completion.chunk", path: "choices.*.delta.function_call.arguments", channel: "tool" },
    { event: "chat.completion.chunk", path: "choices.*.logprobs.content.*.token", channel: "text" },
    { event: "chat.completion.chunk", path: "choices.*.logprobs.refusal.*.token", channel: "text" },
    { event: "error", path: "error.message", channel: "text" },
  ],
  visit(event, sink) {
    const choices = asList(event["choices"]);
    for (let i = 0; i < choices.length; i += 1) {
      const choice = asObject(choices[i]);
      if (choice !== undefined) visitChoice(event, choice, indexOf(choice, i), sink);
    }
    visitError(event, sink);
  },
  hasDone: true,
  stop: (_first, last, keys) => numbersOf(keys).map((index) => filtered(last, index, { delta: {} })),
  filter(answer) {
    for (const item of asList(answer["choices"])) {
      const choice = asObject(item);
      if (choice === undefined) continue;
      choice["message"] = { role: "assistant", content: "", refusal: null };
      choice["logprobs"] = null;
      choice["finish_reason"] = CONTENT_FILTER;
    }
  },
};

/** Chunks of `POST /v1/completions`: state per choice. */
export const COMPLETION_STREAM: StreamAdapter = {
  fields: [
    { event: "text_completion", path: "choices.*.text", channel: "text" },
    { event: "error", path: "error.message", channel: "text" },
  ],
  visit(event, sink) {
    const choices = asList(event["choices"]);
    for (let i = 0; i < choices.length; i += 1) {
      const choice = asObject(choices[i]);
      if (choice === undefined) continue;
      const index = indexOf(choice, i);
      const isLast = choice["finish_reason"] != null;
      if (typeof choice["text"] === "string")
        choice["text"] = sink.piece(`${index}/text`, choice["text"], COMPLETION_TEXT_KIND, event, isLast);
      if (isLast) sink.close(`${index}/`);
    }
    visitError(event, sink);
  },
  hasDone: true,
  stop: (_first, last, keys) =>
    numbersOf(keys).map((index) => filtered(last, index, { text: "", logprobs: null })),
  filter(answer) {
    for (const item of asList(answer["choices"])) {
      const choice = asObject(item);
      if (choice === undefined) continue;
      choice["text"] = "";
      choice["logprobs"] = null;
      choice["finish_reason"] = CONTENT_FILTER;
    }
  },
};

function visitChoice(event: EventBody, choice: EventBody, index: number, sink: PieceSink): void {
  const isLast = choice["finish_reason"] != null;
  const delta = asObject(choice["delta"]);
  if (delta !== undefined) {
    for (const name of DELTA_TEXTS) {
      const text = delta[name];
      if (typeof text === "string")
        delta[name] = sink.piece(`${index}/${name}`, text, DELTA_KINDS[name], event, isLast);
    }
    const calls = asList(delta["tool_calls"]);
    for (let i = 0; i < calls.length; i += 1) {
      const call = asObject(calls[i]);
      if (call !== undefined) visitToolCall(event, call, `${index}`, indexOf(call, i), sink, isLast);
    }
    const called = asObject(delta["function_call"]);
    if (called !== undefined && typeof called["arguments"] === "string")
      called["arguments"] = sink.piece(
        `${index}/function_call`,
        called["arguments"],
        FUNCTION_CALL_KIND,
        event,
        isLast,
      );
  }
  const logprobs = asObject(choice["logprobs"]);
  if (logprobs !== undefined) visitTokens(event, logprobs, index, sink, isLast);
  if (isLast) sink.close(`${index}/`);
}

function visitToolCall(
  event: EventBody,
  call: EventBody,
  choice: string,
  index: number,
  sink: PieceSink,
  isLast: boolean,
): void {
  const called = asObject(call["function"]);
  if (called !== undefined) {
    if (typeof called["name"] === "string") called["name"] = sink.whole(called["name"], "text");
    if (typeof called["arguments"] === "string")
      called["arguments"] = sink.piece(
        `${choice}/tool/${index}`,
        called["arguments"],
        ARGUMENTS_KIND,
        event,
        isLast,
      );
  }
  const custom = asObject(call["custom"]);
  if (custom !== undefined && typeof custom["input"] === "string")
    custom["input"] = sink.piece(
      `${choice}/custom/${index}`,
      custom["input"],
      CUSTOM_INPUT_KIND,
      event,
      isLast,
    );
}

function visitTokens(
  event: EventBody,
  logprobs: EventBody,
  index: number,
  sink: PieceSink,
  isLastEvent: boolean,
): void {
  for (const list of ["content", "refusal"]) {
    const items = asList(logprobs[list]);
    for (let i = 0; i < items.length; i += 1) {
      const token = asObject(items[i]);
      if (token === undefined || typeof token["token"] !== "string") continue;
      const before = token["token"];
      const after = sink.piece(
        `${index}/token/${list}`,
        before,
        TOKEN_KIND,
        event,
        isLastEvent && i === items.length - 1,
      );
      if (after === before) continue;
      token["token"] = after;
      if (Array.isArray(token["bytes"])) token["bytes"] = [...Buffer.from(after, "utf8")];
      // The token stands among its alternatives too.
      if (after === "") token["top_logprobs"] = [];
    }
  }
}

function visitError(event: EventBody, sink: PieceSink): void {
  const error = asObject(event["error"]);
  if (error !== undefined && typeof error["message"] === "string")
    error["message"] = sink.whole(error["message"], "text");
}

function deltaKind(name: string): PieceKind {
  return {
    channel: "text",
    isJson: false,
    flushEvent: (text, key, last) => withChoice(last, Number(key.split("/")[0]), { delta: { [name]: text } }),
  };
}

/** A choice that the content filter ended. Source: OpenAI API reference, "The chat completion object", `finish_reason`. */
function filtered(last: EventBody, index: number, choice: EventBody): EventBody {
  const event = withChoice(last, index, {});
  event["choices"] = [{ index, ...choice, finish_reason: CONTENT_FILTER }];
  return event;
}

/** An event with the envelope of `last` and one choice. */
function withChoice(last: EventBody, index: number, choice: EventBody): EventBody {
  const event: EventBody = {};
  for (const name of ENVELOPE) if (last[name] !== undefined) event[name] = last[name];
  event["choices"] = [{ index, ...choice, finish_reason: null }];
  return event;
}
