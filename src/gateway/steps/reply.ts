import { RampartError } from "#shared";
import type { Answer, Exchange, Outcome } from "../exchange.ts";
import { addLimitHeaders, limitFailMode } from "../limits/headers.ts";
import { errorBody, errorEvent } from "../providers/error-shape.ts";

/** Largest refused body that is read and thrown away. */
const MAX_DISCARDED_BYTES = 256 * 1024 * 1024;

/** Step 11: writes the answer in one piece, the error in the route's shape, or the end of a stream. */
export function reply(exchange: Exchange): Outcome {
  if (exchange.isOver) return "next";
  const { response, failure } = exchange;
  if (failure !== null) {
    if (exchange.isHeadWritten) endBrokenStream(exchange, failure);
    else writeError(exchange, failure);
  } else if (exchange.isHeadWritten) response.end();
  else if (exchange.answer !== null) {
    const { answer } = exchange;
    writeHead(exchange, answer);
    exchange.answerBytes = answer.body.length;
    response.end(answer.body);
  } else writeError(exchange, new RampartError("RMP_INTERNAL", "no answer was made"));
  return "next";
}

/** Writes status and headers of an answer, with Rampart's own headers. Plain answers get their length. */
export function writeHead(exchange: Exchange, answer: Answer): void {
  const headers = answer.headers;
  if (!exchange.isEventStream)
    headers.push(
      "content-length",
      String(typeof answer.body === "string" ? Buffer.byteLength(answer.body) : answer.body.length),
    );
  addOwnHeaders(exchange, headers);
  exchange.isHeadWritten = true;
  exchange.status = answer.status;
  exchange.response.writeHead(answer.status, headers);
}

function writeError(exchange: Exchange, failure: RampartError): void {
  const body = errorBody(failure, exchange.route.errors, exchange.requestId);
  const headers = [
    "content-type",
    "application/json; charset=utf-8",
    "content-length",
    String(Buffer.byteLength(body)),
  ];
  if (failure.code === "RMP_ROUTE_METHOD" && failure.field !== undefined)
    headers.push("allow", failure.field);
  if (failure.status === 401) headers.push("www-authenticate", "Bearer");
  if (failure.status === 503 || failure.status === 429)
    headers.push("retry-after", String(failure.retryAfterSec ?? 1));
  // A refused upload is read to its end and thrown away, else the reset that follows an early close may eat this
  // answer. One that stalls or would take too long ends with its connection.
  if (!exchange.request.complete && (failure.code === "RMP_REQ_TIMEOUT" || isHuge(exchange)))
    headers.push("connection", "close");
  addOwnHeaders(exchange, headers);
  exchange.isHeadWritten = true;
  exchange.status = failure.status;
  exchange.response.writeHead(failure.status, headers);
  exchange.answerBytes = body.length;
  exchange.response.end(body);
}

function isHuge(exchange: Exchange): boolean {
  return Number(exchange.request.headers["content-length"] ?? 0) > MAX_DISCARDED_BYTES;
}

function endBrokenStream(exchange: Exchange, failure: RampartError): void {
  const { response, pipe } = exchange;
  const held = pipe?.end(true);
  if (held !== undefined && held.length > 0) response.write(held);
  // A scan of the answer has ended the stream as the provider's content filter would: that is all a client is told.
  if (failure.code === "RMP_GUARD_BLOCKED") response.end();
  else response.end(errorEvent(failure, exchange.route.errors, exchange.requestId));
}

