import { RampartError, toRampartError } from "#shared";
import type { Exchange } from "../exchange.ts";
import type { AnswerConsumer, AnswerHead } from "./answer-consumer.ts";

/**
 * Takes an answer into its exchange: all of a plain one before the pipeline goes on; of a stream the head first, then every
 * chunk through the exchange's pipe to the client, no faster than the client reads.
 */
export class AnswerReceiver implements AnswerConsumer {
  private readonly exchange: Exchange;
  private readonly sentMs: number;
  private isFromCache = false;
  private readonly chunks: Buffer[] = [];
  private receivedBytes = 0;
  private isPaused = false;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.sentMs = exchange.context.clock();
  }

  onHead(head: AnswerHead): void {
    const { exchange } = this;
    this.isFromCache = head.host === null;
    this.measure();
    exchange.upstreamHost = head.host;
    exchange.upstreamAttempts = head.attempts;
    exchange.isEventStream = head.isEventStream;
    exchange.answer = { status: head.status, headers: head.headers, body: "" };
    if (head.isEventStream) exchange.context.pipeline.advance(exchange);
  }

  onBytes(chunk: Buffer): boolean {
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

  onEnd(): void {
    const { exchange } = this;
    if (exchange.isOver || exchange.answer === null) return;
    this.measure();
    if (exchange.isEventStream) {
      try {
        const rest = exchange.pipe?.end(false);
        if (rest !== undefined && rest.length > 0) exchange.response.write(rest);
      } catch (error) {
        this.onFailure(toRampartError(error));
        return;
      }
    } else exchange.answer.body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    exchange.context.pipeline.advance(exchange);
  }

  onFailure(error: RampartError): void {
    const { exchange } = this;
    if (exchange.isOver || exchange.failure !== null) return;
    this.measure();
    exchange.context.pipeline.fail(exchange, error);
  }

  private measure(): void {
    if (!this.isFromCache) this.exchange.upstreamMs = this.exchange.context.clock() - this.sentMs;
  }

  private onDrain(): void {
    this.isPaused = false;
    this.exchange.pausedAtMs = 0;
    this.exchange.call?.resume();
  }
}
