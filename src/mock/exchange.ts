import type { IncomingMessage, ServerResponse } from "node:http";
import { type EpochClock, type MonotonicClock, toRampartError } from "#shared";
import { CHARS_PER_TOKEN } from "./answer-text.ts";
import { type Draw, drawAnswer } from "./draw.ts";
import { MOCK_EPOCH_SEC } from "./models.ts";
import { isRetryLater, providerErrorBody } from "./provider-error.ts";
import { type RateState, rateHeaders } from "./rate-window.ts";
import type { RecordBook } from "./record-book.ts";
import { isObject, type Reply, type ReplyContext, refuse, type StreamEvent } from "./reply.ts";
import { findTarget, rawHeader } from "./router.ts";
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
 * 5 reply or fail as drawn. The entry in the record is finished when the connection lets go of it.
 */
export function serveExchange(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  host: ExchangeHost,
): void {
  const { rawHeaders } = request;
  const method = request.method ?? "";
  const entry = host.book.open(host.steadyEpochMs(), method, request.url ?? "", rawHeaders);
  const turn = host.takeTurn();
  const target = findTarget(method, path, rawHeaders);
  const { provider } = target;
  let settings = host.settings();
  let timer: NodeJS.Timeout | undefined;
  let cancelStream: (() => void) | undefined;
  let isBroken = false;
  let extraHeaders: readonly string[] = [];

  readBody();
  response.on("close", () => {
    clearTimeout(timer);
    cancelStream?.();
    if (response.writableFinished || isBroken || host.isClosing()) return;
    entry.aborted = true;
    if (entry.finishedAtMs === 0) host.book.finish(entry, host.steadyEpochMs());
  });

  function readBody(): void {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let bodyBytes = 0;
    request.on("data", (part: Buffer) => {
      bodyBytes += part.length;
      if (bodyBytes > settings.bodyLimitBytes) return;
      if (first === undefined) first = part;
      else (more ??= [first]).push(part);
    });
    request.on("end", () => {
      if (bodyBytes > settings.bodyLimitBytes) {
        sendRefusal({ kind: "refused", status: 413, message: "the request body is too large", param: null });
        return;
      }
      const body = more === undefined ? first : Buffer.concat(more, bodyBytes);
      if (body !== undefined) host.book.setBody(entry, body);
      answer(body?.toString() ?? "");
    });
  }

  function answer(text: string): void {
    const problem = applyOverride();
    if (problem !== undefined) {
      sendRefusal(problem);
      return;
    }
    if (settings.rateLimitPerMin > 0) {
      const state = host.takeRate(settings.rateLimitPerMin);
      extraHeaders = rateHeaders(provider, state, host.steadyEpochMs());
      if (state.isOver) {
        sendError(429, "the rate limit of this minute is reached", Math.ceil(state.resetMs / MS_PER_SEC));
        return;
      }
    }
    const draw = drawAnswer(settings, turn);
    entry.delayMs = draw.delayMs;
    if (draw.fault !== "none") entry.fault = draw.fault;
    if (draw.fault === "hang") return;
    if (draw.fault === "reset") {
      isBroken = true;
      host.book.finish(entry, host.steadyEpochMs());
      request.socket.resetAndDestroy();
      return;
    }
    if (draw.delayMs === 0) send(text, draw);
    else timer = setTimeout(send, Math.ceil(draw.delayMs), text, draw);
  }

  function applyOverride(): Reply | undefined {
    const override = rawHeader(rawHeaders, OVERRIDE_HEADER);
    if (override === undefined) return undefined;
    try {
      settings = changeSettings(settings, JSON.parse(override), "request");
      return undefined;
    } catch (error) {
      const known = toRampartError(error);
      return refuse(`${OVERRIDE_HEADER}: ${known.code === "RMP_INTERNAL" ? "no valid JSON" : known.message}`);
    }
  }

  function send(text: string, draw: Draw): void {
    if (draw.isError) {
      sendError(settings.errorStatus, "the mock was told to fail this request", settings.retryAfterSec);
      return;
    }
    const reply = target.kind === "reply" ? target.reply : replyTo(text);
    if (reply.kind === "refused") sendRefusal(reply);
    else if (reply.kind === "json") sendJson(reply.body, draw);
    else sendStream(reply.events, draw);
  }

  function replyTo(text: string): Reply {
    if (target.kind === "reply") return target.reply;
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return refuse("the request body is no valid JSON");
    }
    if (!isObject(body)) return refuse("the request body must be a JSON object");
    const context: ReplyContext = {
      settings,
      idSuffix: host.idSuffix(settings.seed, turn),
      createdSec: MOCK_EPOCH_SEC + turn,
    };
    return target.route(body, context);
  }

  function sendJson(body: string, draw: Draw): void {
    if (draw.fault === "cut" || draw.fault === "stall") {
      writeHead(200, "application/json", Buffer.byteLength(body));
      finish();
      const half = Buffer.from(body).subarray(0, Buffer.byteLength(body) >> 1);
      if (draw.fault === "stall") response.write(half);
      else breakAfter(half);
      return;
    }
    sendBody(200, draw.fault === "garbage" ? GARBAGE : body);
  }

  function sendStream(events: Iterator<StreamEvent>, draw: Draw): void {
    if (draw.fault === "garbage") {
      writeHead(200, "text/event-stream; charset=utf-8");
      noteChunk();
      finish();
      response.write("data: ");
      response.write(GARBAGE);
      response.end("\n\n");
      return;
    }
    const stop = draw.fault === "cut" || draw.fault === "stall" ? draw.fault : undefined;
    writeHead(200, "text/event-stream; charset=utf-8");
    cancelStream = writeStream(
      response,
      {
        events,
        msPerChar: settings.tokensPerSec === 0 ? 0 : MS_PER_SEC / (settings.tokensPerSec * CHARS_PER_TOKEN),
        chunking: settings.chunking,
        chunkBytes: settings.chunkBytes,
        random: draw.random,
        stop,
        stopAfterEvents: draw.faultAfterEvents,
        onWrite: noteChunk,
        onEnd: () => {
          isBroken = stop === "cut";
          finish();
        },
      },
      host.monotonic,
    );
  }

  function sendError(status: number, message: string, retryAfterSec: number): void {
    if (isRetryLater(status)) extraHeaders = [...extraHeaders, "retry-after", String(retryAfterSec)];
    sendRefusal({ kind: "refused", status, message, param: null });
  }

  function sendRefusal(reply: Reply): void {
    if (reply.kind !== "refused") return;
    const requestId = `req_${host.idSuffix(settings.seed, turn)}`;
    sendBody(reply.status, providerErrorBody(provider, reply.status, reply.message, reply.param, requestId));
  }

  function sendBody(status: number, body: string | Buffer): void {
    const bodyBytes = Buffer.byteLength(body);
    writeHead(status, "application/json", bodyBytes);
    finish();
    // What is ASCII throughout goes out as latin1: the same bytes, without the encoder.
    if (typeof body === "string" && bodyBytes === body.length) response.end(body, "latin1");
    else response.end(body);
  }

  function writeHead(status: number, contentType: string, contentBytes?: number): void {
    entry.status = status;
    const headers = [
      "content-type",
      contentType,
      provider === "openai" ? "x-request-id" : "request-id",
      `req_${host.idSuffix(settings.seed, turn)}`,
      ...extraHeaders,
    ];
    if (contentBytes === undefined) headers.push("cache-control", "no-cache");
    else headers.push("content-length", String(contentBytes));
    response.writeHead(status, headers);
  }

  function breakAfter(bytes: Buffer): void {
    isBroken = true;
    response.write(bytes, () => response.socket?.destroy());
  }

  function noteChunk(): void {
    entry.chunkWrittenAtMs ??= [];
    entry.chunkWrittenAtMs.push(host.steadyEpochMs());
  }

  function finish(): void {
    host.book.finish(entry, host.steadyEpochMs());
  }
}
