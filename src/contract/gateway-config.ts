import Type, { type Static } from "typebox";

const KIB = 1024;
const MIB = 1024 * KIB;

const closed = { additionalProperties: false } as const;
/** Milliseconds a timer of Node can hold. */
const milliseconds = (defaultMs: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, default: defaultMs, description });

/** One provider: where it is and with which key it is called. */
export const ProviderConfigSchema = Type.Object(
  {
    baseUrl: Type.String({
      pattern: "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$",
      description: "origin and optional base path of the provider; the route's `/v1/...` is appended",
    }),
    apiKey: Type.Optional(
      Type.String({
        minLength: 1,
        description: "the provider's key; when set it replaces whatever key the client sent",
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: "headers added to every upstream request" }),
    ),
  },
  closed,
);
/** One provider: where it is and with which key it is called. */
export type ProviderConfig = Static<typeof ProviderConfigSchema>;

/** What a guard that crashed means for its request. */
export const FailModeSchema = Type.Union([Type.Literal("closed"), Type.Literal("open")], {
  default: "closed",
  description:
    "what happens when the guard itself fails: closed refuses the request, open lets it pass and says so",
});
/** What a guard that crashed means for its request. */
export type FailMode = Static<typeof FailModeSchema>;

/** Who may use the gateway, and as what. */
export const CustomerSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[\\w.-]{1,64}$", description: "name in metrics, audit and monitor" }),
    tenant: Type.Optional(
      Type.String({
        pattern: "^[\\w.-]{1,64}$",
        description: "customers of one tenant share cached answers; default: the name",
      }),
    ),
    role: Type.Union([Type.Literal("caller"), Type.Literal("monitor"), Type.Literal("admin")], {
      default: "caller",
      description: "caller: proxy and detection; monitor: metrics and live monitor; admin: everything",
    }),
    keys: Type.Array(Type.String({ pattern: "^sha256:[0-9a-f]{64}$" }), {
      minItems: 1,
      description: "SHA-256 of each key; keys must be random, at least 128 bits",
    }),
    policy: Type.Optional(
      Type.String({ minLength: 1, description: "policy of this customer; default: the gateway's" }),
    ),
  },
  closed,
);
/** Who may use the gateway, and as what. */
export type Customer = Static<typeof CustomerSchema>;

/**
 * The gateway's configuration (`rampart.yaml`). Every key has a default but `providers`; defaults in bytes and
 * milliseconds as the names say.
 */
