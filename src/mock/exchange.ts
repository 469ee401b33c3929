import type { IncomingMessage, ServerResponse } from "node:http";
import { type EpochClock, type MonotonicClock, toRampartError } from "#shared";
import { CHARS_PER_TOKEN } from "./answer-text.ts";
import { type Draw, drawAnswer } from "./draw.ts";
import { MOCK_EPOCH_SEC } from "./models.ts";
import { isRetryLater, providerErrorBody } from "./provider-error.ts";
import { type RateState, rateHeaders } from "./rate-window.ts";
import type { RecordBook, RecordEntry } from "./record-book.ts";
import { isObject, type Reply, refuse, type StreamEvent } from "./reply.ts";
import { findTarget, rawHeader, type Target } from "./router.ts";
import { changeSettings, type MockSettings } from "./settings.ts";
import { writeStream } from "./stream-writer.ts";

/** Request header with a JSON object of settings for this one request. */
export const OVERRIDE_HEADER = "x-mock-config";

const MS_PER_SEC = 1000;
/** No JSON, and its last byte begins a UTF-8 character that never ends. */
const GARBAGE = Buffer.concat([
  Buffer.from('<<<{"id": nothing, "choices": [[['),
  Buffer.from([0x00, 0xff, 0xe2]),
]);

/** What all exchanges of one mock share. */
export interface ExchangeHost {
  readonly book: RecordBook;
  readonly monotonic: MonotonicClock;
  /** Epoch ms with fractions that never steps back. */
  readonly steadyEpochMs: EpochClock;
  readonly takeRate: (limit: number) => RateState;
  settings(): MockSettings;
  /** Number of the next request since the seed was set, from 0. */
  takeTurn(): number;
  /** Part of the ids of a turn's answer. */
  idSuffix(seed: number, turn: number): string;
  /** Whether the mock itself is closing its connections. */
  isClosing(): boolean;
}

/**
 * One request's way through the mock: 1 note its arrival, 2 read the body within its bound, 3 draw its luck, 4 wait,
 * 5 reply or fail as drawn. The entry in the record is closed when the answer has been handed over or the client left.
 * @param path without the query
 */
export function serveExchange(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  host: ExchangeHost,
): void {
  new Exchange(request, response, path, host).readBody();
}

