import { answerText, splitPieces, tokensOf } from "./answer-text.ts";
import { type LastTurn, readForcedTool, readLastTurn } from "./last-turn.ts";
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

/** Most choices that one request may ask for (OpenAI API reference, `n`). */
const MAX_CHOICES = 128;
const DONE: StreamEvent = { text: "data: [DONE]\n\n", answerChars: 0 };

interface ChatAnswer {
  readonly id: string;
  /** JSON text. */
  readonly model: string;
  readonly promptTokens: number;
  readonly choices: readonly { readonly text: string; readonly tool: ToolAnswer | undefined }[];
}

/**
 * `POST /v1/chat/completions`: `n` choices, plain or streaming with `stream_options.include_usage`, text or one tool
 * call each. Shapes: OpenAI API reference, "Chat". `max_tokens` is not applied, so that quoted texts stay whole.
 */
export function chatCompletions(body: Record<string, unknown>, context: ReplyContext): Reply {
  const { messages } = body;
  if (textOr(body["model"]) === "") return refuse("you must provide a model parameter", "model");
  if (!Array.isArray(messages) || messages.length === 0)
    return refuse("'messages' must be an array that is not empty", "messages");
  if (!messages.every(isObject)) return refuse("every item of 'messages' must be an object", "messages");
  const choiceCount = body["n"] ?? 1;
  if (typeof choiceCount !== "number" || !Number.isInteger(choiceCount) || choiceCount < 1)
    return refuse("'n' must be a whole number of at least 1", "n");
  if (choiceCount > MAX_CHOICES) return refuse(`'n' must not exceed ${MAX_CHOICES}`, "n");

  const turn = readLastTurn(messages);
  const tool = chooseForBody(body, context, turn);
  const choices: ChatAnswer["choices"][number][] = [];
  for (let choice = 0; choice < choiceCount; choice += 1)
    choices.push({ text: answerText(context.settings, turn.text, choice), tool });
  const answer: ChatAnswer = {
    id: `chatcmpl-${context.idSuffix}`,
    model: JSON.stringify(body["model"]),
    promptTokens: promptTokens(messages, body["tools"]),
    choices,
  };
  if (body["stream"] !== true) return { kind: "json", body: plainBody(answer, context) };
  const options = body["stream_options"];
  const includeUsage = isObject(options) && options["include_usage"] === true;
  return { kind: "stream", events: streamEvents(answer, context, includeUsage) };
}

function chooseForBody(
  body: Record<string, unknown>,
  context: ReplyContext,
  turn: LastTurn,
): ToolAnswer | undefined {
  if (body["tools"] === undefined) return undefined;
  const forced = readForcedTool(body["tool_choice"]);
  return chooseTool(context.settings, readTools(body["tools"]), forced, turn.isToolResult, turn.text);
}

function promptTokens(messages: readonly Record<string, unknown>[], tools: unknown): number {
  let tokens = tools === undefined ? 0 : tokensBelow(tools);
  for (const message of messages) {
    tokens += tokensBelow(message["content"]);
    if (message["tool_calls"] !== undefined) tokens += tokensBelow(message["tool_calls"]);
  }
  return tokens;
}

function usageOf(answer: ChatAnswer): string {
  let completion = 0;
  for (const { text, tool } of answer.choices) completion += tokensOf((tool?.args ?? text).length);
  return `{"prompt_tokens":${answer.promptTokens},"completion_tokens":${completion},"total_tokens":${answer.promptTokens + completion},"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}`;
}

function callId(context: ReplyContext, choice: number): string {
  return `call_${context.idSuffix}${choice}`;
}

function plainBody(answer: ChatAnswer, context: ReplyContext): string {
  let choices = "";
  answer.choices.forEach(({ text, tool }, index) => {
    const message =
      tool === undefined
        ? `{"role":"assistant","content":${JSON.stringify(text)},"refusal":null,"annotations":[]}`
        : `{"role":"assistant","content":null,"tool_calls":[{"id":"${callId(context, index)}","type":"function","function":{"name":${JSON.stringify(tool.name)},"arguments":${JSON.stringify(tool.args)}}}],"refusal":null,"annotations":[]}`;
    const reason = tool === undefined ? "stop" : "tool_calls";
    choices += `${index === 0 ? "" : ","}{"index":${index},"message":${message},"logprobs":null,"finish_reason":"${reason}"}`;
  });
  return `{"id":"${answer.id}","object":"chat.completion","created":${context.createdSec},"model":${answer.model},"choices":[${choices}],"usage":${usageOf(answer)},"service_tier":"default","system_fingerprint":"fp_mock"}`;
}

function* streamEvents(
  answer: ChatAnswer,
  context: ReplyContext,
  includeUsage: boolean,
): Generator<StreamEvent, void, void> {
  const head = `data: {"id":"${answer.id}","object":"chat.completion.chunk","created":${context.createdSec},"model":${answer.model},"service_tier":"default","system_fingerprint":"fp_mock","choices":[`;
  const tail = includeUsage ? `],"usage":null}\n\n` : "]}\n\n";
  const chunk = (index: number, delta: string, reason: string, answerChars: number): StreamEvent => ({
    text: `${head}{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${reason}}${tail}`,
    answerChars,
  });
  const { charsPerEvent } = context.settings;

  for (const [index, { tool }] of answer.choices.entries())
    yield chunk(
      index,
      tool === undefined
        ? `{"role":"assistant","content":"","refusal":null}`
        : `{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"${callId(context, index)}","type":"function","function":{"name":${JSON.stringify(tool.name)},"arguments":""}}],"refusal":null}`,
      "null",
      0,
    );
  // Choices grow side by side, as they do at the provider: one piece of each in turn.
  const pieces = answer.choices.map(({ text, tool }) => splitPieces(tool?.args ?? text, charsPerEvent));
  const longest = pieces.reduce((most, list) => Math.max(most, list.length), 0);
  for (let position = 0; position < longest; position += 1)
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index]![position];
      if (piece === undefined) continue;
      const json = JSON.stringify(piece);
      const delta =
        answer.choices[index]!.tool === undefined
          ? `{"content":${json}}`
          : `{"tool_calls":[{"index":0,"function":{"arguments":${json}}}]}`;
      yield chunk(index, delta, "null", piece.length);
    }
  for (const [index, { tool }] of answer.choices.entries())
    yield chunk(index, "{}", tool === undefined ? `"stop"` : `"tool_calls"`, 0);
  if (includeUsage) yield { text: `${head}],"usage":${usageOf(answer)}}\n\n`, answerChars: 0 };
  yield DONE;
}
