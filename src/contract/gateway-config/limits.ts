import Type, { type Static } from "typebox";
import { closed } from "./fields.ts";

/** Most requests an hour: the log of one customer takes 8 bytes for each, 80 MB at the most. */
const MAX_REQUESTS = 10_000_000;

const count = (most: number, description: string) =>
  Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: most }), Type.Null()], {
      description: `${description}; absent: as inherited, null: no limit`,
    }),
  );

const requestBounds = {
  requestsPerMinute: count(MAX_REQUESTS, "most requests admitted in any 60 seconds"),
  requestsPerHour: count(MAX_REQUESTS, "most requests admitted in any 3,600 seconds"),
  concurrency: count(100_000, "most requests under way at the same time"),
};

/** Limits of one customer for a class of routes without tokens. */
const RequestLimitsSchema = Type.Object(requestBounds, closed);

/** Limits of one customer on proxy routes. */
const ProxyLimitsSchema = Type.Object(
  {
    ...requestBounds,
    tokensPerMinute: count(
      1_000_000_000,
      "most tokens admitted in any 60 seconds: reserved by an estimate, settled by the provider's usage",
    ),
  },
  closed,
);

/** Limits by class of routes, each optional. */
const classes = {
  proxy: Type.Optional(ProxyLimitsSchema),
  detection: Type.Optional(RequestLimitsSchema),
  control: Type.Optional(RequestLimitsSchema),
};

/** Limits of one customer, which go before the gateway's key by key. */
export const CustomerLimitsSchema = Type.Object(classes, closed);

/**
 * Limits that hold for each customer by himself, and for everybody together on a gateway without customers. None are set by
 * default: a gateway on loopback must carry thousands of requests a second, and whoever opens it to others names its customers.
 */
export const LimitsConfigSchema = Type.Object(
  {
    ...classes,
    redisFailMode: Type.Union([Type.Literal("degrade"), Type.Literal("closed"), Type.Literal("open")], {
      default: "degrade",
      description:
        "what holds while a configured Redis cannot be asked: degrade counts in this process, closed answers 503, open " +
        "admits everything; x-rampart-fail-mode, /health and metrics say so",
    }),
    localShare: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1,
      description:
        "share of each limit that this process grants by itself in the mode degrade: 1 / number of gateway processes keeps " +
        "the sum within the limits",
    }),
    leaseMs: Type.Integer({
      minimum: 500,
      maximum: 600_000,
      default: 10_000,
      description:
        "time after which the places of a gateway that died are free again (limits on concurrency)",
    }),
    outputTokens: Type.Integer({
      minimum: 1,
      default: 1_024,
      description: "tokens reserved for an answer whose request names no maximum",
    }),
  },
  { ...closed, default: {} },
);

/** Limits by class of routes. */
export type ClassLimits = Static<typeof CustomerLimitsSchema>;
/** The section `limits`. */
export type LimitsConfig = Static<typeof LimitsConfigSchema>;
