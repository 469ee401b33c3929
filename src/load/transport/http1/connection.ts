/** One HTTP/1.1 connection: a socket, its parser, and at most one request under way. */
import net from "node:net";
import tls from "node:tls";
import type { RequestError, TlsClientOptions } from "../../model/http-types.ts";
import { classifyError, timeoutError } from "../errors.ts";
import { DirectWriter } from "./direct-write.ts";
import type { Exchange } from "./exchange.ts";
import type { Origin } from "./origin.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { ResponseHead } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";
import type { TransportContext } from "./transport-context.ts";

/** What a connection is doing. */
export type ConnectionState = "connecting" | "handshaking" | "idle" | "busy" | "closed";

/** How a connection tells its pool. */
export interface ConnectionOwner {
  /** The connection is free for the next request. */
  released(connection: Connection): void;
  closed(connection: Connection): void;
  /** A kept connection was found closed before the request could have been read: send it elsewhere. */
  resubmit(exchange: Exchange): void;
}

/** One connection. Create it with the exchange that needs it. */
export class Connection {
  state: ConnectionState = "connecting";
  readonly #context: TransportContext;
  readonly #owner: ConnectionOwner;
  readonly #socket: net.Socket;
  /** null over TLS. */
  readonly #writer: DirectWriter | null;
  readonly #parser: ResponseParser;
  readonly #requestLimit: number;
  #exchange: Exchange | null;
  #served = 0;
  #lastReadMs = 0;
  #phaseMs: number;

  constructor(
    context: TransportContext,
    owner: ConnectionOwner,
    origin: Origin,
    tlsOptions: TlsClientOptions,
    requestLimit: number,
    exchange: Exchange,
  ) {
    this.#context = context;
    this.#parser = new ResponseParser(context.heads);
    this.#owner = owner;
    this.#requestLimit = requestLimit;
    this.#exchange = exchange;
    this.#phaseMs = context.nowMs();
    this.#socket = this.#open(origin, tlsOptions);
    this.#writer = origin.isTls ? null : new DirectWriter(this.#socket);
    context.connections.add(this);
  }

  /** Sends a request over the idle connection. @param nowMs the present moment, monotonic ms */
  send(exchange: Exchange, nowMs: number): void {
    this.#exchange = exchange;
    this.#write(exchange, nowMs);
  }

  /** Ends the request under way with an error, if there is one, and closes the socket. */
  fail(error: RequestError): void {
    const exchange = this.#exchange;
    this.close();
    if (exchange === null) return;
    exchange.error = error;
    this.#finish(exchange);
  }

  /** Closes the socket; a request under way is not told. */
  close(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.#exchange = null;
    this.#context.connections.delete(this);
    this.#socket.destroy();
    this.#owner.closed(this);
  }

