/** Data table: every environment variable that the gateway reads, and the key of `rampart.yaml` it stands for. */

/** One variable as it is documented. */
export interface EnvironmentVariable {
  readonly name: string;
  /** Key of the configuration, or the flag. */
  readonly key: string;
  readonly meaning: string;
}

/** The gateway's variables; file, then environment, then flags: later ones win, unless the meaning says otherwise. */
export const GATEWAY_ENVIRONMENT: readonly EnvironmentVariable[] = [
  { name: "OPENAI_API_KEY", key: "providers.openai.apiKey", meaning: "key of OpenAI, when the file names no such provider" },
  { name: "OPENAI_BASE_URL", key: "providers.openai.baseUrl", meaning: "address of OpenAI or what stands for it, when the file names no such provider" },
  { name: "ANTHROPIC_API_KEY", key: "providers.anthropic.apiKey", meaning: "key of Anthropic, when the file names no such provider" },
  { name: "ANTHROPIC_BASE_URL", key: "providers.anthropic.baseUrl", meaning: "address of Anthropic or what stands for it, when the file names no such provider" },
  { name: "REDIS_URL", key: "redis.url", meaning: "the Redis that instances share" },
  { name: "REDIS_KEY_PREFIX", key: "redis.keyPrefix", meaning: "begins every key and channel" },
  { name: "MAX_CONNECTIONS", key: "redis.maxConnections", meaning: "most connections of one process to Redis" },
  { name: "REDIS_POOL_MIN", key: "redis.minConnections", meaning: "connections to Redis that are always open" },
  { name: "REDIS_POOL_MAX", key: "redis.maxConnections", meaning: "as MAX_CONNECTIONS, which it outdoes" },
  { name: "REDIS_CONNECTION_LIFETIME", key: "redis.connectionLifetimeMs", meaning: "seconds until a connection is replaced" },
  { name: "DATABASE_URL", key: "postgres.url", meaning: "the PostgreSQL that the audit log is copied to" },
  { name: "DATABASE_READ_URL", key: "postgres.readUrl", meaning: "the PostgreSQL that queries go to" },
  { name: "DATABASE_SCHEMA", key: "postgres.schema", meaning: "schema of the tables" },
  { name: "DATABASE_POOL_MIN", key: "postgres.poolMin", meaning: "connections that are always open" },
  { name: "DATABASE_POOL_MAX", key: "postgres.poolMax", meaning: "most connections of one process" },
  { name: "DATABASE_CONNECTION_LIFETIME", key: "postgres.connectionLifetimeMs", meaning: "seconds until a connection is replaced" },
  { name: "CACHE_TTL", key: "cache.ttlSec", meaning: "seconds that an answer is kept" },
  { name: "CACHE_SECRET", key: "cache.secret", meaning: "key of the digests in shared cache keys" },
  { name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", key: "telemetry.url", meaning: "where traces are sent, when the file says nothing" },
  { name: "RAMPART_GATEWAY_PORT", key: "--port", meaning: "port of the gateway" },
  { name: "RAMPART_PROCESSES", key: "--processes", meaning: "processes that serve, N or MIN..MAX" },
];
