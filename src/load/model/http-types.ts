/** What a scenario sees of the HTTP client: requests, answers, event streams. */
import type { ErrorFamily } from "#contract";

/** How a request failed; `message` holds no request content. */
export interface RequestError {
  readonly family: ErrorFamily;
  readonly message: string;
}

/** Time-outs of one request by phase, ms; 0 = none. */
export interface TimeoutOptions {
  /** Name look-up and TCP connect. Default 10,000. */
  readonly connectMs?: number;
  /** TLS handshake. Default 10,000. */
  readonly tlsMs?: number;
  /** From sent to the first byte of the answer. Default 60,000. */
  readonly firstByteMs?: number;
  /** Longest silence within an answer. Default 60,000. */
  readonly idleMs?: number;
  /** Whole request from sent to the last byte. Default 0 (none). */
  readonly totalMs?: number;
}

/** TLS of the client. */
export interface TlsClientOptions {
  /** PEM text of the certificate authorities to trust instead of the built-in ones. */
  readonly ca?: string;
  /** PEM text of a client certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Server name to ask for and to verify; the URL's host by default. */
  readonly serverName?: string;
  /** False accepts any certificate. Default true. */
  readonly verify?: boolean;
}

/** Options of the HTTP client, for a scenario, a user class, or both (the class wins). */
export interface HttpOptions {
  /** `per-user`: each virtual user owns its connections, as a browser does (default). `shared`: one pool per worker. */
  readonly connections?: "per-user" | "shared";
  /**
   * Speak HTTP/2 (over TLS by ALPN, else with prior knowledge): one connection per user and origin, a stream per request.
   * Costs several times the CPU of HTTP/1.1. Default false.
   */
  readonly http2?: boolean;
  /** Bound of the shared pool per worker and origin; requests beyond it queue. Default: no bound. */
  readonly maxConnections?: number;
  /** Close each connection after so many requests. Default: never. */
  readonly requestsPerConnection?: number;
  readonly timeouts?: TimeoutOptions;
  /** Redirects followed at most per request. Default 0: a redirect is an answer like any other. */
  readonly maxRedirects?: number;
  /** Ask for gzip and unpack it. Default false, as wrk and k6 do. */
  readonly gzip?: boolean;
  /** Keep and send cookies per user. Default true. */
  readonly cookies?: boolean;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: TlsClientOptions;
  /** Answer bodies above this many bytes are a protocol error. Default 64 MiB. */
  readonly maxBodyBytes?: number;
}

/** Options of one request. */
export interface RequestOptions {
  /** Body as JSON; sets `content-type: application/json`. */
  readonly json?: unknown;
  /** Body as text or bytes. */
  readonly body?: string | Uint8Array;
  /** Body as URL-encoded form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Query parameters, appended to the path. */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name under which the request is counted; the path without its query by default. */
  readonly name?: string;
  readonly timeouts?: TimeoutOptions;
  readonly maxRedirects?: number;
  /** Statuses that count as success instead of those below 400. */
  readonly okStatuses?: readonly number[];
  /**
   * Decides the outcome before the request is counted, as Locust's `catch_response`: call `response.success()` or
   * `response.failure(message)`; without either the status decides.
   */
  readonly catchResponse?: (response: CatchableResponse) => void | Promise<void>;
}

/** What a stream has to keep to be of use to a reader; times in ms from when it was due. */
export interface GoodputBounds {
  readonly ttftMs?: number;
  /** Mean gap between chunks with tokens. */
  readonly itlMs?: number;
  /** To the end of the stream. */
  readonly totalMs?: number;
}

/** Options of a streamed request. */
export interface StreamOptions extends RequestOptions {
  /** Event format; `auto` reads it from the first events. Default `auto`. */
  readonly provider?: "openai" | "anthropic" | "auto";
  /** Bounds that make a stream count as goodput (metric `llm_goodput`); a failed stream never does. */
  readonly goodput?: GoodputBounds;
  /** Called for each event as it arrives; return false to hang up (a client abort, not a failure). */
  readonly onEvent?: (event: SseEvent) => boolean | undefined;
}

