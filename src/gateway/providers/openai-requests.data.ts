// Data: text fields of OpenAI request bodies. Source: OpenAI API reference (chat, completions, embeddings, moderations).
import { DATA, FREE, JSON_TEXT, listOf, NAME, objectOf, SCALAR, type Shape, TEXT } from "./shape.ts";

const IMAGE: Shape = { string: "image", picture: true, unread: "image" };
const LOGIT_BIAS: Shape = { ...FREE };
const STOP: Shape = { string: "text", array: TEXT };
const STREAM_OPTIONS = objectOf({ include_usage: SCALAR, include_obfuscation: SCALAR });

/** A content part of a chat turn. */
const CHAT_PART = objectOf({
  type: NAME,
  text: TEXT,
  refusal: TEXT,
  image_url: { ...objectOf({ url: IMAGE, detail: NAME }), unread: "image" },
  input_audio: { ...objectOf({ data: DATA, format: NAME }), unread: "audio" },
  file: { ...objectOf({ file_data: DATA, file_id: NAME, filename: TEXT }), unread: "file" },
  cache_control: objectOf({ type: NAME, ttl: NAME }),
});

const FUNCTION_CALL = objectOf({ name: TEXT, arguments: JSON_TEXT });

/** One turn of a chat. */
const CHAT_TURN = objectOf(
  {
    role: NAME,
    content: { string: "text", array: CHAT_PART },
    name: TEXT,
    refusal: TEXT,
    reasoning_content: TEXT,
    reasoning: TEXT,
    tool_calls: listOf(
      objectOf({
        id: NAME,
        type: NAME,
        index: SCALAR,
        function: FUNCTION_CALL,
        custom: objectOf({ name: TEXT, input: TEXT }),
      }),
    ),
    tool_call_id: NAME,
    function_call: FUNCTION_CALL,
    audio: objectOf({ id: NAME }),
    annotations: FREE,
  },
  { turn: true },
);

const FUNCTION_DEFINITION = objectOf({ name: TEXT, description: TEXT, parameters: FREE, strict: SCALAR });

/** `POST /v1/chat/completions`. */
export const OPENAI_CHAT_REQUEST: Shape = objectOf({
  model: NAME,
  messages: listOf(CHAT_TURN),
  audio: objectOf({ voice: FREE, format: NAME }),
  frequency_penalty: SCALAR,
  function_call: { string: "name", fields: { name: TEXT } },
  functions: { ...listOf(FUNCTION_DEFINITION), origin: "definition" },
  logit_bias: LOGIT_BIAS,
  logprobs: SCALAR,
  max_completion_tokens: SCALAR,
  max_tokens: SCALAR,
  metadata: { ...FREE, origin: "definition" },
  modalities: listOf(NAME),
  n: SCALAR,
  parallel_tool_calls: SCALAR,
  prediction: {
    ...objectOf({ type: NAME, content: { string: "text", array: CHAT_PART } }),
    origin: "assistant",
  },
  presence_penalty: SCALAR,
  prompt_cache_key: TEXT,
  prompt_cache_retention: NAME,
  reasoning_effort: NAME,
  response_format: objectOf(
    {
      type: NAME,
      json_schema: objectOf({ name: TEXT, description: TEXT, schema: FREE, strict: SCALAR }),
    },
    { origin: "definition" },
  ),
  safety_identifier: TEXT,
  seed: SCALAR,
  service_tier: NAME,
  stop: STOP,
  store: SCALAR,
  stream: SCALAR,
  stream_options: STREAM_OPTIONS,
  temperature: SCALAR,
  tool_choice: { ...FREE, string: "name", origin: "definition" },
  tools: {
    ...listOf(
      objectOf({
        type: NAME,
        function: FUNCTION_DEFINITION,
        custom: objectOf({ name: TEXT, description: TEXT, format: FREE }),
      }),
    ),
    origin: "definition",
  },
  top_logprobs: SCALAR,
  top_p: SCALAR,
  top_k: SCALAR,
  user: { ...TEXT, origin: "definition" },
  verbosity: NAME,
  web_search_options: { ...FREE, origin: "definition" },
});

/** A prompt or input: text, texts, token ids or lists of token ids. */
const TEXT_OR_TOKENS: Shape = {
  string: "text",
  array: { string: "text", scalar: true, tokens: true, array: { scalar: true, tokens: true } },
  origin: "user",
};

/** `POST /v1/completions`. */
export const OPENAI_COMPLETION_REQUEST: Shape = objectOf({
  model: NAME,
  prompt: TEXT_OR_TOKENS,
  suffix: { ...TEXT, origin: "user" },
  best_of: SCALAR,
  echo: SCALAR,
  frequency_penalty: SCALAR,
  logit_bias: LOGIT_BIAS,
  logprobs: SCALAR,
  max_tokens: SCALAR,
  n: SCALAR,
  presence_penalty: SCALAR,
  seed: SCALAR,
  stop: STOP,
  stream: SCALAR,
  stream_options: STREAM_OPTIONS,
  temperature: SCALAR,
  top_p: SCALAR,
  user: { ...TEXT, origin: "definition" },
});

/** `POST /v1/embeddings`. */
export const OPENAI_EMBEDDING_REQUEST: Shape = objectOf({
  model: NAME,
  input: TEXT_OR_TOKENS,
  dimensions: SCALAR,
  encoding_format: NAME,
  user: { ...TEXT, origin: "definition" },
});

/** `POST /v1/moderations`. */
export const OPENAI_MODERATION_REQUEST: Shape = objectOf({
  model: NAME,
  input: {
    string: "text",
    array: { ...objectOf({ type: NAME, text: TEXT, image_url: objectOf({ url: IMAGE }) }), string: "text" },
    origin: "user",
  },
});
