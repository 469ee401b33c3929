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
  /** Fault of all requests that follow: none, hang (never answers), reset, cut (mid-stream), garbage (no JSON). */
  readonly fault: "none" | "hang" | "reset" | "cut" | "garbage";
  /** Requests kept in the record, oldest dropped first. */
  readonly recordLimit: number;
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
  readonly status: number;
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