  /** Ends what took longer than its time-out. Called every few ms by the transport. */
  checkTimeouts(nowMs: number): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    const limits = exchange.timeouts;
    const isOver = (limitMs: number, sinceMs: number) => limitMs > 0 && nowMs - sinceMs >= limitMs;
    if (this.state === "connecting") {
      if (isOver(limits.connectMs, this.#phaseMs)) this.fail(timeoutError("connect", limits.connectMs));
    } else if (this.state === "handshaking") {
      if (isOver(limits.tlsMs, this.#phaseMs)) this.fail(timeoutError("TLS handshake", limits.tlsMs));
    } else if (isOver(limits.totalMs, exchange.sentMs))
      this.fail(timeoutError("the request", limits.totalMs));
    else if (exchange.firstByteMs === 0) {
      if (isOver(limits.firstByteMs, exchange.sentMs))
        this.fail(timeoutError("the first byte", limits.firstByteMs));
    } else if (isOver(limits.idleMs, this.#lastReadMs))
      this.fail(timeoutError("the next byte", limits.idleMs));
  }

  #open(origin: Origin, tlsOptions: TlsClientOptions): net.Socket {
    const onread = {
      // Every read is handled before the next one, so all connections of a worker share one buffer.
      buffer: this.#context.readBuffer,
      callback: (bytes: number) => {
        this.#onBytes(bytes);
        return true;
      },
    };
    const target =
      origin.socketPath === null ? { host: origin.host, port: origin.port } : { path: origin.socketPath };
    const common = { ...target, lookup: this.#context.lookup, noDelay: true, onread };
    const socket = origin.isTls
      ? tls.connect({
          ...common,
          servername: tlsOptions.serverName ?? (net.isIP(origin.host) === 0 ? origin.host : ""),
          rejectUnauthorized: tlsOptions.verify ?? true,
          ALPNProtocols: ["http/1.1"],
          ...(tlsOptions.ca === undefined ? {} : { ca: tlsOptions.ca }),
          ...(tlsOptions.cert === undefined ? {} : { cert: tlsOptions.cert }),
          ...(tlsOptions.key === undefined ? {} : { key: tlsOptions.key }),
        })
      : net.connect(common);
    if (origin.isTls) {
      socket.once("connect", () => {
        if (this.state !== "connecting") return;
        this.state = "handshaking";
        this.#phaseMs = this.#context.nowMs();
      });
      socket.once("secureConnect", () => this.#onOpen());
    } else socket.once("connect", () => this.#onOpen());
    socket.on("error", (error) => this.#onError(error));
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => this.#onEnd());
    return socket;
  }

  #onOpen(): void {
    const exchange = this.#exchange;
    if (this.state === "closed" || exchange === null) return;
    const nowMs = this.#context.nowMs();
    exchange.connectMs = nowMs - exchange.startMs;
    this.#context.connectionOpened();
    this.#write(exchange, nowMs);
  }

  #write(exchange: Exchange, nowMs: number): void {
    this.state = "busy";
    exchange.sentMs = nowMs;
    this.#parser.begin(
      exchange.method,
      this.#onHead,
      exchange.consumer === null ? this.#onBody : this.#onStream,
      exchange.target,
    );
    const { wire } = exchange;
    if (typeof wire !== "string") this.#socket.write(wire);
    else if (this.#writer === null || !this.#writer.write(wire)) this.#socket.write(wire, "latin1");
  }

  readonly #onHead = (head: ResponseHead): void => {
    this.#exchange?.useHead(head);
  };

  readonly #onBody = (buffer: Buffer, start: number, end: number): void => {
    this.#exchange?.keepBody(buffer, start, end);
  };

  readonly #onStream = (buffer: Buffer, start: number, end: number): void => {
    const exchange = this.#exchange;
    if (exchange === null) return;
    if (exchange.consumer?.body(exchange, buffer, start, end, this.#lastReadMs) !== false) return;
    this.close();
    this.#finish(exchange);
  };

  #onBytes(bytes: number): void {
    const exchange = this.#exchange;
    // Bytes that nobody asked for: the answer to the next request would be read from the wrong place.
    if (exchange === null || this.state !== "busy") {
      this.close();
      return;
    }
    const nowMs = this.#context.nowMs();
    this.#lastReadMs = nowMs;
    if (exchange.firstByteMs === 0) exchange.firstByteMs = nowMs;
    let used: number;
    try {
      used = this.#parser.feed(this.#context.readBuffer, 0, bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.fail({ family: "protocol", message: error.message });
      return;
    }
    if (this.#parser.isDone) this.#complete(exchange, nowMs, used === bytes);
  }

  #complete(exchange: Exchange, nowMs: number, isClean: boolean): void {
    if (this.state === "closed") return;
    exchange.endMs = nowMs;
    this.#exchange = null;
    this.#served += 1;
    // Free the connection first: what runs on the answer may send the next request at once.
    if (isClean && exchange.head?.keepAlive === true && this.#served < this.#requestLimit) {
      this.state = "idle";
      this.#owner.released(this);
    } else this.close();
    exchange.onDone(exchange);
  }

  #finish(exchange: Exchange): void {
    exchange.endMs = this.#context.nowMs();
    exchange.onDone(exchange);
  }

  #onEnd(): void {
    const exchange = this.#exchange;
    if (this.state === "closed") return;
    if (exchange === null) {
      this.close();
      return;
    }
    if (this.state === "busy" && this.#parser.finish()) {
      this.#complete(exchange, this.#context.nowMs(), false);
      return;
    }
    this.#onLost({
      family: this.state === "handshaking" ? "tls" : this.state === "connecting" ? "connect" : "reset",
      message: this.#parser.isUntouched ? "closed without an answer" : "closed within the answer",
    });
  }

  #onError(error: Error): void {
    if (this.state === "closed") return;
    this.#onLost(
      classifyError(
        error,
        this.state === "connecting" ? "connect" : this.state === "handshaking" ? "tls" : "request",
      ),
    );
  }

  #onLost(error: RequestError): void {
    const exchange = this.#exchange;
    const isStale =
      exchange !== null &&
      this.state === "busy" &&
      this.#served > 0 &&
      this.#parser.isUntouched &&
      exchange.isIdempotent &&
      !exchange.wasRetried;
    if (!isStale) {
      this.fail(error);
      return;
    }
    this.close();
    exchange.restart();
    this.#owner.resubmit(exchange);
  }
}
