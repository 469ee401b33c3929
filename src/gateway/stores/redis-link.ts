import { createHash } from "node:crypto";
import type { GatewayConfig } from "#contract";
import { type MonotonicClock, RampartError } from "#shared";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import { Circuit } from "./redis/circuit.ts";
import type { RedisArgument } from "./redis/connection.ts";
import { toCommandFailure, unavailable } from "./redis/errors.ts";
import { RedisCounters, type RedisState, redisFamilies } from "./redis/figures.ts";
import { RedisPool } from "./redis/pool.ts";
import { type ChannelListener, RedisSubscriber } from "./redis/subscriber.ts";

/** A script that runs atomically on the server. */
export interface RedisScript {
  /** Lua source. */
  readonly source: string;
  /** SHA-1 of the source, hex: its name on the server. */
  readonly sha: string;
}

/** Silence of a connection with unanswered commands after which it is broken and opened anew, ms. */
const STUCK_MS = 2_000;
/** How often connections are looked after, ms. */
const MAINTENANCE_MS = 500;

/** Names a script by the digest that EVALSHA takes. */
export function redisScript(source: string): RedisScript {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}

/**
 * The one way of a gateway process to Redis: a bounded pool behind a circuit. Nothing here hangs: a command is answered, or
 * rejected within `redis.commandTimeoutMs`, or rejected at once while Redis is known to be away. There is no queue for
 * later. Keys get the configured prefix by themselves; whoever writes a key gives it a time to live.
 *
 * Rejections are `RampartError`s: RMP_STORE_UNAVAILABLE (no connection, or given up for a while), RMP_STORE_TIMEOUT,
 * RMP_STORE_REFUSED (the server's error reply), RMP_STORE_EXHAUSTED (too many commands unanswered).
 */
export class RedisLink implements MetricsSource {
  private readonly config: GatewayConfig["redis"];
  private readonly url: string;
  private readonly clock: MonotonicClock;
  private readonly counters = new RedisCounters();
  private readonly circuit: Circuit;
  private pool: RedisPool | null = null;
  private readonly subscriber: RedisSubscriber;
  private isClosed = false;
  private maintenance: NodeJS.Timeout | null = null;
  private lastLatencyMs: number | null = null;

  constructor(config: GatewayConfig["redis"], url: string, clock: MonotonicClock) {
    this.config = config;
    this.url = url;
    this.clock = clock;
    this.subscriber = new RedisSubscriber(url, config.connectTimeoutMs);
    this.circuit = new Circuit(config.failuresToOpen, () => this.probeLater());
  }

  /** Begins to connect, in the background. Call once; commands before it are rejected. */
  async open(): Promise<void> {
    // ioredis is loaded only where Redis is used: 60 modules less for everybody else.
    const { Redis } = await import("ioredis");
    if (this.isClosed) return;
    const { config, url, clock } = this;
    this.pool = new RedisPool(config, {
      ...config,
      Client: Redis,
      url,
      clock,
      onReady: () => this.greeted(),
    });
    this.maintenance = setInterval(() => this.pool?.maintain(this.clock(), STUCK_MS), MAINTENANCE_MS);
    this.maintenance.unref();
    this.subscriber.load(Redis);
  }

  /** How Redis is doing, as far as this process has seen. */
  get state(): RedisState {
    const { pool, circuit } = this;
    if (pool === null) return this.isClosed ? "down" : "connecting";
    if (!pool.isReady) return pool.hasFailed ? "down" : "connecting";
    return circuit.state === "closed" && circuit.failures === 0 ? "healthy" : "degraded";
  }

  /** Whether a command would be sent now. */
  get isUsable(): boolean {
    return this.circuit.state === "closed" && this.pool !== null && this.pool.isReady;
  }

  /** Time that the last answered command took, ms; null before the first. */
  get latencyMs(): number | null {
    return this.lastLatencyMs;
  }

  /** Runs a command; bulk replies come as text. */
  run(command: string, ...args: readonly RedisArgument[]): Promise<unknown> {
    return this.send(false, command, args);
  }

  /** Runs a command; bulk replies come as buffers. */
  runForBytes(command: string, ...args: readonly RedisArgument[]): Promise<unknown> {
    return this.send(true, command, args);
  }

