// Data: text fields of OpenAI's Responses API. Source: OpenAI API reference, "Responses".
import { DATA, FREE, JSON_TEXT, listOf, NAME, objectOf, SCALAR, type Shape, TEXT } from "./shape.ts";

const REQUEST_PART = objectOf({
  type: NAME,
  text: TEXT,
  refusal: TEXT,
  detail: NAME,
  image_url: { string: "image", picture: true, unread: "image" },
  file_id: { ...NAME, unread: "file" },
  file_data: { ...DATA, unread: "file" },
  file_url: { string: "image", unread: "file" },
  filename: TEXT,
  input_audio: { ...objectOf({ data: DATA, format: NAME }), unread: "audio" },
  annotations: FREE,
  logprobs: FREE,
});

const ITEM_FIELDS = {
  type: NAME,
  role: NAME,
  id: NAME,
  status: NAME,
  phase: NAME,
  call_id: NAME,
  name: TEXT,
  content: { string: "text", array: REQUEST_PART },
  arguments: JSON_TEXT,
  input: TEXT,
  output: { string: "text", array: REQUEST_PART },
  summary: listOf(objectOf({ type: NAME, text: TEXT })),
  encrypted_content: DATA,
} as const satisfies Record<string, Shape>;

const OUTPUT_OF_TOOL = objectOf(ITEM_FIELDS, { origin: "tool" });
const CALL_OF_TOOL = objectOf(ITEM_FIELDS, { origin: "assistant" });

/** One item of `input`. */
const INPUT_ITEM: Shape = {
  ...objectOf(ITEM_FIELDS, { turn: true }),
  byType: {
    function_call_output: OUTPUT_OF_TOOL,
    custom_tool_call_output: OUTPUT_OF_TOOL,
    function_call: CALL_OF_TOOL,
    custom_tool_call: CALL_OF_TOOL,
    reasoning: CALL_OF_TOOL,
  },
};

/** `POST /v1/responses`. */
export const OPENAI_RESPONSES_REQUEST: Shape = objectOf({
  model: NAME,
  input: { string: "text", array: INPUT_ITEM, origin: "user" },
  instructions: { ...TEXT, origin: "instruction" },
  background: SCALAR,
  conversation: { string: "name", fields: { id: NAME } },
  include: listOf(NAME),
  max_output_tokens: SCALAR,
  max_tool_calls: SCALAR,
  metadata: { ...FREE, origin: "definition" },
  parallel_tool_calls: SCALAR,
  previous_response_id: NAME,
  prompt: objectOf({ id: NAME, version: NAME, variables: { ...FREE, origin: "user" } }),
  prompt_cache_key: TEXT,
  prompt_cache_retention: NAME,
  reasoning: objectOf({ effort: NAME, summary: NAME, generate_summary: NAME }),
  safety_identifier: TEXT,
  service_tier: NAME,
  store: SCALAR,
  stream: SCALAR,
  stream_options: objectOf({ include_obfuscation: SCALAR }),
  temperature: SCALAR,
  text: objectOf(
    {
      format: objectOf({ type: NAME, name: TEXT, description: TEXT, schema: FREE, strict: SCALAR }),
      verbosity: NAME,
    },
    { origin: "definition" },
  ),
  tool_choice: { ...FREE, string: "name", origin: "definition" },
  tools: { array: FREE, origin: "definition" },
  top_logprobs: SCALAR,
  top_p: SCALAR,
  truncation: NAME,
  user: { ...TEXT, origin: "definition" },
});

/** A content part of an answer. */
export const RESPONSES_PART: Shape = objectOf({
  type: NAME,
  text: TEXT,
  refusal: TEXT,
  annotations: FREE,
  logprobs: { tokenTexts: "token" },
});

/** An item of `output`. */
export const RESPONSES_ITEM: Shape = objectOf({
  id: NAME,
  type: NAME,
  status: NAME,
  role: NAME,
  call_id: NAME,
  name: TEXT,
  content: listOf(RESPONSES_PART),
  arguments: { string: "json", tool: true },
  input: { ...TEXT, tool: true },
  code: { ...TEXT, tool: true },
  summary: FREE,
  encrypted_content: DATA,
  result: DATA,
});

/** Answer of `POST /v1/responses`; also the `response` of its stream's events. */
export const OPENAI_RESPONSES_ANSWER: Shape = objectOf({
  id: NAME,
  object: NAME,
  status: NAME,
  model: NAME,
  previous_response_id: NAME,
  output: listOf(RESPONSES_ITEM),
  usage: DATA,
});
