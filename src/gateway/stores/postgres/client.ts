/** The only file that loads `pg`; it is imported when the first connection is opened. */
import { Socket } from "node:net";
import pg from "pg";

/** Time until an idle connection is probed by TCP, ms. */
const KEEP_ALIVE_MS = 10_000;
/** How much longer than the server's own time-out a client waits for an answer, ms: so long an answer may be under way. */
const ANSWER_GRACE_MS = 500;

/** What a connection needs to know. */
export interface ConnectionSettings {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** How a pool keeps its connections. */
export interface PoolSettings extends ConnectionSettings {
  readonly poolMin: number;
  readonly poolMax: number;
  readonly idleConnectionMs: number;
  readonly connectionLifetimeMs: number;
}

/** A client whose connection can be cut at once: a frozen server would never answer to a goodbye. */
export class CuttableClient extends pg.Client {
  private readonly cut: () => void;

  constructor(options: pg.ClientConfig) {
    const socket = new Socket();
    super({ ...options, stream: () => socket });
    this.cut = () => socket.destroy();
    // The rejection of the query tells the same; without a listener the event would end the process.
    this.on("error", () => undefined);
  }

  /** Ends the connection without waiting for the server. */
  kill(): void {
    this.cut();
  }
}

/** Opens no connection yet. */
export function createPool(settings: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    ...clientOptions(settings),
    // The pool makes clients with its own options, which its type does not say.
    Client: CuttableClient as unknown as new () => pg.ClientBase,
    min: settings.poolMin,
    max: settings.poolMax,
    idleTimeoutMillis: settings.idleConnectionMs,
    maxLifetimeSeconds: Math.max(1, Math.round(settings.connectionLifetimeMs / 1000)),
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the next query.
  pool.on("error", () => undefined);
  return pool;
}

/** A single client outside any pool. */
export function createClient(settings: ConnectionSettings): CuttableClient {
  return new CuttableClient(clientOptions(settings));
}

/** Whether the server itself refused a statement: the connection is sound then. */
export function isAnswer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError;
}

function clientOptions({ url, connectTimeoutMs, statementTimeoutMs }: ConnectionSettings): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    fallback_application_name: "rampart",
  };
}
