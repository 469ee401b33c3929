import { type ErrorCode, RampartError } from "#shared";

/**
 * What an error of the HTTP client means. Sources: undici's error codes (docs/api/Errors.md), errno of libuv, error names of
 * llhttp (`HPE_*`).
 */
export function toUpstreamError(error: unknown): RampartError {
  if (error instanceof RampartError) return error;
  if (error instanceof Error && error.name === "HTTPParserError") {
    // The parser's error carries the bytes it met: only its words go on.
    const cause = new Error(error.message);
    return error.message.includes("overflow")
      ? new RampartError("RMP_UPSTREAM_TOO_LARGE", "the provider's answer is too large", { cause })
      : new RampartError("RMP_UPSTREAM_PROTOCOL", "the provider's answer could not be read", { cause });
  }
  const raw = errorCode(error);
  const code = toCode(raw);
  return new RampartError(code, MESSAGES[code] ?? "the provider's answer could not be read", {
    cause: error,
  });
}

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  RMP_UPSTREAM_TIMEOUT: "the provider did not answer in time",
  RMP_UPSTREAM_UNREACHABLE: "the provider cannot be reached",
  RMP_UPSTREAM_RESET: "the provider closed the connection",
  RMP_UPSTREAM_TOO_LARGE: "the provider's answer is too large",
  RMP_UPSTREAM_PROTOCOL: "the provider's answer could not be read",
};

function toCode(raw: string): ErrorCode {
  switch (raw) {
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return "RMP_UPSTREAM_TIMEOUT";
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return "RMP_UPSTREAM_UNREACHABLE";
    case "UND_ERR_SOCKET":
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_CLOSED":
    case "UND_ERR_DESTROYED":
      return "RMP_UPSTREAM_RESET";
    case "UND_ERR_HEADERS_OVERFLOW":
    case "UND_ERR_RES_EXCEEDED_MAX_SIZE":
      return "RMP_UPSTREAM_TOO_LARGE";
    default:
      return raw.startsWith("HPE_") ||
        raw.startsWith("UND_ERR_") ||
        raw.startsWith("ERR_TLS") ||
        raw.startsWith("CERT_")
        ? "RMP_UPSTREAM_PROTOCOL"
        : "RMP_UPSTREAM_RESET";
  }
}

/** The code of an error or of the first cause that has one; several connection attempts make one aggregate. */
function errorCode(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && typeof current === "object" && current !== null; depth += 1) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === "string") return code;
    current = Array.isArray(errors) ? errors[0] : cause;
  }
  return "";
}
