/** One streamed request: reads the event stream to its end, measures its tokens, and counts it. */
import type { MonotonicClock } from "#shared";
import type { GoodputBounds, SseEvent, StreamOptions, StreamResponse } from "../../model/http-types.ts";
import type { Recorder } from "../../stats/recorder.ts";
import type { Exchange, ExchangeSender, StreamConsumer } from "../http1/exchange.ts";
import { Http1Response, sentOrStartMs } from "../http1/response.ts";
import type { ResponseHead } from "../http1/response-head.ts";
import { EventDecoder } from "./event-decoder.ts";
import { LlmStream } from "./llm-stream.ts";

/** Method under which streams are counted. */
const STREAM_METHOD = "SSE";
/** A stream is bundled when its chunks are fewer than this share of its tokens. */
const BUNDLED_BELOW_RATIO = 0.9;

/** What a stream needs of its virtual user. */
export interface StreamEnvironment {
  readonly nowMs: MonotonicClock;
  readonly recorder: Recorder | null;
}

/** Sends the request and resolves when the stream ended, was cut, or was hung up. */
export function streamRequest(
  sender: ExchangeSender<Http1Response>,
  environment: StreamEnvironment,
  path: string,
  options: StreamOptions,
  name: string,
  dueMs: number,
  startMs: number,
): Promise<StreamResponse> {
  const reader = new StreamReader(options);
  const headers = { accept: "text/event-stream", ...options.headers };
  return new Promise((resolve) => {
    sender.exchange("POST", path, { ...options, headers }, startMs, reader, (exchange) => {
      const response = new Http1StreamResponse(exchange, name, dueMs, options.okStatuses, reader);
      const settle = () => {
        sender.count(response, exchange, dueMs);
        if (environment.recorder !== null)
          recordStream(environment.recorder, response, exchange, dueMs, reader, options.goodput);
        resolve(response);
      };
      const caught = options.catchResponse?.(response);
      if (caught === undefined) settle();
      else void caught.then(settle, settle);
    });
  });
}

/** Consumes the body of one stream. */
class StreamReader implements StreamConsumer {
  readonly stream = new LlmStream();
  /** Monotonic ms at which chunks with tokens came. */
  readonly tokenTimesMs: number[] = [];
  firstReasoningMs = 0;
  firstContentMs = 0;
  events = 0;
  isEventStream = false;
  isTooLong = false;
  wasHungUp = false;
  readonly #decoder = new EventDecoder();
  readonly #options: StreamOptions;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  head(head: ResponseHead): void {
    this.isEventStream =
      /\r\ncontent-type:[\t ]*text\/event-stream/i.test(head.text) && head.contentEncoding === "";
  }

  body(exchange: Exchange, buffer: Buffer, start: number, end: number, atMs: number): boolean {
    if (!this.isEventStream) {
      exchange.keepBody(buffer, start, end);
      return true;
    }
    exchange.bodyBytes += end - start;
    const isFine = this.#decoder.feed(buffer.subarray(start, end), (decoded) => {
      this.events += 1;
      const gain = this.stream.take(decoded.data);
      if (gain.content !== "" || gain.reasoning !== "" || gain.toolArguments !== "") {
        this.tokenTimesMs.push(atMs);
        if (gain.reasoning !== "" && this.firstReasoningMs === 0) this.firstReasoningMs = atMs;
        if (gain.content !== "" && this.firstContentMs === 0) this.firstContentMs = atMs;
      }
      const event: SseEvent = { ...decoded, atMs: atMs - exchange.sentMs };
      if (!this.wasHungUp && this.#options.onEvent?.(event) === false) this.wasHungUp = true;
    });
    this.isTooLong = !isFine;
    return isFine && !this.wasHungUp;
  }
}

/** The answer of a streamed request. */
class Http1StreamResponse extends Http1Response implements StreamResponse {
  readonly content: string;
  readonly reasoning: string;
  readonly toolArguments: readonly string[];
  readonly finishReason: string;
  readonly ttftMs: number | null;
  readonly ttftReasoningMs: number | null;
  readonly ttftContentMs: number | null;
  readonly itlMs: readonly number[];
  readonly chunks: number;
  readonly outputTokens: number | null;
  readonly events: number;
  readonly truncated: boolean;

