import type { IncomingMessage, ServerResponse } from "node:http";
import { RampartError, toRampartError } from "#shared";
import type { MockRecordReader } from "./record-book.ts";
import type { MockSettings } from "./settings.ts";

/** Path prefix of the control routes. */
export const CONTROL_PREFIX = "/__mock/";

const MAX_BODY_BYTES = 64 * 1024;
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** What the control routes act on. */
export interface Controlled {
  readonly record: MockRecordReader;
  settings(): MockSettings;
  /** @throws RMP_CONFIG_INVALID naming the field */
  configure(change: unknown): void;
}

/** Whether the other end of the connection is this machine's loopback. */
export function isLoopbackPeer(request: IncomingMessage): boolean {
  return LOOPBACK.test(request.socket.remoteAddress ?? "");
}

/**
 * Serves `GET|DELETE /__mock/requests` (`?after=SEQ&limit=N`) and `GET|POST /__mock/config`.
 * Errors: `{"error":{code,message,field}}` with RMP_CONFIG_INVALID (400), RMP_REQ_* (400, 413, 422), RMP_ROUTE_* (404, 405).
 */
export function serveControl(request: IncomingMessage, response: ServerResponse, target: Controlled): void {
  const url = request.url ?? "";
  const queryStart = url.indexOf("?");
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  const query = new URLSearchParams(queryStart < 0 ? "" : url.slice(queryStart + 1));
  const answer = (make: () => unknown): void => {
    try {
      send(response, 200, make());
    } catch (error) {
      sendError(response, error);
    }
  };

  switch (`${request.method} ${path.slice(CONTROL_PREFIX.length)}`) {
    case "GET requests":
      answer(() =>
        target.record.page({
          after: readCount(query, "after", 0),
          limit: readCount(query, "limit", 1000),
        }),
      );
      return;
    case "DELETE requests":
      answer(() => {
        target.record.clear();
        return target.record.page({ limit: 0 });
      });
      return;
    case "GET config":
      answer(() => target.settings());
      return;
    case "POST config":
      readBody(request, response, (text) =>
        answer(() => {
          target.configure(parseJson(text));
          return target.settings();
        }),
      );
      return;
    default:
      sendError(response, new RampartError("RMP_ROUTE_NOT_FOUND", "no such control route or method"));
  }
}

function readBody(request: IncomingMessage, response: ServerResponse, done: (text: string) => void): void {
  const parts: Buffer[] = [];
  let bodyBytes = 0;
  request.on("data", (part: Buffer) => {
    bodyBytes += part.length;
    if (bodyBytes <= MAX_BODY_BYTES) parts.push(part);
  });
  request.on("end", () => {
    if (bodyBytes <= MAX_BODY_BYTES) done(Buffer.concat(parts).toString());
    else sendError(response, new RampartError("RMP_REQ_BODY_TOO_LARGE", "the configuration is too large"));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RampartError("RMP_REQ_MALFORMED_JSON", "the configuration is no valid JSON", { cause });
  }
}

function readCount(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,15}$/.test(text))
    throw new RampartError("RMP_REQ_INVALID", `${name}: must be a whole number of at least 0`, {
      field: name,
    });
  return Number(text);
}

function sendError(response: ServerResponse, thrown: unknown): void {
  const error = toRampartError(thrown);
  // A wrong setting is the sender's error here, not the server's own configuration.
  const status = error.code === "RMP_CONFIG_INVALID" ? 400 : error.status;
  send(response, status, { error: { code: error.code, message: error.message, field: error.field } });
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
