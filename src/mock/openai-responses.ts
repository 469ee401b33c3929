import { answerText, splitPieces, tokensOf } from "./answer-text.ts";
import { type LastTurn, readForcedTool, readLastTurn } from "./last-turn.ts";
import { type Reply, type ReplyContext, refuse, type StreamEvent, textOr, tokensBelow } from "./reply.ts";
import { chooseTool, readTools } from "./tool-answer.ts";

/** An item of `output`: a message or a function call. */
type OutputItem = Readonly<Record<string, unknown>>;

/**
 * `POST /v1/responses`: `input` as text or items, one message or one function call, plain or streaming with the event
 * sequence of the OpenAI API reference, "Responses" / "Streaming events".
 */
export function responses(body: Record<string, unknown>, context: ReplyContext): Reply {
  if (textOr(body["model"]) === "") return refuse("you must provide a model parameter", "model");
  const { input } = body;
  if (typeof input !== "string" && !Array.isArray(input))
    return refuse("'input' must be a string or an array of items", "input");
  const turn: LastTurn =
    typeof input === "string" ? { text: input, isToolResult: false } : readLastTurn(input);
  const forced = readForcedTool(body["tool_choice"]);
  const tool = chooseTool(context.settings, readTools(body["tools"]), forced, turn.isToolResult, turn.text);
  const text = tool?.args ?? answerText(context.settings, turn.text, 0);
  const itemId = `${tool === undefined ? "msg" : "fc"}_${context.idSuffix}`;
  const itemOf = (status: string, content: string): OutputItem =>
    tool === undefined
      ? {
          id: itemId,
          type: "message",
          status,
          role: "assistant",
          content: status === "completed" ? [partOf(content)] : [],
        }
      : {
          id: itemId,
          type: "function_call",
          status,
          arguments: content,
          call_id: `call_${context.idSuffix}`,
          name: tool.name,
        };

  const inputTokens = tokensBelow(input) + tokensBelow(body["instructions"]) + tokensBelow(body["tools"]);
  const outputTokens = tokensOf(text.length);
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  const started = responseOf(body, context, "in_progress", [], null);
  const completed = responseOf(body, context, "completed", [itemOf("completed", text)], usage);
  if (body["stream"] !== true) return { kind: "json", body: JSON.stringify(completed) };
  return {
    kind: "stream",
    events: streamEvents(
      started,
      completed,
      itemOf("in_progress", ""),
      itemOf("completed", text),
      tool?.name,
      splitPieces(text, context.settings.charsPerEvent),
    ),
  };
}

function partOf(text: string): OutputItem {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function responseOf(
  body: Record<string, unknown>,
  context: ReplyContext,
  status: string,
  output: readonly OutputItem[],
  usage: unknown,
): OutputItem {
  return {
    id: `resp_${context.idSuffix}`,
    object: "response",
    created_at: context.createdSec,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body["instructions"] ?? null,
    max_output_tokens: body["max_output_tokens"] ?? null,
    model: body["model"],
    output,
    parallel_tool_calls: body["parallel_tool_calls"] ?? true,
    previous_response_id: body["previous_response_id"] ?? null,
    reasoning: { effort: null, summary: null },
    service_tier: "default",
    store: body["store"] ?? true,
    temperature: body["temperature"] ?? 1,
    text: { format: { type: "text" } },
    tool_choice: body["tool_choice"] ?? "auto",
    tools: body["tools"] ?? [],
    top_p: body["top_p"] ?? 1,
    truncation: "disabled",
    usage,
    user: body["user"] ?? null,
    metadata: body["metadata"] ?? {},
  };
}

function* streamEvents(
  started: OutputItem,
  completed: OutputItem,
  itemStarted: OutputItem,
  itemDone: OutputItem,
  toolName: string | undefined,
  pieces: readonly string[],
): Generator<StreamEvent, void, void> {
  let sequence = 0;
  const event = (type: string, fields: OutputItem, answerChars = 0): StreamEvent => {
    const data = JSON.stringify({ type, sequence_number: sequence, ...fields });
    sequence += 1;
    return { text: `event: ${type}\ndata: ${data}\n\n`, answerChars };
  };
  const item = { item_id: itemStarted["id"], output_index: 0 };
  const part = { ...item, content_index: 0 };
  const text = pieces.join("");

  yield event("response.created", { response: started });
  yield event("response.in_progress", { response: started });
  yield event("response.output_item.added", { output_index: 0, item: itemStarted });
  if (toolName === undefined) {
    yield event("response.content_part.added", { ...part, part: partOf("") });
    for (const delta of pieces)
      yield event("response.output_text.delta", { ...part, delta, logprobs: [] }, delta.length);
    yield event("response.output_text.done", { ...part, text, logprobs: [] });
    yield event("response.content_part.done", { ...part, part: partOf(text) });
  } else {
    for (const delta of pieces)
      yield event("response.function_call_arguments.delta", { ...item, delta }, delta.length);
    yield event("response.function_call_arguments.done", { ...item, name: toolName, arguments: text });
  }
  yield event("response.output_item.done", { output_index: 0, item: itemDone });
  yield event("response.completed", { response: completed });
}