  constructor(
    exchange: Exchange,
    name: string,
    dueMs: number,
    okStatuses: readonly number[] | undefined,
    reader: StreamReader,
  ) {
    super(exchange, STREAM_METHOD, name, dueMs, okStatuses);
    const { stream, tokenTimesMs } = reader;
    const sentMs = sentOrStartMs(exchange);
    const since = (atMs: number | undefined) => (atMs === undefined || atMs === 0 ? null : atMs - sentMs);
    this.content = stream.content;
    this.reasoning = stream.reasoning;
    this.toolArguments = stream.toolArguments;
    this.finishReason = stream.finishReason;
    this.ttftMs = since(tokenTimesMs[0]);
    this.ttftReasoningMs = since(reader.firstReasoningMs);
    this.ttftContentMs = since(reader.firstContentMs);
    this.itlMs = tokenTimesMs.slice(1).map((atMs, index) => atMs - tokenTimesMs[index]!);
    this.chunks = tokenTimesMs.length;
    this.outputTokens = stream.outputTokens;
    this.events = reader.events;
    this.truncated = !reader.wasHungUp && stream.isTruncated;
    if (this.error !== null && this.error.family !== "reset") return;
    if (reader.isTooLong) this.error = { family: "protocol", message: "event above the size bound" };
    else if (stream.errorKind !== "")
      this.error = { family: "http", message: `error event (${stream.errorKind})` };
    else if (this.error === null && !reader.isEventStream)
      this.error = { family: "protocol", message: "answer is no plain event stream" };
    else if (this.truncated) this.error = { family: "reset", message: "stream ended without its end mark" };
  }

  override text(): string {
    return this.events > 0 ? this.content : super.text();
  }
}

/** Records the stream's own metrics; times in ms, TTFT both from sent and from due. */
function recordStream(
  recorder: Recorder,
  response: StreamResponse,
  exchange: Exchange,
  dueMs: number,
  reader: StreamReader,
  goodput: GoodputBounds | undefined,
): void {
  const atMs = exchange.endMs;
  const trend = (name: string, value: number | null, unit = "ms") => {
    if (value !== null) recorder.metric("trend", name, value, unit, atMs);
  };
  recorder.metric("rate", "llm_truncated", response.truncated ? 1 : 0, "", atMs);
  recorder.metric("rate", "llm_error_event", reader.stream.errorKind === "" ? 0 : 1, "", atMs);
  if (goodput !== undefined) {
    const lateMs = sentOrStartMs(exchange) - dueMs;
    const isGood = response.ok && keepsBounds(response, lateMs, goodput);
    recorder.metric("rate", "llm_goodput", isGood ? 1 : 0, "", atMs);
  }
  if (response.ttftMs === null) return;
  const first = reader.tokenTimesMs[0]!;
  trend("llm_ttft", response.ttftMs);
  trend("llm_ttft_from_due", first - dueMs);
  trend("llm_ttft_reasoning", response.ttftReasoningMs);
  trend("llm_ttft_content", response.ttftContentMs);
  for (const gap of response.itlMs) trend("llm_itl", gap);
  recorder.metric("counter", "llm_chunks", response.chunks, "", atMs);
  const { outputTokens } = response;
  if (outputTokens === null || outputTokens <= 0) return;
  recorder.metric("counter", "llm_output_tokens", outputTokens, "tokens", atMs);
  const ratio = response.chunks / outputTokens;
  trend("llm_chunk_token_ratio", ratio, "chunks/token");
  recorder.metric("rate", "llm_bundled", ratio < BUNDLED_BELOW_RATIO ? 1 : 0, "", atMs);
  const generationMs = reader.tokenTimesMs.at(-1)! - first;
  if (outputTokens > 1 && generationMs > 0)
    trend("llm_tokens_per_sec", ((outputTokens - 1) * 1000) / generationMs, "tokens/s");
}

/** @param lateMs how long after it was due the stream was sent */
function keepsBounds(response: StreamResponse, lateMs: number, bounds: GoodputBounds): boolean {
  const { ttftMs, itlMs, fromDueMs } = response;
  const meanItlMs = itlMs.length === 0 ? 0 : itlMs.reduce((sum, gap) => sum + gap, 0) / itlMs.length;
  return (
    (bounds.ttftMs === undefined || (ttftMs !== null && ttftMs + lateMs <= bounds.ttftMs)) &&
    (bounds.itlMs === undefined || meanItlMs <= bounds.itlMs) &&
    (bounds.totalMs === undefined || fromDueMs <= bounds.totalMs)
  );
}
