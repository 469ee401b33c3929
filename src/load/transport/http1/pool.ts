/** Connections to one origin: idle ones are used again, last released first; beyond the bound requests queue. */
import type { TlsClientOptions } from "../../model/http-types.ts";
import { Connection } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import type { Origin } from "./origin.ts";
import type { TransportContext } from "./transport-context.ts";

/** Bounds of a pool. */
export interface PoolOptions {
  readonly maxConnections: number;
  readonly requestsPerConnection: number;
  readonly tls: TlsClientOptions;
}

/** Carries requests of one user or of one worker to one origin, whatever the protocol. */
export interface RequestPool {
  /** Sends a request as soon as it can. */
  submit(exchange: Exchange): void;
  /** Ends every request under way with this message (family timeout) and closes all connections. */
  abort(message: string): void;
  /** Closes all connections; requests under way are forgotten. */
  close(): void;
}

/** Pool of one user or of one worker for one origin. */
export class ConnectionPool implements RequestPool {
  readonly #context: TransportContext;
  readonly #origin: Origin;
  readonly #options: PoolOptions;
  readonly #idle: Connection[] = [];
  readonly #queue: Exchange[] = [];
  readonly #open = new Set<Connection>();

  constructor(context: TransportContext, origin: Origin, options: PoolOptions) {
    this.#context = context;
    this.#origin = origin;
    this.#options = options;
  }

  /** Sends a request over an idle connection, a new one, or as soon as one is free. */
  submit(exchange: Exchange): void {
    const idle = this.#idle.pop();
    // The request was begun in this very turn, so its start is now.
    if (idle !== undefined) idle.send(exchange, exchange.startMs);
    else if (this.#open.size < this.#options.maxConnections) this.#connect(exchange);
    else this.#queue.push(exchange);
  }

  /** Called by a connection that is free again. */
  released(connection: Connection): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(connection);
    else connection.send(next, this.#context.nowMs());
  }

  /** Called by a connection that is gone. */
  closed(connection: Connection): void {
    this.#open.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    const next = this.#queue.shift();
    if (next !== undefined) this.#connect(next);
  }

  /** Called by a kept connection that was closed under a request that may be sent again. */
  resubmit(exchange: Exchange): void {
    const idle = this.#idle.pop();
    if (idle !== undefined) idle.send(exchange, this.#context.nowMs());
    else this.submit(exchange);
  }

  /** Ends every request under way with this message (family timeout) and closes all connections. */
  abort(message: string): void {
    for (const exchange of this.#queue.splice(0)) {
      exchange.error = { family: "timeout", message };
      exchange.endMs = this.#context.nowMs();
      exchange.onDone(exchange);
    }
    for (const connection of [...this.#open]) connection.fail({ family: "timeout", message });
  }

  /** Closes all connections; requests under way are forgotten. */
  close(): void {
    this.#queue.length = 0;
    for (const connection of [...this.#open]) connection.close();
  }

  #connect(exchange: Exchange): void {
    const connection = new Connection(
      this.#context,
      this,
      this.#origin,
      this.#options.tls,
      this.#options.requestsPerConnection,
      exchange,
    );
    this.#open.add(connection);
  }
}
