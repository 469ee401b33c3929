import { backoffMs, type EpochClock, type Random } from "#shared";
import type { MetricFamily, MetricsSource } from "../../metrics/family.ts";
import type { Database } from "../../stores/postgres/database.ts";
import { type DatabaseFigures, databaseFamilies } from "../../stores/postgres/figures.ts";
import { within } from "../within.ts";
import { type ShipperFigures, type ShipperState, shipperFamilies } from "./figures.ts";
import { LogShipper, type ShipCounts } from "./log-shipper.ts";
import { pruneRecords } from "./prune.ts";
import { Spool, type SpooledLog } from "./spool.ts";
import { type AuditTable, createAuditTable } from "./table.ts";

/** Most connections that copying uses in one process. */
export const SHIPPER_CONNECTIONS = 5;
/** Shortest wait after a failed round, doubled by each that follows, ms. */
const RETRY_MS = 500;
/** Longest wait after a failed round, ms: so long after PostgreSQL is back, copying goes on at the latest. */
const MAX_RETRY_MS = 10_000;
/** Rounds without anything to copy after which PostgreSQL is asked whether it is there. */
const IDLE_ROUNDS = 5;
/** Time between two searches for records to delete by age, ms. */
const PRUNE_EVERY_MS = 600_000;
/** Time that the last round gets when the gateway ends, ms; the next start copies the rest. */
const LAST_ROUND_MS = 3_000;

/** What the shipper needs to know. */
export interface ShipperOptions {
  /** Folder of the log. */
  readonly dir: string;
  readonly database: Database;
  /** Default: the tables of the database. */
  readonly table?: AuditTable;
  readonly batchRecords: number;
  readonly batchAfterMs: number;
  /** 0 keeps records for ever. */
  readonly retentionDays: number;
  readonly epoch: EpochClock;
  readonly random: Random;
}

/**
 * Copies the logs of a folder to PostgreSQL in the background. The log on disk is the queue: nothing is held in memory but
 * one batch, whatever the outage, and no request knows of it. Works in rounds; a failed one is repeated after a growing wait.
 */
export class AuditShipper implements MetricsSource {
  private readonly options: ShipperOptions;
  private readonly table: AuditTable;
  private readonly spool: Spool;
  private readonly counts: ShipCounts = { shipped: 0, batches: 0, missed: 0 };
  private shippers = new Map<string, LogShipper>();
  private state: ShipperState = "starting";
  private isPrepared = false;
  private failures = 0;
  private failuresInARow = 0;
  private idleRounds = 0;
  private pruned = 0;
  private prunedAtMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isStarted = false;
  private isClosing = false;
  private closeByMs = Number.POSITIVE_INFINITY;

  constructor(options: ShipperOptions) {
    this.options = options;
    this.table = options.table ?? createAuditTable(options.database);
    this.spool = new Spool(options.dir, options.epoch);
  }

  /** Begins with the first round; returns at once. */
  start(): void {
    this.isStarted = true;
    this.schedule(0);
  }

  /** Does a round now, after the one under way; others follow by themselves only after {@link start}. Never rejects. */
  async flush(): Promise<void> {
    while (this.running !== null) await this.running;
    this.running = this.round();
    await this.running;
  }

  /** Copies what is left, for a few seconds at most, and ends the connections. Never rejects. */
  async close(): Promise<void> {
    if (this.isClosing) return;
    this.isClosing = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.closeByMs = this.options.epoch() + LAST_ROUND_MS;
    if (this.state !== "failing") await within(LAST_ROUND_MS, this.flush());
    await this.options.database.close();
  }

  /** What is known of the database without asking it. */
  get database(): DatabaseFigures {
    return this.options.database.figures();
  }

  figures(): ShipperFigures {
    const { state, counts, failures, pruned } = this;
    let lagRecords: number | null = this.isPrepared ? 0 : null;
    let oldestTs: number | null = null;
    let removed = 0;
    for (const { lag } of this.shippers.values()) {
      if (lag === null) {
        lagRecords = null;
        continue;
      }
      if (lagRecords !== null) lagRecords += lag.records;
      removed += lag.removed;
      if (lag.oldestTs !== null) oldestTs = Math.min(oldestTs ?? lag.oldestTs, lag.oldestTs);
    }
    const lagMs = oldestTs === null ? 0 : Math.max(0, this.options.epoch() - oldestTs);
    return {
      state,
      ...counts,
      missed: counts.missed + removed,
      failures,
      pruned,
      lagRecords,
      lagMs: lagRecords === null ? null : lagMs,
    };
  }

  families(): readonly MetricFamily[] {
    return [...shipperFamilies(this.figures()), ...databaseFamilies(this.database)];
  }

  private schedule(delayMs: number): void {
    if (!this.isStarted || this.isClosing) return;
    this.timer = setTimeout(() => void this.flush(), delayMs);
    this.timer.unref();
  }

  private async round(): Promise<void> {
    const before = this.counts.batches;
    try {
      await this.prepare();
      await this.shipAll(await this.spool.logs());
      await this.prune();
      this.idleRounds = this.counts.batches === before ? this.idleRounds + 1 : 0;
      if (this.idleRounds >= IDLE_ROUNDS) {
        this.idleRounds = 0;
        await this.table.ping();
      }
      this.state = "healthy";
      this.failuresInARow = 0;
      this.schedule(this.options.batchAfterMs);
    } catch {
      this.state = "failing";
      this.failures += 1;
      this.schedule(backoffMs(this.failuresInARow, RETRY_MS, MAX_RETRY_MS, this.options.random));
      this.failuresInARow += 1;
    } finally {
      this.running = null;
    }
  }

  private async prepare(): Promise<void> {
    if (this.isPrepared) return;
    await this.table.prepare();
    this.isPrepared = true;
  }

  /** One log after the other on each connection, several logs at a time. @throws the first error, when all have ended */
  private async shipAll(logs: readonly SpooledLog[]): Promise<void> {
    this.shippers = new Map(logs.map(({ name }) => [name, this.shippers.get(name) ?? this.shipperOf()]));
    const waiting = [...logs];
    const errors: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let log = waiting.shift(); log !== undefined; log = waiting.shift()) {
        if (errors.length > 0) await this.shippers.get(log.name)?.measure(log);
        else
          await this.shippers
            .get(log.name)
            ?.ship(log, this.isOver)
            .catch((error: unknown) => errors.push(error));
      }
    };
    await Promise.all(Array.from({ length: SHIPPER_CONNECTIONS }, work));
    if (errors.length > 0) throw errors[0];
  }

  private shipperOf(): LogShipper {
    return new LogShipper(this.table, this.counts, this.options.batchRecords);
  }

  private async prune(): Promise<void> {
    const { retentionDays, epoch, database } = this.options;
    if (retentionDays === 0 || this.isClosing || epoch() - this.prunedAtMs < PRUNE_EVERY_MS) return;
    this.pruned += await pruneRecords(database, retentionDays, epoch(), this.isOver);
    this.prunedAtMs = epoch();
  }

  private readonly isOver = (): boolean => this.isClosing && this.options.epoch() > this.closeByMs;
}
