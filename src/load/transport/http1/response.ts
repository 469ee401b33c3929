/** The answer that a scenario sees, made of a finished exchange. */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { CatchableResponse, RequestError } from "../../model/http-types.ts";
import type { Exchange } from "./exchange.ts";
import { parseHeaders } from "./response-head.ts";

/** First error status; below it an answer is a success unless the request says otherwise. */
const FIRST_ERROR_STATUS = 400;
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** An answer; everything that costs is worked out when it is asked for. */
export class Http1Response implements CatchableResponse {
  readonly method: string;
  readonly name: string;
  readonly status: number;
  readonly bodyBytes: number;
  error: RequestError | null;
  readonly #exchange: Exchange;
  readonly #dueMs: number;
  #body: Buffer | null = null;
  #headers: Record<string, string> | null = null;

  constructor(
    exchange: Exchange,
    method: string,
    name: string,
    dueMs: number,
    okStatuses: readonly number[] | undefined,
  ) {
    const { head } = exchange;
    this.#exchange = exchange;
    this.method = method;
    this.name = name;
    this.#dueMs = dueMs;
    this.status = head === null ? 0 : head.status;
    this.error = exchange.error;
    if (head !== null && head.contentEncoding !== "" && this.error === null)
      this.#unpack(exchange, head.contentEncoding);
    this.bodyBytes =
      exchange.consumer === null && this.#body !== null ? this.#body.length : exchange.bodyBytes;
    const isOk =
      okStatuses === undefined ? this.status < FIRST_ERROR_STATUS : okStatuses.includes(this.status);
    if (this.error === null && !isOk) this.error = { family: "http", message: `HTTP ${this.status}` };
  }

  get fromDueMs(): number {
    return this.#exchange.endMs - this.#dueMs;
  }

  get fromSentMs(): number {
    return this.#exchange.endMs - sentOrStartMs(this.#exchange);
  }

  get connectMs(): number {
    return this.#exchange.connectMs;
  }

  get firstByteMs(): number {
    const { firstByteMs } = this.#exchange;
    return firstByteMs === 0 ? 0 : firstByteMs - sentOrStartMs(this.#exchange);
  }

  get ok(): boolean {
    return this.error === null;
  }

  get headers(): Readonly<Record<string, string>> {
    const { head } = this.#exchange;
    if (head === null) return NO_HEADERS;
    this.#headers ??= parseHeaders(head.text);
    return this.#headers;
  }

  text(): string {
    return this.#bytes().toString("utf8");
  }

  json<T = unknown>(): T | undefined {
    try {
      // The caller states the shape it expects; nothing here can check it.
      return JSON.parse(this.text()) as T;
    } catch {
      return undefined;
    }
  }

  bytes(): Uint8Array {
    return this.#bytes();
  }

  success(): void {
    this.error = null;
  }

  failure(message: string): void {
    this.error = { family: "assertion", message };
  }

  #bytes(): Buffer {
    this.#body ??= this.#exchange.takeBody();
    return this.#body;
  }

  #unpack(exchange: Exchange, encoding: string): void {
    const packed = exchange.takeBody();
    if (packed.length === 0) return;
    this.#body = unpack(packed, encoding, exchange.maxBodyBytes);
    if (this.#body === null)
      this.error = { family: "protocol", message: "body does not match its content-encoding" };
  }
}

/** When a request was sent, or when it was tried to when it never was; monotonic ms. */
export function sentOrStartMs(exchange: Exchange): number {
  return exchange.sentMs === 0 ? exchange.startMs : exchange.sentMs;
}

function unpack(body: Buffer, encoding: string, maxOutputLength: number): Buffer | null {
  try {
    if (encoding === "gzip" || encoding === "x-gzip") return gunzipSync(body, { maxOutputLength });
    if (encoding === "deflate") return inflateSync(body, { maxOutputLength });
    if (encoding === "br") return brotliDecompressSync(body, { maxOutputLength });
    return encoding === "identity" ? body : null;
  } catch {
    return null;
  }
}
