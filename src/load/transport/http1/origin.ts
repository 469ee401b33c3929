/** Where a request goes: scheme, host and port, or a Unix-domain socket. */
import { RampartError } from "#shared";

/** One origin; `key` tells origins apart. */
export interface Origin {
  readonly key: string;
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
  /** Path of a Unix-domain socket; then host and port are not used to connect. */
  readonly socketPath: string | null;
  /** Value of the `host` header. */
  readonly authority: string;
  /** Path that comes before every request path, without a final slash. */
  readonly basePath: string;
}

/**
 * Parses a base URL: `http://`, `https://`, or `unix:/path/to/socket` (plain HTTP over a Unix-domain socket).
 * @throws RMP_LOAD_SCENARIO_INVALID
 */
export function parseOrigin(text: string): Origin {
  if (text.startsWith("unix:"))
    return {
      key: text,
      isTls: false,
      host: "localhost",
      port: 0,
      socketPath: text.slice("unix:".length),
      authority: "localhost",
      basePath: "",
    };
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw invalidHost(text, cause);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw invalidHost(text);
  const isTls = url.protocol === "https:";
  return {
    key: url.origin,
    isTls,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    socketPath: null,
    authority: url.host,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}

/** Splits a whole URL into origin and path with query. @throws RMP_LOAD_SCENARIO_INVALID */
export function splitUrl(text: string): { origin: Origin; path: string } {
  const origin = parseOrigin(text);
  const url = new URL(text);
  return { origin: { ...origin, basePath: "" }, path: url.pathname + url.search };
}

function invalidHost(text: string, cause?: unknown): RampartError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `host: "${shown}" is no http:// or https:// URL`, {
    field: "host",
    cause,
  });
}