function addOwnHeaders(exchange: Exchange, headers: string[]): void {
  const { context } = exchange;
  headers.push("x-request-id", exchange.requestId);
  if (context.isDraining) headers.push("connection", "close");
  if (exchange.permit !== null) addLimitHeaders(headers, exchange.permit);
  if (exchange.route.endpoint === undefined) {
    const limits = limitFailMode(exchange);
    if (limits !== "") headers.push("x-rampart-fail-mode", `closed${limits}`);
    headers.push("server-timing", `total;dur=${milliseconds(context.clock() - exchange.startedMs)}`);
    return;
  }
  headers.push(
    "x-rampart-guards",
    guardsHeader(exchange),
    "x-rampart-cache",
    exchange.cacheState,
    "x-rampart-fail-mode",
    failModeHeader(exchange),
    "server-timing",
    `guard;dur=${milliseconds(exchange.guardMs)}, cache;dur=${milliseconds(exchange.cacheMs)}, upstream;dur=${milliseconds(exchange.upstreamMs)}, total;dur=${milliseconds(context.clock() - exchange.startedMs)}`,
  );
  if (exchange.upstreamHost !== null) headers.push("x-rampart-upstream", upstreamHeader(exchange));
}

/** Which host answered, by its configured name, and after how many attempts when it took more than one. */
function upstreamHeader({ upstreamHost, upstreamAttempts }: Exchange): string {
  return upstreamAttempts > 1 ? `${upstreamHost};attempts=${upstreamAttempts}` : `${upstreamHost}`;
}

/** `closed`; `open;failed=pii`, `degrade;failed=pii` when a guard failed and the request went on without it or with less; who counts the limits while Redis is away. */
function failModeHeader(exchange: Exchange): string {
  const { failedOpen, degraded } = exchange;
  let guards = failedOpen === null ? "closed" : `open;failed=${failedOpen.join("+")}`;
  if (degraded !== null)
    guards = `${failedOpen === null ? "" : `${guards}, `}degrade;failed=${degraded.join("+")}`;
  return guards + limitFailMode(exchange);
}

/** `pii;findings=2, injection;level=safe`, with `;skipped=why` for guards that did not run and what was not read. */
function guardsHeader(exchange: Exchange): string {
  const { leaves, injection, failedOpen, findingCount, context } = exchange;
  if (leaves === null) return exchange.failure === null ? "pii;skipped=no-text" : "none;skipped=refused";
  const isDegraded = exchange.degraded?.includes("pii") === true;
  const pii = failedOpen?.includes("pii")
    ? "pii;skipped=failed"
    : `pii;${isDegraded ? "degraded;" : ""}findings=${findingCount}`;
  const judged =
    injection !== null
      ? `injection;level=${injection.level}`
      : failedOpen?.includes("injection")
        ? "injection;skipped=failed"
        : exchange.guard.policy.injection.action === "off"
          ? "injection;skipped=off"
          : "injection;skipped=no-text";
  let header = `${pii}, ${judged}`;
  if (exchange.output !== null) header += `, ${outputGuard(exchange)}`;
  for (const kind of leaves.unread)
    header += kind === "image" ? `, ${imageGuard(exchange)}` : `, ${kind};skipped=not-inspected`;
  if (leaves.unknown.length > 0)
    header += `, unknown-fields;${context.config.guard.unknownFields}="${leaves.unknown.join(" ")}"`;
  return header;
}

/** Whether pictures were read, and why not. */
function imageGuard({ imagesInspected, failedOpen }: Exchange): string {
  const inspected = imagesInspected === 0 ? "" : `inspected=${imagesInspected}`;
  const skipped = failedOpen?.includes("image")
    ? "skipped=failed"
    : inspected === ""
      ? "skipped=not-inspected"
      : "";
  return ["image", inspected, skipped].filter((part) => part !== "").join(";");
}

/** What the scan of the answer did; of a stream, that it is scanned: its head leaves first. */
function outputGuard({ output, isEventStream }: Exchange): string {
  if (output === null || isEventStream) return "output;scanned";
  if (output.hasFailed) return "output;skipped=failed";
  return output.blocked > 0 ? "output;blocked" : `output;redacted=${output.redacted}`;
}

/** Milliseconds with two digits. */
function milliseconds(value: number): number {
  return Math.round(value * 100) / 100;
}