/** One server-sent event (WHATWG HTML, section 9.2). */
export interface SseEvent {
  /** `event:` field; `message` without one. */
  readonly event: string;
  /** `data:` lines joined by newlines. */
  readonly data: string;
  /** `id:` field, empty without one. */
  readonly id: string;
  /** ms since the request was sent. */
  readonly atMs: number;
}

/** The answer of a request. It is there also when the request failed: then `status` is 0 and `error` says why. */
export interface HttpResponse {
  readonly method: string;
  /** Name under which the request was counted. */
  readonly name: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** True while nothing (status, transport, check) failed. */
  readonly ok: boolean;
  readonly error: RequestError | null;
  /** Header names in lower case; repeated headers joined by `, ` (`set-cookie` by newlines). */
  readonly headers: Readonly<Record<string, string>>;
  /** Latency from when the request was due and from when it was sent, ms. */
  readonly fromDueMs: number;
  readonly fromSentMs: number;
  /** ms spent on getting a connection; 0 when one was open. */
  readonly connectMs: number;
  /** ms from sent to the first byte. */
  readonly firstByteMs: number;
  /** Bytes of the body (unpacked). */
  readonly bodyBytes: number;
  /** The body as UTF-8. */
  text(): string;
  /** The body as JSON; undefined when it is none. */
  json<T = unknown>(): T | undefined;
  /** The body as bytes. */
  bytes(): Uint8Array;
}

/** A response whose outcome the scenario decides. */
export interface CatchableResponse extends HttpResponse {
  /** Count the request as succeeded, whatever its status. */
  success(): void;
  /** Count the request as failed with this message (no personal data), family `assertion`. */
  failure(message: string): void;
}

/** The answer of a streamed request, read to its end. */
export interface StreamResponse extends HttpResponse {
  /** Content text joined; `reasoning` likewise where a provider streams it apart. */
  readonly content: string;
  readonly reasoning: string;
  /** Arguments of tool calls joined per call, in order of first sight. */
  readonly toolArguments: readonly string[];
  /** Reason of the end as the provider names it; empty when the stream was cut. */
  readonly finishReason: string;
  /** ms from sent to the first token of any kind, of reasoning, and of content; null when none came. */
  readonly ttftMs: number | null;
  readonly ttftReasoningMs: number | null;
  readonly ttftContentMs: number | null;
  /** Gaps between chunks that carry tokens, ms. */
  readonly itlMs: readonly number[];
  /** Chunks that carried tokens. */
  readonly chunks: number;
  /** Output tokens as the provider's usage says; null when it said nothing. */
  readonly outputTokens: number | null;
  /** Events seen. */
  readonly events: number;
  /** The stream ended without the provider's end mark. */
  readonly truncated: boolean;
}

/** HTTP client of a virtual user. Never throws for a failed request: the answer says so. */
export interface HttpClient {
  /** Headers of every later request of this user; change them freely (names in lower case). */
  readonly headers: Record<string, string>;
  get(path: string, options?: RequestOptions): Promise<HttpResponse>;
  head(path: string, options?: RequestOptions): Promise<HttpResponse>;
  delete(path: string, options?: RequestOptions): Promise<HttpResponse>;
  options(path: string, options?: RequestOptions): Promise<HttpResponse>;
  post(path: string, options?: RequestOptions): Promise<HttpResponse>;
  put(path: string, options?: RequestOptions): Promise<HttpResponse>;
  patch(path: string, options?: RequestOptions): Promise<HttpResponse>;
  request(method: string, path: string, options?: RequestOptions): Promise<HttpResponse>;
  /** POSTs and reads an event stream to its end; counted under method `SSE`. */
  stream(path: string, options?: StreamOptions): Promise<StreamResponse>;
}
