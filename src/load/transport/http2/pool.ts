/**
 * HTTP/2 over Node's own library: one connection per user (or per worker, when connections are shared) and origin, a
 * stream per request. The same exchanges, clocks and statistics as HTTP/1.1; CPU per request is that of the library.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import net from "node:net";
import type { RequestError, TlsClientOptions } from "../../model/http-types.ts";
import { classifyError, timeoutError } from "../errors.ts";
import type { Exchange } from "../http1/exchange.ts";
import type { Origin } from "../http1/origin.ts";
import type { RequestPool } from "../http1/pool.ts";
import { ProtocolError } from "../http1/protocol-error.ts";
import type { TransportContext } from "../http1/transport-context.ts";
import { headOf, requestOf } from "./request-of.ts";

interface Active {
  readonly exchange: Exchange;
  stream: ClientHttp2Stream | null;
  lastReadMs: number;
}

/** Requests to one origin. */
export class Http2Pool implements RequestPool {
  readonly #context: TransportContext;
  readonly #origin: Origin;
  readonly #tls: TlsClientOptions;
  readonly #active = new Set<Active>();
  #session: ClientHttp2Session | null = null;
  #isConnected = false;
  #connectingSinceMs = 0;

  constructor(context: TransportContext, origin: Origin, tls: TlsClientOptions) {
    this.#context = context;
    this.#origin = origin;
    this.#tls = tls;
  }

  submit(exchange: Exchange): void {
    const active: Active = { exchange, stream: null, lastReadMs: 0 };
    this.#active.add(active);
    const session = this.#session;
    if (session === null || session.closed || session.destroyed) this.#connect();
    else if (this.#isConnected) this.#send(session, active, exchange.startMs);
  }

  abort(message: string): void {
    for (const active of [...this.#active]) this.#fail(active, { family: "timeout", message });
    this.close();
  }

  close(): void {
    this.#active.clear();
    this.#context.connections.delete(this);
    this.#session?.destroy();
    this.#session = null;
  }

  /** Ends what took longer than its time-out. Called every few ms by the transport. */
  checkTimeouts(nowMs: number): void {
    for (const active of [...this.#active]) {
      const { exchange } = active;
      const limits = exchange.timeouts;
      const [what, limitMs, sinceMs] =
        exchange.sentMs === 0
          ? (["connect", limits.connectMs, this.#connectingSinceMs] as const)
          : exchange.firstByteMs === 0
            ? (["the first byte", limits.firstByteMs, exchange.sentMs] as const)
            : (["the next byte", limits.idleMs, active.lastReadMs] as const);
      const isTotalOver =
        exchange.sentMs > 0 && limits.totalMs > 0 && nowMs - exchange.sentMs >= limits.totalMs;
      if (isTotalOver) this.#fail(active, timeoutError("the request", limits.totalMs));
      else if (limitMs > 0 && nowMs - sinceMs >= limitMs) {
        this.#fail(active, timeoutError(what, limitMs));
        if (what === "connect") this.#drop();
      }
    }
  }

  #connect(): void {
    const { isTls, authority, host, port } = this.#origin;
    const tls = this.#tls;
    this.#connectingSinceMs = this.#context.nowMs();
    this.#isConnected = false;
    const session = connect(`${isTls ? "https" : "http"}://${authority}`, {
      host,
      port,
      lookup: this.#context.lookup,
      rejectUnauthorized: tls.verify ?? true,
      servername: tls.serverName ?? (net.isIP(host) === 0 ? host : ""),
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert }),
      ...(tls.key === undefined ? {} : { key: tls.key }),
    });
    this.#session = session;
    this.#context.connections.add(this);
    session.on("connect", () => {
      if (this.#session !== session) return;
      this.#isConnected = true;
      this.#context.connectionOpened();
      const nowMs = this.#context.nowMs();
      for (const active of [...this.#active]) {
        if (active.stream !== null) continue;
        active.exchange.connectMs = nowMs - active.exchange.startMs;
        this.#send(session, active, nowMs);
      }
    });
    session.on("error", (error) => this.#lose(session, error));
    session.on("goaway", () => {
      // Streams under way may end; the next request opens a new connection.
      if (this.#session === session) this.#session = null;
    });
    session.on("close", () => this.#lose(session, null));
  }

  #send(session: ClientHttp2Session, active: Active, nowMs: number): void {
    const { exchange } = active;
    const { headers, body } = requestOf(exchange.wire, this.#origin.isTls, this.#origin.authority);
    exchange.sentMs = nowMs;
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(headers, { endStream: body.length === 0 });
    } catch (error) {
      this.#fail(active, classifyError(error, "request"));
      return;
    }
    active.stream = stream;
    const guard = (read: () => void) => {
      if (!this.#active.has(active)) return;
      active.lastReadMs = this.#context.nowMs();
      if (exchange.firstByteMs === 0) exchange.firstByteMs = active.lastReadMs;
      try {
        read();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.#fail(active, { family: "protocol", message: error.message });
      }
    };
    stream.on("response", (fields) => guard(() => exchange.useHead(headOf(fields))));
    stream.on("data", (chunk: Buffer) => guard(() => this.#onData(active, chunk)));
    stream.on("end", () => this.#finish(active));
    stream.on("error", (error) => this.#fail(active, streamError(error)));
    stream.on("close", () =>
      this.#fail(active, { family: "reset", message: `stream ended with code ${stream.rstCode}` }),
    );
    if (body.length > 0) stream.end(body);
  }

  #onData(active: Active, chunk: Buffer): void {
    const { exchange } = active;
    if (exchange.consumer === null) exchange.keepBody(chunk, 0, chunk.length);
    else if (!exchange.consumer.body(exchange, chunk, 0, chunk.length, active.lastReadMs)) {
      active.stream?.close(constants.NGHTTP2_CANCEL);
      this.#finish(active);
    }
  }

  #finish(active: Active): void {
    const { exchange } = active;
    // A stream that was reset before its head also ends; the error follows.
    if (exchange.head === null || !this.#active.delete(active)) return;
    exchange.endMs = this.#context.nowMs();
    exchange.onDone(exchange);
  }

  #fail(active: Active, error: RequestError): void {
    if (!this.#active.delete(active)) return;
    active.stream?.close(constants.NGHTTP2_CANCEL);
    active.exchange.error = error;
    active.exchange.endMs = this.#context.nowMs();
    active.exchange.onDone(active.exchange);
  }

  /** The connection failed or ended: so did everything on it. */
  #lose(session: ClientHttp2Session, error: Error | null): void {
    const wasCurrent = this.#session === session;
    if (wasCurrent) this.#session = null;
    const phase = this.#isConnected ? "request" : "connect";
    const lost: RequestError =
      error === null
        ? { family: phase === "connect" ? "connect" : "reset", message: "connection closed by the peer" }
        : streamError(error, phase);
    for (const active of [...this.#active])
      if (active.stream === null ? wasCurrent : active.stream.session === session || active.stream.destroyed)
        this.#fail(active, lost);
  }

  #drop(): void {
    const session = this.#session;
    this.#session = null;
    session?.destroy();
  }
}

function streamError(error: Error, phase: "connect" | "request" = "request"): RequestError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code.startsWith("ERR_HTTP2")) return { family: "protocol", message: `HTTP/2 violated (${code})` };
  return classifyError(error, phase);
}
