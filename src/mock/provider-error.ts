import type { Provider } from "./reply.ts";

/** Error types by status (Anthropic API reference, "Errors"). */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

/** Error codes by status (OpenAI API reference, "Error codes"). */
const OPENAI_CODES: Readonly<Record<number, string>> = {
  401: "invalid_api_key",
  404: "not_found",
  413: "request_too_large",
  429: "rate_limit_exceeded",
};

/**
 * The body of an error as the provider words it: `{"error":{message,type,param,code}}` (OpenAI) or
 * `{"type":"error","error":{type,message},"request_id"}` (Anthropic).
 */
export function providerErrorBody(
  provider: Provider,
  status: number,
  message: string,
  param: string | null,
  requestId: string,
): string {
  if (provider === "anthropic")
    return JSON.stringify({
      type: "error",
      error: {
        type: ANTHROPIC_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error"),
        message,
      },
      request_id: requestId,
    });
  return JSON.stringify({
    error: { message, type: openaiType(status), param, code: OPENAI_CODES[status] ?? null },
  });
}

/** Statuses that carry `retry-after`. */
export function isRetryLater(status: number): boolean {
  return status === 429 || status === 503 || status === 529;
}

function openaiType(status: number): string {
  if (status === 429) return "requests";
  return status < 500 ? "invalid_request_error" : "server_error";
}
