import { isUtf8 } from "node:buffer";
import { RampartError } from "#shared";
import { decompress, isKnownCoding } from "../body/decompress.ts";
import type { Exchange, GatewayRequest, Outcome } from "../exchange.ts";

/** Most bytes of a refused body that are read and thrown away before the connection is cut. */
const MAX_DISCARDED_BYTES = 256 * 1024 * 1024;

/** Step 3: reads the body within its bounds and parses it. Waits until it is complete; a sweep ends it when it is late. */
export function read(exchange: Exchange): Outcome {
  const { request, context } = exchange;
  if (exchange.route.body === "none") return "next";
  const coding = codingOf(request);
  if (coding !== null && !isKnownCoding(coding))
    throw new RampartError(
      "RMP_REQ_UNSUPPORTED_ENCODING",
      "request bodies may be compressed with gzip, deflate or br, and once",
    );
  const announced = request.headers["content-length"];
  if (announced !== undefined && Number(announced) > context.config.bounds.bodyBytes)
    throw tooLarge(context.config.bounds.bodyBytes);
  exchange.readDeadlineMs = exchange.startedMs + context.config.client.bodyTimeoutMs;
  request.on("data", onData);
  request.on("end", onEnd);
  return "wait";
}

function onData(this: GatewayRequest, chunk: Buffer): void {
  const { exchange } = this;
  if (exchange === null) return;
  exchange.bodyBytes += chunk.length;
  if (exchange.isOver || exchange.failure !== null) {
    if (exchange.bodyBytes > MAX_DISCARDED_BYTES) this.destroy();
    return;
  }
  const bound = exchange.context.config.bounds.bodyBytes;
  if (exchange.bodyBytes > bound) {
    exchange.chunks.length = 0;
    exchange.readDeadlineMs = 0;
    exchange.context.pipeline.fail(exchange, tooLarge(bound));
    return;
  }
  exchange.chunks.push(chunk);
}

function onEnd(this: GatewayRequest): void {
  const { exchange } = this;
  if (exchange === null || exchange.isOver || exchange.failure !== null) return;
  exchange.readDeadlineMs = 0;
  const { chunks } = exchange;
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  chunks.length = 0;
  const coding = codingOf(this);
  if (coding === null) {
    take(exchange, body);
    return;
  }
  decompress(body, coding, exchange.context.config.bounds, (error, output) => {
    if (exchange.isOver) return;
    if (error !== null) exchange.context.pipeline.fail(exchange, error);
    else take(exchange, output);
  });
}

/** Goes on with a complete body. */
function take(exchange: Exchange, body: Buffer): void {
  exchange.body = body;
  try {
    if (exchange.route.body === "json") exchange.json = parseJson(body);
  } catch (error) {
    exchange.context.pipeline.fail(exchange, error);
    return;
  }
  exchange.context.pipeline.advance(exchange);
}

/** How the body is compressed; null when it is not. */
function codingOf(request: GatewayRequest): string | null {
  const coding = request.headers["content-encoding"];
  return coding === undefined || coding === "identity" ? null : coding;
}

/**
 * Parses a body.
 * @throws RMP_REQ_MALFORMED_JSON; the message never quotes the body
 */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new RampartError("RMP_REQ_MALFORMED_JSON", "the body is not valid UTF-8");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // The parser's own message quotes what it met.
    throw new RampartError("RMP_REQ_MALFORMED_JSON", "the body is not valid JSON");
  }
}

function tooLarge(bound: number): RampartError {
  return new RampartError("RMP_REQ_BODY_TOO_LARGE", `the body exceeds ${bound} bytes`);
}