export const GatewayConfigSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, default: "127.0.0.1", description: "address to listen on" }),
    port: Type.Integer({ minimum: 0, maximum: 65535, default: 8000, description: "port; 0 = any free one" }),
    providers: Type.Object(
      { openai: ProviderConfigSchema, anthropic: ProviderConfigSchema },
      { ...closed, description: "the providers behind `/openai/v1/*`, `/anthropic/v1/*` and `/v1/*`" },
    ),
    bounds: Type.Object(
      {
        bodyBytes: Type.Integer({ minimum: 1, default: 10 * MIB, description: "largest request body" }),
        headerBytes: Type.Integer({
          minimum: 1024,
          default: 16 * KIB,
          description: "largest request header block",
        }),
        jsonDepth: Type.Integer({
          minimum: 4,
          maximum: 1000,
          default: 64,
          description: "deepest nesting of a body",
        }),
        answerBytes: Type.Integer({
          minimum: 1024,
          default: 32 * MIB,
          description: "largest plain upstream answer",
        }),
        eventBytes: Type.Integer({
          minimum: 1024,
          default: 4 * MIB,
          description: "largest server-sent event of an upstream stream",
        }),
        batchTexts: Type.Integer({
          minimum: 1,
          default: 100,
          description: "most texts in one detection request",
        }),
      },
      { ...closed, default: {} },
    ),
    client: Type.Object(
      {
        headersTimeoutMs: milliseconds(10_000, "time for the header block of a request to arrive"),
        bodyTimeoutMs: milliseconds(15_000, "time for the body of a request to arrive"),
        idleTimeoutMs: milliseconds(65_000, "time an idle keep-alive connection is kept"),
        stalledTimeoutMs: milliseconds(
          60_000,
          "time a client may leave its answer unread before it is cut off",
        ),
        connections: Type.Integer({
          minimum: 1,
          default: 10_000,
          description: "most open client connections",
        }),
      },
      { ...closed, default: {} },
    ),
    upstream: Type.Object(
      {
        connectTimeoutMs: milliseconds(5_000, "time to connect to a provider, TLS included"),
        headersTimeoutMs: milliseconds(60_000, "time until the provider's answer begins"),
        bodyTimeoutMs: milliseconds(60_000, "longest silence inside the provider's answer"),
        connections: Type.Integer({
          minimum: 1,
          default: 256,
          description: "most connections to one provider",
        }),
        keepAliveMs: milliseconds(4_000, "time an idle upstream connection is kept"),
      },
      { ...closed, default: {} },
    ),
    guard: Type.Object(
      {
        unknownFields: Type.Union([Type.Literal("refuse"), Type.Literal("flag"), Type.Literal("pass")], {
          default: "flag",
          description:
            "text in fields that the provider's table does not list: refuse answers 422, flag guards it like any " +
            "text and names the field in x-rampart-guards, pass sends it unread and names it too",
        }),
        piiFailMode: FailModeSchema,
        injectionFailMode: FailModeSchema,
      },
      { ...closed, default: {} },
    ),
    overload: Type.Object(
      {
        activeRequests: Type.Integer({
          minimum: 1,
          default: 5_000,
          description: "requests under way beyond which new ones are answered 503",
        }),
        eventLoopDelayMs: milliseconds(
          2_000,
          "event-loop delay (99th percentile over a second) beyond which new requests are answered 503",
        ),
      },
      { ...closed, default: {} },
    ),
    sessions: Type.Object(
      {
        max: Type.Integer({ minimum: 1, default: 10_000, description: "most conversations remembered" }),
        ttlMs: milliseconds(3_600_000, "time after its last request until a conversation is forgotten"),
      },
      { ...closed, default: {} },
    ),
    monitor: Type.Object(
      {
        connections: Type.Integer({
          minimum: 0,
          default: 12_000,
          description: "most connections to `/ws/monitor`, beside `client.connections`",
        }),
        eventsPerSec: Type.Integer({
          minimum: 1,
          default: 200,
          description:
            "most events a second, once for flagged requests and once for others; more are only counted",
        }),
        bufferBytes: Type.Integer({
          minimum: 1024,
          default: 256 * KIB,
          description: "unread bytes beyond which a connection is cut",
        }),
        keepAliveMs: milliseconds(30_000, "silence after which a keepalive is sent, and time between pings"),
        messageBytes: Type.Integer({ minimum: 256, default: 8 * KIB, description: "largest client message" }),
        messagesPerSec: Type.Integer({
          minimum: 1,
          default: 20,
          description: "most client messages a second",
        }),
      },
      { ...closed, default: {} },
    ),
    audit: Type.Object(
      {
        enabled: Type.Boolean({
          default: true,
          description: "whether finished requests are recorded on disk",
        }),
        dir: Type.Optional(
          Type.String({
            minLength: 1,
            description:
              "folder of the log; without one nothing is recorded (`rampart gateway` and `rampart up` set `audit`)",
          }),
        ),
        flushMs: Type.Integer({
          minimum: 1,
          maximum: 200,
          default: 100,
          description: "longest time a record waits in memory: what a killed gateway loses at most",
        }),
        fsync: Type.Boolean({
          default: false,
          description: "whether each write waits for the device: survives a power failure too",
        }),
        maxBytes: Type.Integer({
          minimum: 4 * KIB,
          default: 128 * MIB,
          description: "size at which the next file is begun",
        }),
        maxFiles: Type.Integer({
          minimum: 2,
          default: 80,
          description:
            "most files of one log; every process that writes at the same time has a log of its own",
        }),
        removeOldest: Type.Boolean({
          default: false,
          description:
            "at the bound: true removes the oldest file and records that, false stops recording and counts",
        }),
        queueEvents: Type.Integer({
          minimum: 1,
          default: 20_000,
          description: "most records that wait in memory; more are counted and dropped",
        }),
        failMode: Type.Union([Type.Literal("closed"), Type.Literal("open")], {
          default: "open",
          description:
            "what happens while the log cannot be written: open serves and says so in `/health` and metrics, closed " +
            "answers 503",
        }),
      },
      { ...closed, default: {} },
    ),
    customers: Type.Array(CustomerSchema, {
      default: [],
      description: "who may use the gateway; empty: open to everybody who reaches the address, loopback only",
    }),
    drainTimeoutMs: milliseconds(30_000, "time that requests under way get on shutdown"),
  },
  { ...closed, title: "rampart.yaml, gateway" },
);

/** The complete configuration of a gateway. */
export type GatewayConfig = Static<typeof GatewayConfigSchema>;

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** A configuration as written: everything but the providers may be left out. */
export type GatewayConfigInput = DeepPartial<Omit<GatewayConfig, "providers">> &
  Pick<GatewayConfig, "providers">;
