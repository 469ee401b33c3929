/** One request on the wire and what came back, before it becomes a scenario's response. */
import type { RequestError, RequestOptions } from "../../model/http-types.ts";
import type { Origin } from "./origin.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { ResponseHead } from "./response-head.ts";

/** Longest body kept as a string, bytes. */
const TEXT_BODY_BYTES = 16 * 1024;

/** Time-outs with all defaults filled in, ms; 0 = none. */
export interface PhaseTimeouts {
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

/** Takes an event stream while it arrives. */
export interface StreamConsumer {
  /** Called with the head before any body byte. */
  head(head: ResponseHead): void;
  /**
   * Called for every piece of body; the buffer is only valid during the call. Adds to the exchange's `bodyBytes`.
   * @returns false to hang up
   */
  body(exchange: Exchange, buffer: Buffer, start: number, end: number, atMs: number): boolean;
}

/** State of one request; times are monotonic ms, 0 before they are known. */
export class Exchange {
  readonly method: string;
  readonly origin: Origin;
  /** Path with query. */
  readonly target: string;
  /** Request head and body, ready for one write. */
  readonly wire: string | Buffer;
  readonly timeouts: PhaseTimeouts;
  readonly maxBodyBytes: number;
  readonly consumer: StreamConsumer | null;
  readonly onDone: (exchange: Exchange) => void;
  /** When the request was handed to the transport. */
  readonly startMs: number;
  sentMs = 0;
  firstByteMs = 0;
  endMs = 0;
  connectMs = 0;
  head: ResponseHead | null = null;
  error: RequestError | null = null;
  bodyBytes = 0;
  /** True once it was sent again after a kept connection turned out closed. */
  wasRetried = false;
  /** A short body that came in one piece, each byte a character: a string costs half of what a buffer does. */
  #text: string | null = null;
  #body: Buffer | null = null;
  #chunks: Buffer[] | null = null;

  constructor(
    method: string,
    origin: Origin,
    target: string,
    wire: string | Buffer,
    timeouts: PhaseTimeouts,
    maxBodyBytes: number,
    startMs: number,
    consumer: StreamConsumer | null,
    onDone: (exchange: Exchange) => void,
  ) {
    this.method = method;
    this.origin = origin;
    this.target = target;
    this.wire = wire;
    this.timeouts = timeouts;
    this.maxBodyBytes = maxBodyBytes;
    this.startMs = startMs;
    this.consumer = consumer;
    this.onDone = onDone;
  }

  /** RFC 9110, section 9.2.2: these may be sent again when a kept connection was closed under them. */
  get isIdempotent(): boolean {
    return this.method !== "POST" && this.method !== "PATCH" && this.method !== "CONNECT";
  }

  /** Makes room for the body that the head announces. @throws ProtocolError when it is above the bound */
  useHead(head: ResponseHead): void {
    this.head = head;
    if (head.contentLength > this.maxBodyBytes) throw this.#tooLarge();
    if (this.consumer !== null) this.consumer.head(head);
  }

  /** Keeps a piece of the body. @throws ProtocolError when it goes above the bound */
  keepBody(buffer: Buffer, start: number, end: number): void {
    if (this.bodyBytes + end - start > this.maxBodyBytes) throw this.#tooLarge();
    const length = this.head === null ? -1 : this.head.contentLength;
    if (length === end - start && length <= TEXT_BODY_BYTES)
      this.#text = buffer.toString("latin1", start, end);
    else if (length > 0) {
      this.#body ??= Buffer.allocUnsafe(length);
      buffer.copy(this.#body, this.bodyBytes, start, end);
    } else {
      this.#chunks ??= [];
      this.#chunks.push(Buffer.from(buffer.subarray(start, end)));
    }
    this.bodyBytes += end - start;
  }

  /** The body as far as it came. */
  takeBody(): Buffer {
    if (this.#text !== null) return Buffer.from(this.#text, "latin1");
    if (this.#body !== null)
      return this.bodyBytes === this.#body.length ? this.#body : this.#body.subarray(0, this.bodyBytes);
    const chunks = this.#chunks;
    if (chunks === null) return EMPTY;
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** Forgets what came back, before the request is sent again. */
  restart(): void {
    this.wasRetried = true;
    this.sentMs = 0;
    this.firstByteMs = 0;
    this.head = null;
  }

  #tooLarge(): ProtocolError {
    return new ProtocolError(`body above ${this.maxBodyBytes} bytes`);
  }
}

const EMPTY = Buffer.alloc(0);

/** Sends exchanges and counts what came of them: the part of a client that other transports build on. */
export interface ExchangeSender<Response> {
  exchange(
    method: string,
    path: string,
    options: RequestOptions,
    startMs: number,
    consumer: StreamConsumer | null,
    onDone: (exchange: Exchange) => void,
  ): void;
  count(response: Response, exchange: Exchange, dueMs: number, method?: string): void;
}
