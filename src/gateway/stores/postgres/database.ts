import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { MonotonicClock } from "#shared";
import { databaseAddress } from "./address.ts";
import type { CuttableClient, PoolSettings } from "./client.ts";
import { type DatabaseError, poolExhausted, toDatabaseError } from "./errors.ts";
import type { DatabaseFigures } from "./figures.ts";
import { migrate } from "./migrate.ts";

/** Longest wait for connections to end in good order, ms; then they are cut. */
const CLOSE_TIMEOUT_MS = 1_000;

/** A value of a statement; arrays become arrays of PostgreSQL. */
export type SqlValue = string | number | null | readonly string[];

/** What a database needs to know. */
export interface DatabaseOptions extends PoolSettings {
  /** Schema of the tables. */
  readonly schema: string;
  /** Where the URL came from, for error messages. */
  readonly field: string;
  readonly clock: MonotonicClock;
}

/** A PostgreSQL database behind a bounded pool. Nothing is loaded or connected before it is used. */
export interface Database {
  /** The schema's name as an SQL identifier; it is checked to need no escaping. */
  readonly schema: string;
  /**
   * Runs one statement.
   * @param values of `$1`, `$2`, ... in their order
   * @returns its rows; columns of the type bigint are strings
   * @throws RMP_STORE_UNAVAILABLE, RMP_STORE_TIMEOUT, RMP_STORE_REFUSED, RMP_STORE_EXHAUSTED; {@link DatabaseError}
   */
  query<Row extends object>(text: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Brings the tables to the shape that this version needs. Any number of processes may do so at once. @throws as `query` */
  migrate(): Promise<void>;
  figures(): DatabaseFigures;
  /** Ends all connections. Never rejects. */
  close(): Promise<void>;
}

/**
 * Makes a database; opens no connection.
 * @throws RMP_CONFIG_INVALID when the URL cannot be read
 */
export function createDatabase(options: DatabaseOptions): Database {
  return new PostgresDatabase(options);
}

class PostgresDatabase implements Database {
  readonly schema: string;
  private readonly options: DatabaseOptions;
  private readonly shown: string;
  private pool: Promise<pg.Pool> | null = null;
  private opened: pg.Pool | null = null;
  private readonly busy = new Set<CuttableClient>();
  private isHealthy: boolean | null = null;
  private latencyMs: number | null = null;
  private exhausted = 0;
  private failures = 0;

  constructor(options: DatabaseOptions) {
    this.options = options;
    this.schema = options.schema;
    this.shown = databaseAddress(options.url, options.field).shown;
  }

  async query<Row extends object>(text: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    const client = await this.acquire();
    const { clock } = this.options;
    const startedMs = clock();
    this.busy.add(client);
    try {
      const { rows } = await client.query<Row>({ text, values: [...values] });
      this.latencyMs = clock() - startedMs;
      this.isHealthy = true;
      client.release();
      return rows;
    } catch (error) {
      const { isAnswer } = await import("./client.ts");
      const sqlState = isAnswer(error) ? (error.code ?? null) : null;
      if (sqlState === null) client.kill();
      client.release(sqlState === null);
      throw this.failed(error, sqlState);
    } finally {
      this.busy.delete(client);
    }
  }

  async migrate(): Promise<void> {
    const { createClient, isAnswer } = await import("./client.ts");
    const client = createClient(this.options);
    this.busy.add(client);
    try {
      await migrate(client, this.schema);
      this.isHealthy = true;
    } catch (error) {
      throw this.failed(error, isAnswer(error) ? (error.code ?? null) : null);
    } finally {
      this.busy.delete(client);
      client.kill();
    }
  }

  figures(): DatabaseFigures {
    const { opened, isHealthy, latencyMs, exhausted, failures } = this;
    return {
      isHealthy,
      latencyMs,
      connections: opened?.totalCount ?? 0,
      idle: opened?.idleCount ?? 0,
      waiting: opened?.waitingCount ?? 0,
      maxConnections: this.options.poolMax,
      exhausted,
      failures,
    };
  }

  async close(): Promise<void> {
    const cutting = setTimeout(() => {
      for (const client of this.busy) client.kill();
    }, CLOSE_TIMEOUT_MS);
    const pool = await this.pool?.catch(() => null);
    // A connection that is being opened cannot be cut; nobody waits for it.
    const ended = pool?.end().catch(() => undefined);
    await Promise.race([ended, sleep(2 * CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    if (this.busy.size === 0) clearTimeout(cutting);
  }

  private async acquire(): Promise<pg.PoolClient & CuttableClient> {
    this.pool ??= import("./client.ts").then(({ createPool }) => {
      this.opened = createPool(this.options);
      return this.opened;
    });
    const pool = await this.pool;
    const isFull = pool.totalCount >= this.options.poolMax && pool.idleCount === 0;
    try {
      // The pool makes its clients of the class that it was given.
      return (await pool.connect()) as pg.PoolClient & CuttableClient;
    } catch (error) {
      if (isFull) {
        this.exhausted += 1;
        throw poolExhausted(this.options.poolMax, this.options.connectTimeoutMs);
      }
      const { isAnswer } = await import("./client.ts");
      const known = this.failed(error, isAnswer(error) ? (error.code ?? null) : null);
      this.isHealthy = false;
      throw known;
    }
  }

  private failed(error: unknown, sqlState: string | null): DatabaseError {
    this.failures += 1;
    const known = toDatabaseError(error, sqlState, this.shown);
    if (known.isServerTrouble) this.isHealthy = false;
    return known;
  }
}
