/** WebSocket client of one virtual user: opens its connections and closes them with it. */
import type { WebSocketClient, WebSocketConnection, WebSocketOptions } from "../../model/websocket-types.ts";
import { Connection } from "./connection.ts";
import type { WebSocketEnvironment } from "./environment.ts";

/** The client. */
export class WebSocketUserClient implements WebSocketClient {
  readonly #environment: WebSocketEnvironment;
  readonly #open = new Set<Connection>();

  constructor(environment: WebSocketEnvironment) {
    this.#environment = environment;
  }

  async connect(path: string, options: WebSocketOptions = {}): Promise<WebSocketConnection> {
    const { owner } = this.#environment;
    const url = /^wss?:\/\//.test(path) ? path : `${owner.host.replace(/^http/, "ws")}${path}`;
    const name = options.name ?? new URL(url).pathname;
    const connection = new Connection(this.#environment, url, name, options);
    this.#open.add(connection);
    await connection.open();
    return connection;
  }

  /** Closes all connections at once. */
  close(): void {
    for (const connection of this.#open) connection.terminate();
    this.#open.clear();
  }
}