/** A class, not closures: this runs for every request of a load test. */
class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #host: ExchangeHost;
  readonly #entry: RecordEntry;
  readonly #turn: number;
  readonly #target: Target;
  #settings: MockSettings;
  #idSuffix = "";
  #timer: NodeJS.Timeout | undefined;
  #cancelStream: (() => void) | undefined;
  /** The mock itself broke the connection. */
  #isBroken = false;
  #extraHeaders: readonly string[] | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, path: string, host: ExchangeHost) {
    const method = request.method ?? "";
    this.#request = request;
    this.#response = response;
    this.#host = host;
    this.#entry = host.book.open(host.steadyEpochMs(), method, request.url ?? "", request.rawHeaders);
    this.#turn = host.takeTurn();
    this.#target = findTarget(method, path, request.rawHeaders);
    this.#settings = host.settings();
  }

  readBody(): void {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let bodyBytes = 0;
    const { bodyLimitBytes } = this.#settings;
    this.#request.on("data", (part: Buffer) => {
      bodyBytes += part.length;
      if (bodyBytes > bodyLimitBytes) return;
      if (first === undefined) first = part;
      else (more ??= [first]).push(part);
    });
    this.#request.on("end", () => {
      if (bodyBytes > bodyLimitBytes) {
        this.#sendRefusal(413, "the request body is too large", null);
        return;
      }
      const body = more === undefined ? first : Buffer.concat(more, bodyBytes);
      if (body !== undefined) this.#host.book.setBody(this.#entry, body);
      this.#answer(body?.toString() ?? "");
    });
    this.#response.on("close", () => this.#onClose());
  }

  #onClose(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#cancelStream?.();
    if (this.#response.writableFinished || this.#isBroken || this.#host.isClosing()) return;
    this.#entry.aborted = true;
    if (this.#entry.finishedAtMs === 0) this.#finish();
  }

  #answer(text: string): void {
    const override = rawHeader(this.#request.rawHeaders, OVERRIDE_HEADER);
    if (override !== undefined) {
      const problem = this.#applyOverride(override);
      if (problem !== undefined) {
        this.#sendRefusal(400, `${OVERRIDE_HEADER}: ${problem}`, null);
        return;
      }
    }
    const settings = this.#settings;
    if (settings.rateLimitPerMin > 0 && !this.#passesRateLimit()) return;
    const draw = drawAnswer(settings, this.#turn);
    this.#entry.delayMs = draw.delayMs;
    if (draw.fault !== "none") {
      this.#entry.fault = draw.fault;
      if (draw.fault === "hang") return;
      if (draw.fault === "reset") {
        this.#isBroken = true;
        this.#finish();
        this.#request.socket.resetAndDestroy();
        return;
      }
    }
    if (draw.delayMs === 0) this.#send(text, draw);
    else this.#timer = setTimeout(() => this.#send(text, draw), Math.ceil(draw.delayMs));
  }

  #applyOverride(override: string): string | undefined {
    try {
      this.#settings = changeSettings(this.#settings, JSON.parse(override), "request");
      return undefined;
    } catch (error) {
      const known = toRampartError(error);
      return known.code === "RMP_INTERNAL" ? "no valid JSON" : known.message;
    }
  }

  #passesRateLimit(): boolean {
    const state = this.#host.takeRate(this.#settings.rateLimitPerMin);
    this.#extraHeaders = rateHeaders(this.#target.provider, state, this.#host.steadyEpochMs());
    if (!state.isOver) return true;
    const waitSec = Math.ceil(state.resetMs / MS_PER_SEC);
    this.#sendError(429, "the rate limit of this minute is reached", waitSec);
    return false;
  }

  #send(text: string, draw: Draw): void {
    const { errorStatus, retryAfterSec } = this.#settings;
    if (draw.isError) {
      this.#sendError(errorStatus, "the mock was told to fail this request", retryAfterSec);
      return;
    }
    const reply = this.#target.kind === "reply" ? this.#target.reply : this.#replyTo(text, this.#target);
    if (reply.kind === "json") this.#sendJson(reply.body, draw);
    else if (reply.kind === "stream") this.#sendStream(reply.events, draw);
    else this.#sendRefusal(reply.status, reply.message, reply.param);
  }

  #replyTo(text: string, target: Extract<Target, { kind: "route" }>): Reply {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return refuse("the request body is no valid JSON");
    }
    if (!isObject(body)) return refuse("the request body must be a JSON object");
    return target.route(body, {
      settings: this.#settings,
      idSuffix: this.#ids(),
      createdSec: MOCK_EPOCH_SEC + this.#turn,
    });
  }

  #sendJson(body: string, draw: Draw): void {
    if (draw.fault === "cut" || draw.fault === "stall") this.#sendHalf(body, draw.fault);
    else this.#sendBody(200, draw.fault === "garbage" ? GARBAGE : body);
  }

  #sendHalf(body: string, fault: "cut" | "stall"): void {
    const bytes = Buffer.from(body);
    const half = bytes.subarray(0, bytes.length >> 1);
    this.#writeHead(200, "application/json", bytes.length);
    this.#finish();
    this.#isBroken = fault === "cut";
    this.#response.write(half, () => {
      if (fault === "cut") this.#response.socket?.destroy();
    });
  }

  #sendStream(events: Iterator<StreamEvent>, draw: Draw): void {
    this.#writeHead(200, "text/event-stream; charset=utf-8");
    if (draw.fault === "garbage") {
      this.#noteChunk();
      this.#finish();
      this.#response.write("data: ");
      this.#response.write(GARBAGE);
      this.#response.end("\n\n");
      return;
    }
    const stop = draw.fault === "cut" || draw.fault === "stall" ? draw.fault : undefined;
    const { tokensPerSec, chunking, chunkBytes } = this.#settings;
    this.#cancelStream = writeStream(
      this.#response,
      {
        events,
        msPerChar: tokensPerSec === 0 ? 0 : MS_PER_SEC / (tokensPerSec * CHARS_PER_TOKEN),
        chunking,
        chunkBytes,
        random: draw.random,
        stop,
        stopAfterEvents: draw.faultAfterEvents,
        onWrite: () => this.#noteChunk(),
        onEnd: () => {
          this.#isBroken = stop === "cut";
          this.#finish();
        },
      },
      this.#host.monotonic,
    );
  }

  #sendError(status: number, message: string, retryAfterSec: number): void {
    if (isRetryLater(status))
      this.#extraHeaders = [...(this.#extraHeaders ?? []), "retry-after", String(retryAfterSec)];
    this.#sendRefusal(status, message, null);
  }

  #sendRefusal(status: number, message: string, param: string | null): void {
    const { provider } = this.#target;
    this.#sendBody(status, providerErrorBody(provider, status, message, param, `req_${this.#ids()}`));
  }

  #sendBody(status: number, body: string | Buffer): void {
    const bodyBytes = Buffer.byteLength(body);
    this.#writeHead(status, "application/json", bodyBytes);
    this.#finish();
    // What is ASCII throughout goes out as latin1: the same bytes, without the encoder.
    if (typeof body === "string" && bodyBytes === body.length) this.#response.end(body, "latin1");
    else this.#response.end(body);
  }

  /** @param contentBytes undefined = a stream, chunked */
  #writeHead(status: number, contentType: string, contentBytes?: number): void {
    this.#entry.status = status;
    const headers = [
      "content-type",
      contentType,
      this.#target.provider === "openai" ? "x-request-id" : "request-id",
      `req_${this.#ids()}`,
    ];
    if (contentBytes === undefined) headers.push("cache-control", "no-cache", "transfer-encoding", "chunked");
    else headers.push("content-length", String(contentBytes));
    if (this.#extraHeaders !== undefined) headers.push(...this.#extraHeaders);
    this.#response.writeHead(status, headers);
  }

  #ids(): string {
    if (this.#idSuffix === "") this.#idSuffix = this.#host.idSuffix(this.#settings.seed, this.#turn);
    return this.#idSuffix;
  }

  #noteChunk(): void {
    this.#entry.chunkWrittenAtMs ??= [];
    this.#entry.chunkWrittenAtMs.push(this.#host.steadyEpochMs());
  }

  #finish(): void {
    this.#host.book.finish(this.#entry, this.#host.steadyEpochMs());
  }
}
