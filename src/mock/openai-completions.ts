import { answerText, splitPieces, tokensOf } from "./answer-text.ts";
import {
  isObject,
  type Reply,
  type ReplyContext,
  refuse,
  type StreamEvent,
  textOr,
  tokensBelow,
} from "./reply.ts";

/** Most choices that one request may ask for (OpenAI API reference, `n`). */
const MAX_CHOICES = 128;

/**
 * `POST /v1/completions`: prompt as text, list of texts, or token numbers (answered by how many there are); `n`
 * choices for each, `echo`, plain or streaming. Shapes: OpenAI API reference, "Completions". `max_tokens` is not
 * applied, so that quoted texts stay whole.
 */
export function completions(body: Record<string, unknown>, context: ReplyContext): Reply {
  if (textOr(body["model"]) === "") return refuse("you must provide a model parameter", "model");
  const prompts = readPrompts(body["prompt"]);
  if (prompts === undefined)
    return refuse("'prompt' must be a string, an array of strings or an array of tokens", "prompt");
  const perPrompt = body["n"] ?? 1;
  if (typeof perPrompt !== "number" || !Number.isInteger(perPrompt) || perPrompt < 1)
    return refuse("'n' must be a whole number of at least 1", "n");
  if (perPrompt > MAX_CHOICES) return refuse(`'n' must not exceed ${MAX_CHOICES}`, "n");

  const isEcho = body["echo"] === true;
  const texts = prompts.flatMap((prompt) =>
    Array.from({ length: perPrompt }, (_, choice) => {
      const answer = answerText(context.settings, prompt, choice);
      return isEcho ? prompt + answer : answer;
    }),
  );
  const promptTokens = tokensBelow(prompts);
  const completionTokens = texts.reduce((sum, text) => sum + tokensOf(text.length), 0);
  const usage = `{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${promptTokens + completionTokens}}`;
  const head = `{"id":"cmpl-${context.idSuffix}","object":"text_completion","created":${context.createdSec},"model":${JSON.stringify(body["model"])},"choices":[`;

  if (body["stream"] === true) {
    const options = body["stream_options"];
    const includeUsage = isObject(options) && options["include_usage"] === true;
    return {
      kind: "stream",
      events: streamEvents(head, texts, context.settings.charsPerEvent, includeUsage ? usage : undefined),
    };
  }
  const choices = texts.map((text, index) => choiceJson(index, text, `"stop"`)).join(",");
  return { kind: "json", body: `${head}${choices}],"usage":${usage}}` };
}

function choiceJson(index: number, text: string, reason: string): string {
  return `{"text":${JSON.stringify(text)},"index":${index},"logprobs":null,"finish_reason":${reason}}`;
}

function readPrompts(prompt: unknown): readonly string[] | undefined {
  if (typeof prompt === "string") return [prompt];
  if (!Array.isArray(prompt) || prompt.length === 0) return undefined;
  if (prompt.every((item) => typeof item === "string")) return prompt;
  if (prompt.every((item) => typeof item === "number")) return [`${prompt.length} tokens`];
  if (prompt.every((item) => Array.isArray(item))) return prompt.map((item) => `${item.length} tokens`);
  return undefined;
}

function* streamEvents(
  head: string,
  texts: readonly string[],
  charsPerEvent: number,
  usage: string | undefined,
): Generator<StreamEvent, void, void> {
  const tail = usage === undefined ? "]}\n\n" : `],"usage":null}\n\n`;
  for (const [index, text] of texts.entries()) {
    for (const piece of splitPieces(text, charsPerEvent))
      yield { text: `data: ${head}${choiceJson(index, piece, "null")}${tail}`, answerChars: piece.length };
    yield { text: `data: ${head}${choiceJson(index, "", `"stop"`)}${tail}`, answerChars: 0 };
  }
  if (usage !== undefined) yield { text: `data: ${head}],"usage":${usage}}\n\n`, answerChars: 0 };
  yield { text: "data: [DONE]\n\n", answerChars: 0 };
}
