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
  readonly fromDueMs: number;
  readonly fromSentMs: number;
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly bodyBytes: number;
  error: RequestError | null;
  readonly #headText: string;
  readonly #body: Buffer;
  #headers: Record<string, string> | null = null;

  constructor(
    exchange: Exchange,
    method: string,
    name: string,
    dueMs: number,
    okStatuses: readonly number[] | undefined,
  ) {
    const { head } = exchange;
    const sentMs = sentOrStartMs(exchange);
    this.method = method;
    this.name = name;
    this.status = head === null ? 0 : head.status;
    this.fromDueMs = exchange.endMs - dueMs;
    this.fromSentMs = exchange.endMs - sentMs;
    this.connectMs = exchange.connectMs;
    this.firstByteMs = exchange.firstByteMs === 0 ? 0 : exchange.firstByteMs - sentMs;
    this.error = exchange.error;
    this.#headText = head === null ? "" : head.text;
    let body = exchange.takeBody();
    if (head !== null && head.contentEncoding !== "" && body.length > 0 && this.error === null) {
      const unpacked = unpack(body, head.contentEncoding, exchange.maxBodyBytes);
      if (unpacked === null)
        this.error = { family: "protocol", message: "body does not match its content-encoding" };
      else body = unpacked;
    }
    this.#body = body;
    this.bodyBytes = exchange.consumer === null ? body.length : exchange.bodyBytes;
    const isOk =
      okStatuses === undefined ? this.status < FIRST_ERROR_STATUS : okStatuses.includes(this.status);
    if (this.error === null && !isOk) this.error = { family: "http", message: `HTTP ${this.status}` };
  }

  get ok(): boolean {
    return this.error === null;
  }

  get headers(): Readonly<Record<string, string>> {
    if (this.#headText === "") return NO_HEADERS;
    this.#headers ??= parseHeaders(this.#headText);
    return this.#headers;
  }

  text(): string {
    return this.#body.toString("utf8");
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
    return this.#body;
  }

  success(): void {
    this.error = null;
  }

  failure(message: string): void {
    this.error = { family: "assertion", message };
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
