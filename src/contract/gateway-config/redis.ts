import Type from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** The Redis that several gateways share: limits, cache, monitor. Without a URL everything stays in this process. */
export const RedisConfigSchema = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: "^rediss?://[^\\s]+$",
        description:
          "`redis://[user:password@]host[:port][/database]`, `rediss://` for TLS; default: REDIS_URL, else no Redis",
      }),
    ),
    keyPrefix: Type.String({
      pattern: "^[\\w.:{}-]{0,64}$",
      default: "rampart:",
      description: "begins every key and channel; gateways that share limits and cache have the same one",
    }),
    commandTimeoutMs: Type.Integer({
      minimum: 1,
      maximum: 60_000,
      default: 50,
      description: "longest time a request waits for one command: then it goes on without Redis",
    }),
    connectTimeoutMs: milliseconds(2_000, "time to connect, TLS included"),
    minConnections: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 1,
      description: "connections for commands that are always open; each carries many commands at a time",
    }),
    maxConnections: Type.Integer({
      minimum: 3,
      maximum: 1_000,
      default: 50,
      description:
        "most connections of one process, the subscriber's and a replacement included; MAX_CONNECTIONS sets it too",
    }),
    connectionCommands: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 64,
      description: "unanswered commands on every connection beyond which another one is opened",
    }),
    maxCommands: Type.Integer({
      minimum: 1,
      default: 10_000,
      description: "unanswered commands of one process beyond which further ones fail at once",
    }),
    idleConnectionMs: milliseconds(
      30_000,
      "time until a connection above the minimum that is not used is closed",
    ),
    connectionLifetimeMs: milliseconds(3_600_000, "age at which a connection is replaced by a new one"),
    failuresToOpen: Type.Integer({
      minimum: 1,
      default: 3,
      description: "failures in a row after which commands fail at once, without waiting",
    }),
    retryMs: milliseconds(1_000, "time after which Redis is tried again with a PING"),
  },
  { ...closed, default: {} },
);
