/** Failures of a transport, sorted into families with messages that hold nothing of the request. */
import type { ErrorFamily } from "#contract";
import type { RequestError } from "../model/http-types.ts";

/** What a connection was doing when it failed. */
export type Phase = "connect" | "tls" | "request";

const DNS_CODES = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME"]);
/** Codes that mean that this machine ran out of something, not that the target failed. */
export const GENERATOR_LIMIT_CODES: ReadonlySet<string> = new Set([
  "EMFILE",
  "ENFILE",
  "EADDRNOTAVAIL",
  "ENOBUFS",
]);

/** Sorts a socket's error by its code and the phase it happened in. */
export function classifyError(error: unknown, phase: Phase): RequestError {
  const code = errorCode(error);
  if (DNS_CODES.has(code)) return { family: "dns", message: `name not resolved (${code})` };
  if (phase === "tls" || isTlsCode(code)) return { family: "tls", message: `TLS handshake failed (${code})` };
  if (phase === "connect") {
    const family: ErrorFamily = code === "ETIMEDOUT" ? "timeout" : "connect";
    return { family, message: `connect failed (${code})` };
  }
  if (code === "ETIMEDOUT") return { family: "timeout", message: "connection timed out (ETIMEDOUT)" };
  return { family: "reset", message: `connection lost (${code})` };
}

/** The failure of a phase that took longer than its time-out. */
export function timeoutError(what: string, limitMs: number): RequestError {
  return { family: "timeout", message: `${what} took longer than ${limitMs} ms` };
}

function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  // Node reports a failed race over several addresses as an AggregateError whose parts carry the codes.
  if ("errors" in error && Array.isArray(error.errors) && error.errors.length > 0)
    return errorCode(error.errors[0]);
  return "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

function isTlsCode(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/.test(
    code,
  );
}
