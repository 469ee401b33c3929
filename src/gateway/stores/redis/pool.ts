import { RampartError } from "#shared";
import { type ConnectionOptions, RedisConnection } from "./connection.ts";

/** Connections kept free of the bound: one for the subscriber, one for a connection's replacement. */
const SPARE_CONNECTIONS = 2;

/** Bounds of a pool; see the configuration section `redis` for units and meaning. */
export interface PoolBounds {
  readonly minConnections: number;
  readonly maxConnections: number;
  readonly connectionCommands: number;
  readonly maxCommands: number;
  readonly idleConnectionMs: number;
  readonly connectionLifetimeMs: number;
}

/** Between its bounds, as many connections as the unanswered commands need; old ones are replaced by new ones. */
export class RedisPool {
  /** Commands that were sent while every connection already had its share of unanswered ones. */
  waits = 0;
  /** Commands refused because too many were unanswered. */
  exhausted = 0;
  private connections: RedisConnection[] = [];
  private retired: RedisConnection[] = [];
  private readonly bounds: PoolBounds;
  private readonly options: ConnectionOptions;

  constructor(bounds: PoolBounds, options: ConnectionOptions) {
    this.bounds = bounds;
    this.options = options;
    for (let i = 0; i < bounds.minConnections && i < this.most; i += 1) this.add();
  }

  /** Open connections, those on their way out included. */
  get size(): number {
    return this.connections.length + this.retired.length;
  }

  get isReady(): boolean {
    return this.connections.some(({ isReady }) => isReady);
  }

  /** Whether an attempt to connect has failed, or a connection was lost. */
  get hasFailed(): boolean {
    return this.connections.some(({ hasFailed }) => hasFailed);
  }

  /** Commands without an answer. */
  get unanswered(): number {
    let count = 0;
    for (const { unanswered } of this.connections) count += unanswered;
    for (const { unanswered } of this.retired) count += unanswered;
    return count;
  }

  /** A usable connection whatever its load; null when there is none. */
  any(): RedisConnection | null {
    return this.connections.find(({ isReady }) => isReady) ?? null;
  }

  /**
   * The connection with the fewest unanswered commands; null when none is usable.
   * @throws RMP_STORE_EXHAUSTED
   */
  pick(): RedisConnection | null {
    const { connectionCommands, maxCommands } = this.bounds;
    const [first] = this.connections;
    if (first?.isReady && first.unanswered < connectionCommands) return first;
    let best: RedisConnection | null = null;
    let areAllReady = true;
    for (const connection of this.connections) {
      if (!connection.isReady) areAllReady = false;
      else if (best === null || connection.unanswered < best.unanswered) best = connection;
    }
    if (best === null || best.unanswered < connectionCommands) return best;
    this.waits += 1;
    if (this.unanswered >= maxCommands) {
      this.exhausted += 1;
      throw new RampartError(
        "RMP_STORE_EXHAUSTED",
        `more than ${maxCommands} Redis commands are unanswered`,
        {
          field: "redis.maxCommands",
        },
      );
    }
    if (areAllReady && this.connections.length < this.most) this.add();
    return best;
  }

  /** Closes what is idle, replaces what is old, breaks what has been silent for `stuckMs`. Called about once a second. */
  maintain(nowMs: number, stuckMs: number): void {
    const { minConnections, idleConnectionMs, connectionLifetimeMs } = this.bounds;
    for (const connection of this.connections)
      if (connection.unanswered > 0 && nowMs - connection.lastHeardMs > stuckMs) connection.reconnect();
    const idle = this.connections.findIndex(({ lastUsedMs }) => nowMs - lastUsedMs > idleConnectionMs);
    if (idle !== -1 && this.connections.length > minConnections) this.retire(idle);
    const old = this.connections.findIndex(
      ({ readyAtMs }) => readyAtMs > 0 && nowMs - readyAtMs > connectionLifetimeMs,
    );
    if (old !== -1) this.replace(old);
    for (const connection of this.retired) if (connection.unanswered === 0) connection.close();
    this.retired = this.retired.filter(({ unanswered }) => unanswered > 0);
  }

  close(): void {
    for (const connection of [...this.connections, ...this.retired]) connection.close();
    this.connections = [];
    this.retired = [];
  }

  private get most(): number {
    return Math.max(1, this.bounds.maxConnections - SPARE_CONNECTIONS);
  }

  private add(): void {
    this.connections.push(new RedisConnection(this.options));
  }

  private retire(index: number): void {
    this.retired.push(...this.connections.splice(index, 1));
  }

  /** A young usable connection takes over; when there is none, one is opened and takes over the next time. */
  private replace(index: number): void {
    const isYoung = ({ readyAtMs }: RedisConnection): boolean =>
      readyAtMs > this.connections[index]!.readyAtMs + this.bounds.connectionLifetimeMs / 2;
    if (this.connections.length > this.bounds.minConnections && this.connections.some(isYoung))
      this.retire(index);
    else if (this.retired.length === 0 && this.connections.every(({ isReady }) => isReady)) this.add();
  }
}
