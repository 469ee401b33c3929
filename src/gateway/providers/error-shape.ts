import type { RampartError } from "#shared";
import type { ProviderName } from "./endpoints.ts";

/** In whose shape an error is written: a provider's on proxy routes, Rampart's own elsewhere. */
export type ErrorShape = ProviderName | "rampart";

/**
 * The body of an error answer. Never holds content of the request: message, field and hint are the catalogue's and the
 * gateway's own words. Shapes: OpenAI and Anthropic API references, "Errors".
 */
export function errorBody(error: RampartError, shape: ErrorShape, requestId: string): string {
  const message = `${error.message} (${error.hint})`;
  if (shape === "openai")
    return JSON.stringify({
      error: {
        message,
        type: openaiErrorType(error.status),
        param: error.field ?? null,
        code: error.code,
        request_id: requestId,
      },
    });
  if (shape === "anthropic")
    return JSON.stringify({
      type: "error",
      error: { type: anthropicErrorType(error.status), message, code: error.code },
      request_id: requestId,
    });
  return JSON.stringify({
    error: {
      code: error.code,
      message: error.message,
      ...(error.field === undefined ? {} : { field: error.field }),
      hint: error.hint,
      request_id: requestId,
    },
  });
}

/** An error as the last event of a stream that has begun, framed. */
export function errorEvent(error: RampartError, shape: ErrorShape, requestId: string): string {
  const name = shape === "anthropic" ? "event: error\n" : "";
  return `${name}data: ${errorBody(error, shape, requestId)}\n\n`;
}

function openaiErrorType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

function anthropicErrorType(status: number): string {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
      return "overloaded_error";
    case 504:
      return "timeout_error";
    default:
      return status >= 500 ? "api_error" : "invalid_request_error";
  }
}
