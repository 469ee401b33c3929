// Data: text fields of Anthropic request bodies. Source: Anthropic API reference (messages, count_tokens).
import { DATA, FREE, listOf, NAME, objectOf, SCALAR, type Shape, TEXT } from "./shape.ts";

const CACHE_CONTROL = objectOf({ type: NAME, ttl: NAME });

const BASE64_SOURCE = objectOf({ type: NAME, media_type: NAME, data: DATA });
const URL_SOURCE = objectOf({ type: NAME, url: { string: "image" } });
const FILE_SOURCE = objectOf({ type: NAME, file_id: NAME });

/** Blocks of pictures hold encoded bytes, which are no text. */
const PICTURE_SOURCE = {
  base64: objectOf({ type: NAME, media_type: NAME, data: { ...DATA, picture: true } }),
  url: objectOf({ type: NAME, url: { string: "image", picture: true } }),
  file: objectOf({ type: NAME, file_id: { ...NAME, picture: true } }),
};
const IMAGE_BLOCK = objectOf(
  {
    type: NAME,
    source: { byType: PICTURE_SOURCE },
    cache_control: CACHE_CONTROL,
  },
  { unread: "image" },
);

/** A source of a document: plain text documents carry their text in `data`, others encoded bytes or blocks. */
const DOCUMENT_SOURCE: Shape = {
  ...FREE,
  byType: { base64: { ...BASE64_SOURCE, unread: "file" }, url: URL_SOURCE, file: { ...FILE_SOURCE, unread: "file" } },
};

// A tool result holds blocks again: the table is filled after it exists.
const blockFields: Record<string, Shape> = Object.create(null);

/** A content block of a turn or of a tool result, by its `type`. */
const BLOCK: Shape = { fields: blockFields, byType: { image: IMAGE_BLOCK } };

Object.assign(blockFields, {
  type: NAME,
  text: TEXT,
  cache_control: CACHE_CONTROL,
  citations: FREE,
  title: TEXT,
  context: TEXT,
  id: NAME,
  name: TEXT,
  input: { ...FREE, origin: "assistant" },
  caller: FREE,
  thinking: TEXT,
  signature: DATA,
  data: DATA,
  tool_use_id: NAME,
  is_error: SCALAR,
  content: { ...FREE, array: BLOCK, origin: "tool" },
  source: { ...DOCUMENT_SOURCE, origin: "tool" },
} satisfies Record<string, Shape>);

const TURN = objectOf({ role: NAME, content: { string: "text", array: BLOCK } }, { turn: true });

const TOOL = objectOf({
  type: NAME,
  name: TEXT,
  description: TEXT,
  input_schema: FREE,
  input_examples: FREE,
  cache_control: CACHE_CONTROL,
  strict: SCALAR,
  max_uses: SCALAR,
  allowed_domains: listOf(TEXT),
  blocked_domains: listOf(TEXT),
  user_location: FREE,
  display_width_px: SCALAR,
  display_height_px: SCALAR,
  display_number: SCALAR,
  max_characters: SCALAR,
});

const SHARED_FIELDS = {
  model: NAME,
  messages: listOf(TURN),
  system: { string: "text", array: BLOCK, origin: "instruction" },
  tools: { ...listOf(TOOL), origin: "definition" },
  tool_choice: { ...FREE, origin: "definition" },
  thinking: objectOf({ type: NAME, budget_tokens: SCALAR, display: NAME }),
  output_config: { ...FREE, origin: "definition" },
  output_format: { ...FREE, origin: "definition" },
  context_management: { ...FREE, origin: "definition" },
  mcp_servers: { ...FREE, origin: "definition" },
  cache_control: CACHE_CONTROL,
} as const satisfies Record<string, Shape>;

/** `POST /v1/messages`. */
export const ANTHROPIC_MESSAGES_REQUEST: Shape = objectOf({
  ...SHARED_FIELDS,
  container: { ...FREE, string: "name", origin: "definition" },
  inference_geo: NAME,
  max_tokens: SCALAR,
  metadata: { ...FREE, origin: "definition" },
  service_tier: NAME,
  speed: NAME,
  stop_sequences: listOf(TEXT),
  stream: SCALAR,
  temperature: SCALAR,
  top_k: SCALAR,
  top_p: SCALAR,
});

/** `POST /v1/messages/count_tokens`. */
export const ANTHROPIC_COUNT_TOKENS_REQUEST: Shape = objectOf({ ...SHARED_FIELDS });
