import {
  type CacheRule,
  CHAT_CACHE,
  COMPLETION_CACHE,
  EMBEDDING_CACHE,
  MESSAGES_CACHE,
  RESPONSES_CACHE,
} from "../cache/cache-rule.ts";
import type { StreamAdapter } from "../stream/adapter.ts";
import { MESSAGES_STREAM } from "../stream/anthropic-stream.ts";
import { CHAT_STREAM, COMPLETION_STREAM } from "../stream/openai-stream.ts";
import { RESPONSES_STREAM } from "../stream/responses-stream.ts";
import {
  ANTHROPIC_MESSAGES_ANSWER,
  NUMERIC_ANSWER,
  OPENAI_CHAT_ANSWER,
  OPENAI_COMPLETION_ANSWER,
} from "./answers.data.ts";
import { ANTHROPIC_COUNT_TOKENS_REQUEST, ANTHROPIC_MESSAGES_REQUEST } from "./anthropic-requests.data.ts";
import {
  OPENAI_CHAT_REQUEST,
  OPENAI_COMPLETION_REQUEST,
  OPENAI_EMBEDDING_REQUEST,
  OPENAI_MODERATION_REQUEST,
} from "./openai-requests.data.ts";
import { OPENAI_RESPONSES_ANSWER, OPENAI_RESPONSES_REQUEST } from "./openai-responses.data.ts";
import type { Shape } from "./shape.ts";

/** Names of the providers. */
export type ProviderName = "openai" | "anthropic";

/** One route of a provider: its tables and how its streams are read. */
export interface Endpoint {
  readonly provider: ProviderName;
  readonly method: "GET" | "POST";
  /** Path below the provider's base URL. A last segment `*` stands for one identifier. */
  readonly path: string;
  /** Absent: the request has no body. */
  readonly request?: Shape;
  readonly answer: Shape;
  /** The provider bills no tokens for it. */
  readonly isFree?: boolean;
  /** Absent: the route never streams. */
  readonly stream?: StreamAdapter;
  /** Absent: every request goes to the provider. */
  readonly cache?: CacheRule;
}

/** Every provider route that is guarded. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    provider: "openai",
    method: "POST",
    path: "/v1/chat/completions",
    request: OPENAI_CHAT_REQUEST,
    answer: OPENAI_CHAT_ANSWER,
    stream: CHAT_STREAM,
    cache: CHAT_CACHE,
  },
  {
    provider: "openai",
    method: "POST",
    path: "/v1/completions",
    request: OPENAI_COMPLETION_REQUEST,
    answer: OPENAI_COMPLETION_ANSWER,
    stream: COMPLETION_STREAM,
    cache: COMPLETION_CACHE,
  },
  {
    provider: "openai",
    method: "POST",
    path: "/v1/responses",
    request: OPENAI_RESPONSES_REQUEST,
    answer: OPENAI_RESPONSES_ANSWER,
    stream: RESPONSES_STREAM,
    cache: RESPONSES_CACHE,
  },
  {
    provider: "openai",
    method: "POST",
    path: "/v1/embeddings",
    request: OPENAI_EMBEDDING_REQUEST,
    answer: NUMERIC_ANSWER,
    cache: EMBEDDING_CACHE,
  },
  {
    provider: "openai",
    method: "POST",
    path: "/v1/moderations",
    request: OPENAI_MODERATION_REQUEST,
    answer: NUMERIC_ANSWER,
    isFree: true,
  },
  { provider: "openai", method: "GET", path: "/v1/models", answer: NUMERIC_ANSWER },
  { provider: "openai", method: "GET", path: "/v1/models/*", answer: NUMERIC_ANSWER },
  {
    provider: "anthropic",
    method: "POST",
    path: "/v1/messages",
    request: ANTHROPIC_MESSAGES_REQUEST,
    answer: ANTHROPIC_MESSAGES_ANSWER,
    stream: MESSAGES_STREAM,
    cache: MESSAGES_CACHE,
  },
  {
    provider: "anthropic",
    method: "POST",
    path: "/v1/messages/count_tokens",
    request: ANTHROPIC_COUNT_TOKENS_REQUEST,
    answer: NUMERIC_ANSWER,
    isFree: true,
  },
  { provider: "anthropic", method: "GET", path: "/v1/models", answer: NUMERIC_ANSWER },
  { provider: "anthropic", method: "GET", path: "/v1/models/*", answer: NUMERIC_ANSWER },
];
