import { answerText, splitPieces, tokensOf } from "./answer-text.ts";
import { readForcedTool, readLastTurn } from "./last-turn.ts";
import {
  isObject,
  type Reply,
  type ReplyContext,
  refuse,
  type StreamEvent,
  textOr,
  tokensBelow,
} from "./reply.ts";
import { chooseTool, readTools, type ToolAnswer } from "./tool-answer.ts";

/**
 * `POST /v1/messages`: a text or a `tool_use` block, plain or streaming. Shapes: Anthropic API reference, "Messages"
 * and "Streaming messages". `max_tokens` must be there but is not applied, so that quoted texts stay whole.
 */
export function messages(body: Record<string, unknown>, context: ReplyContext): Reply {
  const problem = problemOf(body);
  if (problem !== undefined) return problem;
  const { max_tokens: maxTokens } = body;
  if (typeof maxTokens !== "number" || !Number.isInteger(maxTokens) || maxTokens < 1)
    return refuse("max_tokens: must be a whole number of at least 1", "max_tokens");

  // problemOf has seen that messages is a list.
  const turn = readLastTurn(body["messages"] as readonly unknown[]);
  const forced = readForcedTool(body["tool_choice"]);
  const tool =
    body["tools"] === undefined
      ? undefined
      : chooseTool(context.settings, readTools(body["tools"]), forced, turn.isToolResult, turn.text);
  const text = tool?.args ?? answerText(context.settings, turn.text, 0);
  const head = `{"id":"msg_${context.idSuffix}","type":"message","role":"assistant","model":${JSON.stringify(body["model"])},"content":[`;
  const inputTokens = inputTokensOf(body);
  const outputTokens = tokensOf(text.length);

  if (body["stream"] === true)
    return { kind: "stream", events: streamEvents(head, tool, text, inputTokens, context) };
  const block =
    tool === undefined ? `{"type":"text","text":${JSON.stringify(text)}}` : toolBlock(tool, text, context);
  const reason = tool === undefined ? "end_turn" : "tool_use";
  return {
    kind: "json",
    body: `${head}${block}],"stop_reason":"${reason}","stop_sequence":null,"usage":${usageJson(inputTokens, outputTokens)}}`,
  };
}

/** `POST /v1/messages/count_tokens`: `{input_tokens}` by the mock's rule. */
export function countTokens(body: Record<string, unknown>): Reply {
  return problemOf(body) ?? { kind: "json", body: `{"input_tokens":${inputTokensOf(body)}}` };
}

function problemOf(body: Record<string, unknown>): Reply | undefined {
  if (textOr(body["model"]) === "") return refuse("model: Field required", "model");
  const list = body["messages"];
  if (!Array.isArray(list) || list.length === 0)
    return refuse("messages: must be an array that is not empty", "messages");
  for (const [index, message] of list.entries())
    if (!isObject(message) || (message["role"] !== "user" && message["role"] !== "assistant"))
      return refuse(`messages.${index}.role: must be 'user' or 'assistant'`, "messages");
  return undefined;
}

function inputTokensOf(body: Record<string, unknown>): number {
  let tokens = tokensBelow(body["system"]) + tokensBelow(body["tools"]);
  // problemOf has seen that messages is a list of objects.
  for (const message of body["messages"] as readonly Record<string, unknown>[])
    tokens += tokensBelow(message["content"]);
  return tokens;
}

function usageJson(inputTokens: number, outputTokens: number): string {
  return `{"input_tokens":${inputTokens},"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":${outputTokens},"service_tier":"standard"}`;
}

function toolBlock(tool: ToolAnswer, input: string, context: ReplyContext): string {
  return `{"type":"tool_use","id":"toolu_${context.idSuffix}","name":${JSON.stringify(tool.name)},"input":${input}}`;
}

function* streamEvents(
  head: string,
  tool: ToolAnswer | undefined,
  text: string,
  inputTokens: number,
  context: ReplyContext,
): Generator<StreamEvent, void, void> {
  const event = (type: string, fields: string, answerChars = 0): StreamEvent => ({
    text: `event: ${type}\ndata: {"type":"${type}"${fields}}\n\n`,
    answerChars,
  });
  const block = tool === undefined ? `{"type":"text","text":""}` : toolBlock(tool, "{}", context);
  const reason = tool === undefined ? "end_turn" : "tool_use";

  yield event(
    "message_start",
    `,"message":${head}],"stop_reason":null,"stop_sequence":null,"usage":${usageJson(inputTokens, 1)}}`,
  );
  yield event("content_block_start", `,"index":0,"content_block":${block}`);
  yield event("ping", "");
  for (const piece of splitPieces(text, context.settings.charsPerEvent)) {
    const json = JSON.stringify(piece);
    const delta =
      tool === undefined
        ? `{"type":"text_delta","text":${json}}`
        : `{"type":"input_json_delta","partial_json":${json}}`;
    yield event("content_block_delta", `,"index":0,"delta":${delta}`, piece.length);
  }
  yield event("content_block_stop", `,"index":0`);
  yield event(
    "message_delta",
    `,"delta":{"stop_reason":"${reason}","stop_sequence":null},"usage":${usageJson(inputTokens, tokensOf(text.length))}`,
  );
  yield event("message_stop", "");
}
