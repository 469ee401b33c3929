import type { Redis } from "ioredis";

/** Time that an answer may take, ms: shorter than the interval of the samples. */
const TIMEOUT_MS = 800;

/** Fields of `INFO` that are kept, and their names as series. Source: redis.io, "INFO". */
const FIELDS: Readonly<Record<string, string>> = {
  connected_clients: "redis.connected_clients",
  blocked_clients: "redis.blocked_clients",
  used_memory: "redis.used_memory_bytes",
  instantaneous_ops_per_sec: "redis.ops_per_sec",
  keyspace_hits: "redis.keyspace_hits",
  keyspace_misses: "redis.keyspace_misses",
  evicted_keys: "redis.evicted_keys",
  expired_keys: "redis.expired_keys",
  rejected_connections: "redis.rejected_connections",
  total_commands_processed: "redis.commands",
};

/** Reads figures of one service of the system under test. */
export interface ServiceReader {
  /** Figures by name; empty while the service does not answer. Never rejects. */
  read(): Promise<Map<string, number>>;
  close(): void;
}

/** A reader over a Redis server's `INFO`. */
export function createRedisReader(url: string): ServiceReader {
  let client: Promise<Redis> | null = null;
  return {
    async read() {
      try {
        client ??= connect(url);
        return infoFigures(await (await client).info());
      } catch {
        return new Map();
      }
    },
    close: () => void client?.then((redis) => redis.disconnect()),
  };
}

async function connect(url: string): Promise<Redis> {
  const { Redis: Client } = await import("ioredis");
  const redis = new Client(url, {
    commandTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    enableOfflineQueue: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 1000,
  });
  // A server that is gone shows as a gap in its series; the client goes on trying.
  redis.on("error", () => {});
  return redis;
}

/** The kept figures of an `INFO` answer. */
export function infoFigures(text: string): Map<string, number> {
  const figures = new Map<string, number>();
  let keys = 0;
  for (const line of text.split("\r\n")) {
    const [name = "", value = ""] = line.split(":", 2);
    const series = FIELDS[name];
    if (series !== undefined && Number.isFinite(Number(value))) figures.set(series, Number(value));
    const inDatabase = /^db\d+$/.test(name) ? /^keys=(\d+)/.exec(value) : null;
    if (inDatabase !== null) keys += Number(inDatabase[1]);
  }
  if (figures.size > 0) figures.set("redis.keys", keys);
  return figures;
}