  /**
   * Runs a script by its digest; a server that does not know it gets its source.
   * @param onLate told of a reply that comes after RMP_STORE_TIMEOUT, the script did run; must not throw
   */
  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    onLate?: (reply: unknown) => void,
  ): Promise<unknown> {
    return this.send(false, "evalsha", [script.sha, keys.length, ...keys, ...args], script, onLate);
  }

  /** Sends a message to the subscribers of a channel. @returns how many received it */
  publish(channel: string, message: string | Buffer): Promise<unknown> {
    return this.send(false, "publish", [this.config.keyPrefix + channel, message]);
  }

  /**
   * Listens to a channel over a connection of its own, which is opened on first use and subscribes again after every loss;
   * messages sent meanwhile are lost. @returns what ends it
   */
  subscribe(channel: string, listener: ChannelListener): () => void {
    return this.subscriber.add(this.config.keyPrefix + channel, listener);
  }

  /** The link's figures. */
  families(): readonly MetricFamily[] {
    const { pool, circuit, subscriber, config } = this;
    return redisFamilies(this.counters, {
      state: this.state,
      connections: (pool?.size ?? 0) + (subscriber.isOpen ? 1 : 0),
      maxConnections: config.maxConnections,
      unanswered: pool?.unanswered ?? 0,
      waits: pool?.waits ?? 0,
      exhausted: pool?.exhausted ?? 0,
      circuitOpened: circuit.opened,
      messages: subscriber.messages,
    });
  }

  /** Closes every connection; later commands are rejected. */
  close(): void {
    this.isClosed = true;
    if (this.maintenance !== null) clearInterval(this.maintenance);
    this.pool?.close();
    this.subscriber.close();
    this.pool = null;
  }

  private async send(
    asBytes: boolean,
    command: string,
    args: readonly RedisArgument[],
    script?: RedisScript,
    onLate?: (reply: unknown) => void,
  ): Promise<unknown> {
    const { counters, circuit } = this;
    const connection = circuit.state === "closed" ? (this.pool?.pick() ?? null) : null;
    if (connection === null) {
      counters.unavailable += 1;
      throw unavailable(circuit.state === "closed" ? "Redis is not connected" : "Redis does not answer");
    }
    counters.commands += 1;
    const startedMs = this.clock();
    try {
      const reply = await connection.send(asBytes, command, args, onLate);
      this.heard(this.clock() - startedMs);
      return reply;
    } catch (cause) {
      const { error, isServerTrouble, word } = toCommandFailure(cause);
      if (word === "NOSCRIPT" && script !== undefined)
        return this.send(asBytes, "eval", [script.source, ...args.slice(1)], undefined, onLate);
      if (error.code === "RMP_STORE_TIMEOUT") counters.timeouts += 1;
      else if (error.code === "RMP_STORE_REFUSED") counters.refusals += 1;
      else counters.unavailable += 1;
      if (isServerTrouble) circuit.fail();
      throw error;
    }
  }

  private heard(latencyMs: number): void {
    this.lastLatencyMs = latencyMs;
    this.counters.latency.record(latencyMs);
    this.circuit.succeed();
  }

  private probeLater(): void {
    setTimeout(() => {
      if (this.isClosed) return;
      this.circuit.probe();
      const connection = this.pool?.any() ?? null;
      if (connection === null) this.circuit.settle(false);
      else
        connection.send(false, "ping", []).then(
          () => this.circuit.settle(true),
          () => this.circuit.settle(false),
        );
    }, this.config.retryMs).unref();
  }

  /** The server has answered on a new connection: no need to wait for the next probe. */
  private greeted(): void {
    this.circuit.probe();
    this.circuit.settle(true);
  }
}

/**
 * The link of a configuration; null without a URL.
 * @throws RMP_CONFIG_INVALID for a URL that is none; the message does not quote it, it may hold a password
 */
export function createRedisLink(config: GatewayConfig["redis"], clock: MonotonicClock): RedisLink | null {
  const { url } = config;
  if (url === undefined) return null;
  if (!URL.canParse(url))
    throw new RampartError("RMP_CONFIG_INVALID", "redis.url: not a URL", { field: "redis.url" });
  return new RedisLink(config, url, clock);
}

export type { RedisArgument } from "./redis/connection.ts";
export type { RedisState } from "./redis/figures.ts";
export type { ChannelListener } from "./redis/subscriber.ts";
