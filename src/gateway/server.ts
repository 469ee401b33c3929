import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { GatewayConfig } from "#contract";
import { type ErrorCode, RampartError, toRampartError } from "#shared";
import { Exchange, type GatewayContext, GatewayRequest, GatewayResponse, type Route } from "./exchange.ts";
import { LOCAL_STEPS } from "./pipeline.ts";
import { type ErrorShape, errorBody } from "./providers/error-shape.ts";
import { isHarmless } from "./request-id.ts";
import type { Router } from "./router.ts";

/** How often late requests are looked for, ms: time-outs are met within this much. */
const SWEEP_INTERVAL_MS = 250;
/** Node checks header time-outs this often, ms. */
const CHECK_INTERVAL_MS = 1_000;

/** A server whose requests and responses know their exchange. */
export type DataPlane = Server<typeof GatewayRequest, typeof GatewayResponse>;

/**
 * Makes the data-plane server; it is not listening yet.
 * @param contextNow what a request that begins now belongs to: another one after a change of the configuration
 */
export function createDataPlane(
  contextNow: () => GatewayContext,
  router: Router,
  nextId: () => string,
): DataPlane {
  const { connections, config } = contextNow();
  const server = createServer({
    IncomingMessage: GatewayRequest,
    ServerResponse: GatewayResponse,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    requireHostHeader: true,
    insecureHTTPParser: false,
  });
  boundClients(server, config, 0);
  server.maxRequestsPerSocket = 0;
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (request: GatewayRequest, response: GatewayResponse) => {
    begin(contextNow(), router, nextId, request, response);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) =>
    answerBrokenRequest(error, socket, nextId),
  );
  const sweep = setInterval(() => endLateRequests(contextNow()), SWEEP_INTERVAL_MS);
  sweep.unref();
  server.once("close", () => clearInterval(sweep));
  return server;
}

/**
 * Sets what a running server lets its clients do. Connections that are open keep their header bound.
 * @param monitorConnections open monitors: they have a bound of their own and take no request's place
 */
export function boundClients(server: DataPlane, config: GatewayConfig, monitorConnections: number): void {
  const { client, bounds } = config;
  server.headersTimeout = client.headersTimeoutMs;
  // Bodies have their own deadline with an answer in the provider's shape; this one is the net below it.
  server.requestTimeout = client.headersTimeoutMs + client.bodyTimeoutMs + 5_000;
  server.keepAliveTimeout = client.idleTimeoutMs;
  // Node reads this property for each new connection, though only its option is documented.
  Object.assign(server, { maxHeaderSize: bounds.headerBytes });
  server.maxConnections = client.connections + monitorConnections;
}

function begin(
  context: GatewayContext,
  router: Router,
  nextId: () => string,
  request: GatewayRequest,
  response: GatewayResponse,
): void {
  const startedMs = context.clock();
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const given = request.headers["x-request-id"];
  const requestId = typeof given === "string" && isHarmless(given, context.guard) ? given : nextId();
  let route: Route;
  let suffix = "";
  let failure: RampartError | null = null;
  try {
    const match = router.find(request.method ?? "GET", path);
    route = match.route;
    suffix = match.suffix;
  } catch (error) {
    route = noRoute(path);
    failure = toRampartError(error);
  }
  const query = mark === -1 ? "" : url.slice(mark + 1);
  const exchange = new Exchange(context, request, response, route, requestId, startedMs, query, suffix);
  if (context.tracing !== null) exchange.trace = context.tracing.begin(request.headers);
  request.exchange = exchange;
  response.exchange = exchange;
  response.on("close", onResponseClose);
  context.active.add(exchange);
  if (failure !== null) context.pipeline.fail(exchange, failure);
  else context.pipeline.advance(exchange);
}

function onResponseClose(this: GatewayResponse): void {
  const { exchange } = this;
  if (exchange !== null) exchange.context.pipeline.abandon(exchange);
}

/** Stands for every path without a route: one name in metrics, errors in the shape of the path's provider. */
const NO_ROUTES: Readonly<Record<ErrorShape, Route>> = {
  openai: unrouted("openai"),
  anthropic: unrouted("anthropic"),
  rampart: unrouted("rampart"),
};

function unrouted(errors: ErrorShape): Route {
  return {
    method: "*",
    path: "*",
    name: "(none)",
    role: "public",
    errors,
    steps: LOCAL_STEPS,
    body: "none",
    summary: "",
  };
}

function noRoute(path: string): Route {
  if (path.startsWith("/anthropic/") || path.startsWith("/v1/messages")) return NO_ROUTES.anthropic;
  return path.startsWith("/openai/") || path.startsWith("/v1/") ? NO_ROUTES.openai : NO_ROUTES.rampart;
}

/** Ends requests whose body did not arrive in time, and answers that their clients do not read. */
function endLateRequests(context: GatewayContext): void {
  const nowMs = context.clock();
  for (const exchange of context.active) {
    if (exchange.readDeadlineMs > 0 && nowMs >= exchange.readDeadlineMs) {
      exchange.readDeadlineMs = 0;
      context.pipeline.fail(exchange, new RampartError("RMP_REQ_TIMEOUT", "the body did not arrive in time"));
    }
    if (exchange.pausedAtMs > 0 && nowMs - exchange.pausedAtMs > context.config.client.stalledTimeoutMs)
      exchange.response.destroy();
  }
}

/** What an error of the HTTP parser means. Source: Node's documentation of `clientError`; llhttp error names. */
const PARSER_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ["RMP_REQ_HEADERS_TOO_LARGE", "the request headers are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["RMP_REQ_TIMEOUT", "the request did not arrive in time"],
};

/** Answers what is no readable request: there is no route yet, so the shape is Rampart's own. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, nextId: () => string): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, message] =
    PARSER_ERRORS[error.code ?? ""] ?? (["RMP_REQ_BAD", "the request is not valid HTTP/1.1"] as const);
  const requestId = nextId();
  const failure = new RampartError(code, message);
  const body = errorBody(failure, "rampart", requestId);
  socket.end(
    `HTTP/1.1 ${failure.status} Error\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nx-request-id: ${requestId}\r\nconnection: close\r\n\r\n${body}`,
  );
}
