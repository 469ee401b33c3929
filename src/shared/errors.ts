/** The error catalogue: every code that Rampart can answer, with its HTTP status, exit code and a hint what to do. */

/** One entry of the catalogue. */
export interface ErrorEntry {
  /** HTTP status that the gateway answers with when the error reaches a client. */
  readonly status: number;
  /** Exit code of a command that ends with this error (table in ARCHITECTURE.md). */
  readonly exitCode: number;
  /** What the reader can do about it. */
  readonly hint: string;
}

/** Exit codes of every command (Locust and k6 agree on 1 and 99). */
export const EXIT = {
  done: 0,
  errors: 1,
  usage: 2,
  portInUse: 3,
  unreachable: 4,
  invalid: 98,
  failed: 99,
  interrupted: 130,
} as const;

/** The catalogue, grouped by area; codes are never renamed once released. */
export const ERRORS = {
  RMP_CONFIG_INVALID: { status: 500, exitCode: 2, hint: "correct the named key in the configuration file" },
  RMP_CONFIG_RESTART_NEEDED: {
    status: 409,
    exitCode: 2,
    hint: "undo the change of the named key, or stop the gateway and start it anew",
  },
  RMP_CONFIG_BUSY: {
    status: 409,
    exitCode: 1,
    hint: "wait until the change under way is done and try again",
  },
  RMP_CONFIG_NO_FILE: {
    status: 409,
    exitCode: 2,
    hint: "start the gateway with --config FILE to be able to reload it",
  },
  RMP_CONFIG_NOT_FOUND: { status: 500, exitCode: 2, hint: "check the path of the file" },
  RMP_CLI_USAGE: { status: 400, exitCode: 2, hint: "see --help" },
  RMP_NET_PORT_IN_USE: { status: 500, exitCode: 3, hint: "stop the other process or choose another port" },
  RMP_NET_BIND_REFUSED: {
    status: 500,
    exitCode: 2,
    hint: "configure customer keys before binding beyond loopback",
  },
  RMP_NET_UNREACHABLE: {
    status: 502,
    exitCode: 4,
    hint: "check that the server is running and the address is right",
  },
  RMP_REQ_BODY_TOO_LARGE: {
    status: 413,
    exitCode: 1,
    hint: "send a smaller body or raise the bound in the configuration",
  },
  RMP_REQ_HEADERS_TOO_LARGE: { status: 431, exitCode: 1, hint: "send fewer or shorter headers" },
  RMP_REQ_MALFORMED_JSON: { status: 400, exitCode: 1, hint: "send valid JSON in UTF-8" },
  RMP_REQ_TOO_DEEP: { status: 400, exitCode: 1, hint: "send JSON with less nesting" },
  RMP_REQ_INVALID: { status: 422, exitCode: 1, hint: "correct the named field" },
  RMP_REQ_TIMEOUT: { status: 408, exitCode: 1, hint: "send the whole request within the time-out" },
  RMP_REQ_UNSUPPORTED_ENCODING: {
    status: 415,
    exitCode: 1,
    hint: "send the body uncompressed, or with gzip, deflate or br",
  },
  RMP_REQ_BAD: { status: 400, exitCode: 1, hint: "send a well-formed HTTP/1.1 request" },
  RMP_ROUTE_NOT_FOUND: { status: 404, exitCode: 1, hint: "see the list of routes in the README" },
  RMP_ROUTE_METHOD: { status: 405, exitCode: 1, hint: "use a method listed in the Allow header" },
  RMP_AUTH_MISSING: {
    status: 401,
    exitCode: 1,
    hint: "send a customer key in X-API-Key, Authorization: Bearer, or on proxy routes X-Rampart-Key",
  },
  RMP_AUTH_INVALID: { status: 401, exitCode: 1, hint: "check the customer key" },
  RMP_AUTH_FORBIDDEN: { status: 403, exitCode: 1, hint: "use a key whose role may use this route" },
  RMP_AUTH_ORIGIN_REFUSED: {
    status: 403,
    exitCode: 1,
    hint: "connect from the gateway's own origin, or without an Origin header",
  },
  RMP_CLIENT_GONE: {
    status: 499,
    exitCode: 1,
    hint: "the client closed the connection before the answer was complete",
  },
  RMP_UPSTREAM_TIMEOUT: { status: 504, exitCode: 1, hint: "the provider did not answer in time; try again" },
  RMP_UPSTREAM_RESET: { status: 502, exitCode: 1, hint: "the provider closed the connection; try again" },
  RMP_UPSTREAM_UNREACHABLE: {
    status: 502,
    exitCode: 1,
    hint: "the provider cannot be reached; check its base URL",
  },
  RMP_UPSTREAM_PROTOCOL: { status: 502, exitCode: 1, hint: "the provider's answer could not be read" },
  RMP_UPSTREAM_TOO_LARGE: {
    status: 502,
    exitCode: 1,
    hint: "the provider's answer exceeds the configured bound",
  },
  RMP_UPSTREAM_UNAVAILABLE: {
    status: 503,
    exitCode: 1,
    hint: "the provider has been failing; wait for the seconds in Retry-After and try again",
  },
  RMP_UPSTREAM_BUSY: {
    status: 503,
    exitCode: 1,
    hint: "wait for the seconds in Retry-After and try again, or raise upstream.connections",
  },
  RMP_GUARD_FAILED: { status: 500, exitCode: 1, hint: "a guard failed and its fail mode is closed" },
  RMP_GUARD_BLOCKED: { status: 400, exitCode: 1, hint: "the policy refuses this content" },
  RMP_AUDIT_UNAVAILABLE: {
    status: 503,
    exitCode: 1,
    hint: "the audit log cannot be written and its fail mode is closed; see /health and /metrics, make room on the disk",
  },
  RMP_AUDIT_NOT_FOUND: { status: 404, exitCode: 2, hint: "name the folder of the log with --dir" },
  RMP_STORE_UNAVAILABLE: {
    status: 503,
    exitCode: 4,
    hint: "check that the store is running and its address is right; see /health",
  },
  RMP_STORE_TIMEOUT: { status: 503, exitCode: 4, hint: "the store is too slow; see /health and /metrics" },
  RMP_STORE_REFUSED: {
    status: 503,
    exitCode: 4,
    hint: "see the store's own log: memory, rights, read-only replica",
  },
  RMP_STORE_EXHAUSTED: {
    status: 503,
    exitCode: 4,
    hint: "raise the named bound of the pool, or find out why the store is slow",
  },
  RMP_LIMIT_EXCEEDED: {
    status: 429,
    exitCode: 1,
    hint: "wait for the seconds in Retry-After, or ask for a higher limit; see /ratelimit/status",
  },
  RMP_LIMIT_UNAVAILABLE: {
    status: 503,
    exitCode: 1,
    hint: "try again; limits are kept in Redis, which does not answer, and limits.redisFailMode is closed",
  },
  RMP_OVERLOADED: { status: 503, exitCode: 1, hint: "wait for the seconds in Retry-After and try again" },
  RMP_INTERNAL: { status: 500, exitCode: 1, hint: "this is a defect; report it with the request id" },
  RMP_LOAD_SCENARIO_INVALID: {
    status: 400,
    exitCode: 2,
    hint: "correct the scenario file at the place named",
  },
  RMP_LOAD_SCENARIO_NOT_FOUND: {
    status: 404,
    exitCode: 2,
    hint: "name a shipped scenario or give a file with -f",
  },
  RMP_LOAD_TOKEN_REFUSED: {
    status: 401,
    exitCode: 2,
    hint: "give master and workers the same --token (or RAMPART_LOAD_TOKEN)",
  },
  RMP_LOAD_WORKERS_MISSING: {
    status: 503,
    exitCode: 4,
    hint: "start the workers, or ask for fewer with --expect-workers",
  },
  RMP_LAB_RESULT_INVALID: { status: 400, exitCode: 2, hint: "give a results file written by rampart load" },
  RMP_LAB_FAULT: {
    status: 500,
    exitCode: 4,
    hint: "check the service that the message names, and the drill file",
  },
  RMP_LAB_BUSY: { status: 409, exitCode: 1, hint: "wait for the run under way or stop it" },
  RMP_LAB_LOGIN_REQUIRED: { status: 401, exitCode: 1, hint: "log in at /login of this page" },
  RMP_LAB_ORIGIN_REFUSED: {
    status: 403,
    exitCode: 1,
    hint: "open the console under the address it was started with",
  },
  RMP_LAB_TARGETS_INVALID: { status: 400, exitCode: 2, hint: "correct the named row of the targets file" },
  RMP_DETECT_POLICY_INVALID: { status: 400, exitCode: 2, hint: "correct the named key of the policy" },
  RMP_DETECT_VAULT_INVALID: {
    status: 400,
    exitCode: 2,
    hint: "give the key, tenant and session that the vault was sealed with",
  },
  RMP_DETECT_KEY_MISSING: {
    status: 500,
    exitCode: 2,
    hint: "hand in a tenant key of at least 16 bytes, or choose another operator",
  },
  RMP_DETECT_MODEL_INVALID: { status: 500, exitCode: 2, hint: "rebuild the model with npm run train" },
  RMP_DETECT_PATTERN_INVALID: {
    status: 400,
    exitCode: 2,
    hint: "use RE2 syntax: no look-around, no back-references",
  },
  RMP_DETECT_IMAGE_INVALID: {
    status: 400,
    exitCode: 1,
    hint: "send a PNG, JPEG, WebP or GIF within the size bounds",
  },
  RMP_BACKEND_UNAVAILABLE: {
    status: 503,
    exitCode: 4,
    hint: "check that the backend is installed and reachable",
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERRORS;

/** An error with a stable code. Its message never holds request content, personal data or keys. */
export class RampartError extends Error {
  override readonly name = "RampartError";
  readonly code: ErrorCode;
  /** The field, flag or file the error is about, when there is one. */
  readonly field: string | undefined;
  /** When asking again may be of use, s from now; for answers with status 429 and 503. */
  readonly retryAfterSec: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; field?: string; retryAfterSec?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.retryAfterSec = options.retryAfterSec;
  }

  /** HTTP status of this error. */
  get status(): number {
    return ERRORS[this.code].status;
  }

  /** Exit code of this error. */
  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  /** What to do about it. */
  get hint(): string {
    return ERRORS[this.code].hint;
  }
}

/** The error itself if it is a {@link RampartError}, else `RMP_INTERNAL` with the error as its cause. */
export function toRampartError(error: unknown): RampartError {
  return error instanceof RampartError
    ? error
    : new RampartError("RMP_INTERNAL", "an unexpected error occurred", { cause: error });
}
