import type { IncomingHttpHeaders } from "node:http";
import type { RampartError } from "#shared";

/** How an answer of a provider begins. */
export interface AnswerHead {
  readonly status: number;
  /** Headers that may go to a client: `[name, value, name, value, …]`, names in lower case. */
  readonly headers: string[];
  /** A stream of events was asked for and comes. */
  readonly isEventStream: boolean;
  /** Configured name of the host that answered; null when none was asked. */
  readonly host: string | null;
  /** The answer is of another model than the request names: the one configured for the host. */
  readonly isOtherModel: boolean;
  /** Requests that were sent to get it. */
  readonly attempts: number;
}

/**
 * Who takes an answer of a provider: a head, bytes, an end; or a failure, which may come at any point before the end and is
 * the last thing that comes. What the methods throw cancels the call and comes back as its failure.
 */
export interface AnswerConsumer {
  onHead(head: AnswerHead): void;
  /** @returns false to have no more bytes until {@link UpstreamCall.resume} */
  onBytes(chunk: Buffer): boolean;
  onEnd(): void;
  onFailure(error: RampartError): void;
}

/** A request to a provider that is under way, whatever it takes in tries and hosts. */
export interface UpstreamCall {
  /** Cancels it: nothing more comes. Harmless when it is over. */
  abort(): void;
  /** Has bytes come again after {@link AnswerConsumer.onBytes} asked for a pause. */
  resume(): void;
}

/** What is asked of a provider. */
export interface UpstreamRequest {
  readonly method: "GET" | "POST";
  /** Path and query below the base URL of a host. */
  readonly path: string;
  /** The client's headers; only those of the allow-list are sent on, and of one that came twice what Node makes of it. */
  readonly headers: IncomingHttpHeaders;
  /** Whether the key that the client sent is the provider's. */
  readonly passesProviderKey: boolean;
  readonly wantsStream: boolean;
  /** W3C trace context of the call; null when it is not traced. */
  readonly traceparent?: string | null;
  readonly body: Buffer | string | null;
}
