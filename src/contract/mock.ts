/** Shapes of the mock LLM's control routes (`/__mock/config`, `/__mock/requests`). */

/** How the mock behaves; every field may be changed while it runs through `POST /__mock/config`. */
export interface MockConfig {
  /** Seed of every random choice. */
  readonly seed: number;
  /** Time to first token (streaming) or to the answer (plain), ms; drawn by `latencyDistribution`. */
  readonly ttftMs: number;
  /** Tokens per second when streaming; 0 = as fast as the socket takes them. */
  readonly tokensPerSec: number;
  /** Spread of `ttftMs`: none, uniform (0.5x-1.5x), exponential (mean), lognormal (median, sigma 0.5). */
  readonly latencyDistribution: "constant" | "uniform" | "exponential" | "lognormal";
  /** Share of requests answered with `errorStatus`, 0-1. */
  readonly errorRate: number;
  readonly errorStatus: number;
  /**
   * How the event stream is cut into socket writes: `event` (one write an event), `bytes` (writes of `chunkBytes`, so
   * that placeholders and UTF-8 characters are split), `random` (1 to `chunkBytes` bytes a write).
   */
  readonly chunking: "event" | "bytes" | "random";
  readonly chunkBytes: number;
  /** Characters of answer text per event; 0 = one word per event. */
  readonly charsPerEvent: number;
  /**
   * Fault of the requests that follow: none, hang (never answers), reset, cut (connection ends inside the answer), stall
   * (answer begins and never ends), garbage (no JSON).
   */
  readonly fault: "none" | "hang" | "reset" | "cut" | "stall" | "garbage";
  /** Share of requests that `fault` hits, 0-1; default 1. */
  readonly faultRate?: number;
  /** Events written before `cut` or `stall` in a stream; default 0 = drawn between 1 and 8. */
  readonly faultAfterEvents?: number;
  /** Error bursts: of every `errorBurstEvery` requests the last `errorBurstLength` get `errorStatus`; default 0 = none. */
  readonly errorBurstEvery?: number;
  readonly errorBurstLength?: number;
  /** Seconds in `retry-after` of a 429, 503 or 529; default 1. */
  readonly retryAfterSec?: number;
  /**
   * Requests a minute (fixed windows of 60 s) told in the providers' rate-limit headers and answered with 429 beyond;
   * default 0 = no limit and no such headers.
   */
  readonly rateLimitPerMin?: number;
  /**
   * Tool calls: `auto` when the request forces one by `tool_choice`, `always` when it brings tools and its last turn is
   * no tool result, `never`. Default `auto`.
   */
  readonly toolCall?: "auto" | "always" | "never";
  /** Largest request body, bytes; beyond it 413. Default 32 MiB. */
  readonly bodyLimitBytes?: number;
  /** Requests kept in the record, oldest dropped first. */
  readonly recordLimit: number;
  /** Bytes kept in the record (bodies plus 512 a request), oldest dropped first; default 64 MiB. */
  readonly recordBytes?: number;
  /** Answer text: `echo` quotes the user's last text back; `fixed` says a constant sentence. */
  readonly answer: "echo" | "fixed";
}

/** One request the mock received. */
export interface MockRecord {
  /** Running number from 1. */
  readonly seq: number;
  readonly receivedAtMs: number;
  readonly method: string;
  readonly path: string;
  /** Header names in lower case; the values of credentials are replaced by `***`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body as received, UTF-8. */
  readonly body: string;
  /** Status sent; 0 while not answered yet, or when the answer never began (hang, reset, client gone). */
  readonly status: number;
  /** The client closed the connection before the answer was complete. */
  readonly aborted?: boolean;
  /** The fault that hit this request. */
  readonly fault?: Exclude<MockConfig["fault"], "none">;
  /** Time to first token or answer that was drawn for this request, ms. */
  readonly delayMs?: number;
  /** Epoch ms (with fraction) at which the answer was handed over completely; absent while it is under way. */
  readonly finishedAtMs?: number;
  /** Epoch ms (with fraction) at which each chunk of a stream was written; empty for plain answers. */
  readonly chunkWrittenAtMs: readonly number[];
}

/** Answer of `GET /__mock/requests?after=SEQ&limit=N`. */
export interface MockRecordPage {
  /** Requests received since start or the last `DELETE /__mock/requests`. */
  readonly total: number;
  /** Of these, dropped from the bounded record. */
  readonly dropped: number;
  readonly records: readonly MockRecord[];
}
