import type { Dispatcher } from "undici";
import { RampartError } from "#shared";
import type { Exchange, UpstreamCall } from "../exchange.ts";
import type { Endpoint } from "../providers/endpoints.ts";
import { ANSWER_HEADERS, KEY_HEADERS, REQUEST_HEADERS } from "./headers.data.ts";
import type { Upstream } from "./upstream.ts";
import { toUpstreamError } from "./upstream-error.ts";

/**
 * One request to a provider: the handler of the HTTP client, and the way back of every byte. Written against the client's raw
 * handler methods (`onConnect`, `onHeaders`, …): the newer ones build a header object and a controller per request.
 */
export class ProviderCall implements UpstreamCall, Dispatcher.DispatchHandler {
  private readonly exchange: Exchange;
  private abortRequest: ((error?: Error) => void) | null = null;
  private resume: (() => void) | null = null;
  private isAborted = false;
  private isPaused = false;
  private sentMs = 0;
  private readonly chunks: Buffer[] = [];
  private receivedBytes = 0;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Sends the exchange's body to the provider. Errors come back through the pipeline. */
  send(upstream: Upstream, endpoint: Endpoint): void {
    const { exchange } = this;
    this.sentMs = exchange.context.clock();
    const path = endpoint.path.endsWith("*")
      ? endpoint.path.slice(0, -1) + exchange.pathSuffix
      : endpoint.path;
    upstream.pool.dispatch(
      {
        path: `${upstream.basePath}${path}${exchange.query === "" ? "" : `?${exchange.query}`}`,
        method: endpoint.method,
        headers: this.headers(upstream),
        body: exchange.upstreamBody,
      },
      this,
    );
  }

  abort(): void {
    if (this.isAborted) return;
    this.isAborted = true;
    this.abortRequest?.(GONE);
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.isAborted) abort(GONE);
    else this.abortRequest = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    // Interim answers (100, 103) come before the real one.
    if (status < 200) return true;
    this.resume = resume;
    const { exchange } = this;
    const headers: string[] = [];
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!.toString("latin1").toLowerCase();
      if (name === "content-encoding") this.refuseEncoding(rawHeaders[i + 1]!.toString("latin1"));
      if (!ANSWER_HEADERS.has(name)) continue;
      const value = rawHeaders[i + 1]!.toString("latin1");
      if (name === "content-type" && status < 300)
        exchange.isEventStream = exchange.wantsStream && isEventStream(value);
      headers.push(name, value);
    }
    if (status >= 300 && status < 400)
      throw new RampartError(
        "RMP_UPSTREAM_PROTOCOL",
        "the provider answered with a redirect, which is not followed",
      );
    exchange.upstreamMs = exchange.context.clock() - this.sentMs;
    exchange.answer = { status, headers, body: "" };
    if (exchange.isEventStream) exchange.context.pipeline.advance(exchange);
    return true;
  }

  onData(chunk: Buffer): boolean {
    const { exchange } = this;
    if (exchange.isOver) return true;
    if (!exchange.isEventStream) {
      this.receivedBytes += chunk.length;
      if (this.receivedBytes > exchange.context.config.bounds.answerBytes)
        throw new RampartError("RMP_UPSTREAM_TOO_LARGE", "the provider's answer is too large");
      this.chunks.push(chunk);
      return true;
    }
    const startedMs = exchange.context.clock();
    const bytes = exchange.pipe === null ? chunk : exchange.pipe.push(chunk);
    exchange.guardMs += exchange.context.clock() - startedMs;
    if (bytes.length === 0) return true;
    exchange.answerBytes += bytes.length;
    if (exchange.response.write(bytes)) return true;
    if (!this.isPaused) {
      this.isPaused = true;
      exchange.pausedAtMs = exchange.context.clock();
      exchange.response.once("drain", () => this.onDrain());
    }
    return false;
  }

  onComplete(): void {
    const { exchange } = this;
    if (exchange.isOver || exchange.answer === null) return;
    exchange.upstreamMs = exchange.context.clock() - this.sentMs;
    if (exchange.isEventStream) {
      const rest = exchange.pipe?.end(false);
      if (rest !== undefined && rest.length > 0) exchange.response.write(rest);
    } else exchange.answer.body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    exchange.context.pipeline.advance(exchange);
  }

  onError(error: Error): void {
    const { exchange } = this;
    this.abortRequest = null;
    if (exchange.isOver || exchange.failure !== null) return;
    exchange.upstreamMs = exchange.context.clock() - this.sentMs;
    exchange.context.pipeline.fail(exchange, toUpstreamError(error));
  }

  private onDrain(): void {
    this.isPaused = false;
    this.exchange.pausedAtMs = 0;
    this.resume?.();
  }

  private headers(upstream: Upstream): string[] {
    const { rawHeaders } = this.exchange.request;
    const headers = upstream.fixedHeaders.slice();
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!.toLowerCase();
      if (!REQUEST_HEADERS.has(name) || upstream.overridden.has(name)) continue;
      if (KEY_HEADERS.has(name) && !(this.exchange.passesProviderKey && upstream.keyHeaders.has(name)))
        continue;
      headers.push(name, rawHeaders[i + 1]!);
    }
    return headers;
  }

  /** @throws RMP_UPSTREAM_PROTOCOL: bytes that cannot be read cannot be restored */
  private refuseEncoding(encoding: string): void {
    if (encoding !== "identity")
      throw new RampartError(
        "RMP_UPSTREAM_PROTOCOL",
        "the provider compressed its answer although asked not to",
      );
  }
}

/** Reason of an abort that the client caused. */
const GONE = new RampartError("RMP_CLIENT_GONE", "the client closed the connection");

function isEventStream(contentType: string): boolean {
  return contentType.toLowerCase().startsWith("text/event-stream");
}
