// Data: text fields of provider answers. Source: OpenAI and Anthropic API references. What is not listed is plain text.
import { DATA, FREE, listOf, NAME, objectOf, type Shape, TEXT } from "./shape.ts";

/** Arguments of a tool call: a JSON document in a string; values put back into it are JSON-escaped. */
const ARGUMENTS: Shape = { string: "json", tool: true };
const TOOL_CALL = objectOf({
  id: NAME,
  type: NAME,
  function: objectOf({ name: TEXT, arguments: ARGUMENTS }),
  custom: objectOf({ name: TEXT, input: { ...TEXT, tool: true } }),
});

/** Token texts with their probabilities: pieces of the answer's text in order. */
const LOGPROBS = objectOf({ content: { tokenTexts: "token" }, refusal: { tokenTexts: "token" } });

/** `POST /v1/chat/completions`. */
export const OPENAI_CHAT_ANSWER: Shape = objectOf({
  id: NAME,
  object: NAME,
  model: NAME,
  system_fingerprint: NAME,
  choices: listOf(
    objectOf({
      message: objectOf({
        role: NAME,
        content: { string: "text", array: FREE },
        refusal: TEXT,
        reasoning_content: TEXT,
        reasoning: TEXT,
        tool_calls: listOf(TOOL_CALL),
        function_call: objectOf({ name: TEXT, arguments: ARGUMENTS }),
        annotations: FREE,
        audio: objectOf({ id: NAME, data: DATA, transcript: TEXT }),
      }),
      logprobs: LOGPROBS,
      finish_reason: NAME,
    }),
  ),
  usage: DATA,
});

/** `POST /v1/completions`. */
export const OPENAI_COMPLETION_ANSWER: Shape = objectOf({
  id: NAME,
  object: NAME,
  model: NAME,
  choices: listOf(
    objectOf({
      text: TEXT,
      logprobs: objectOf({ tokens: { tokenTexts: "" }, token_logprobs: DATA, text_offset: DATA, top_logprobs: FREE }),
      finish_reason: NAME,
    }),
  ),
  usage: DATA,
});

/** `POST /v1/messages`. */
export const ANTHROPIC_MESSAGES_ANSWER: Shape = objectOf({
  id: NAME,
  type: NAME,
  role: NAME,
  model: NAME,
  content: listOf(
    objectOf({
      type: NAME,
      text: TEXT,
      thinking: TEXT,
      signature: DATA,
      data: DATA,
      id: NAME,
      name: TEXT,
      input: { ...FREE, tool: true },
      citations: FREE,
      content: FREE,
    }),
  ),
  stop_sequence: TEXT,
  usage: DATA,
});

/** Answers without text of a conversation: embeddings, lists of models, token counts, moderation scores. */
export const NUMERIC_ANSWER: Shape = objectOf({
  object: NAME,
  model: NAME,
  data: DATA,
  results: DATA,
  usage: DATA,
  input_tokens: DATA,
});
