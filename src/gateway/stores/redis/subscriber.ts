import type { Redis } from "ioredis";
import { clientOptions, type RedisClass } from "./connection.ts";

/** Told about every message of a channel; must return quickly. */
export type ChannelListener = (message: string) => void;

/** A ping that is not answered for this long means that the connection is dead, ms. */
const PING_INTERVAL_MS = 10_000;

/**
 * The connection that listens: it subscribes again to every channel whenever it has connected. Messages sent while it is
 * away are lost, as pub/sub has it.
 */
export class RedisSubscriber {
  /** Messages received. */
  messages = 0;
  private readonly url: string;
  private readonly connectTimeoutMs: number;
  private readonly listeners = new Map<string, Set<ChannelListener>>();
  private Client: RedisClass | null = null;
  private client: Redis | null = null;
  private pinging: NodeJS.Timeout | null = null;
  private isAwaitingPong = false;

  constructor(url: string, connectTimeoutMs: number) {
    this.url = url;
    this.connectTimeoutMs = connectTimeoutMs;
  }

  /** Whether a connection is held. */
  get isOpen(): boolean {
    return this.client !== null;
  }

  /** Hands in the client library; connects as soon as there is something to listen to. */
  load(Client: RedisClass): void {
    this.Client = Client;
    if (this.listeners.size > 0) this.connect(Client);
  }

  /** Listens to a channel, now or as soon as there is a connection. @returns what ends it */
  add(channel: string, listener: ChannelListener): () => void {
    const known = this.listeners.get(channel);
    const listeners = known ?? new Set();
    listeners.add(listener);
    if (known === undefined) {
      this.listeners.set(channel, listeners);
      if (this.client !== null) this.subscribe(this.client, channel);
      else if (this.Client !== null) this.connect(this.Client);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.listeners.get(channel) !== listeners) return;
      this.listeners.delete(channel);
      this.client?.unsubscribe(channel).catch(() => undefined);
    };
  }

  close(): void {
    if (this.pinging !== null) clearInterval(this.pinging);
    this.listeners.clear();
    this.Client = null;
    this.client?.disconnect();
  }

  private connect(Client: RedisClass): void {
    const client = new Client(this.url, {
      ...clientOptions(this.connectTimeoutMs),
      enableOfflineQueue: false,
    });
    this.client = client;
    client.on("ready", () => {
      this.isAwaitingPong = false;
      for (const channel of this.listeners.keys()) this.subscribe(client, channel);
    });
    client.on("error", () => undefined);
    client.on("message", (channel: string, message: string) => {
      this.messages += 1;
      for (const listener of this.listeners.get(channel) ?? []) listener(message);
    });
    client.connect().catch(() => undefined);
    this.pinging = setInterval(() => this.ping(client), PING_INTERVAL_MS);
    this.pinging.unref();
  }

  private subscribe(client: Redis, channel: string): void {
    // Without a connection this fails, and the next `ready` does it; a user without the right hears nothing.
    client.subscribe(channel).catch(() => undefined);
  }

  private ping(client: Redis): void {
    if (this.isAwaitingPong) client.disconnect(true);
    else if (client.status === "ready") {
      this.isAwaitingPong = true;
      const answered = (): void => {
        this.isAwaitingPong = false;
      };
      client.ping().then(answered, answered);
    }
  }
}
