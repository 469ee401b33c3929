import Type, { type Static } from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** When a failed request is sent again. */
const RetryConfigSchema = Type.Object(
  {
    perHost: Type.Integer({
      minimum: 0,
      maximum: 5,
      default: 1,
      description:
        "how often a request is sent to the same host again; only before any of the answer came, and never after a " +
        "time-out",
    }),
    statuses: Type.Array(Type.Integer({ minimum: 400, maximum: 599 }), {
      default: [429, 502, 503, 504, 529],
      description: "answers that are asked for again, or of the next host",
    }),
    budgetShare: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0.2,
      description: "retries and hedges per request of a host; beyond it failures are passed on",
    }),
    budgetBurst: Type.Number({
      minimum: 0,
      default: 10,
      description: "retries that may be saved up; also what a host begins with",
    }),
    backoffMs: milliseconds(
      50,
      "wait before the first retry, doubled with every further one, less up to a half",
    ),
    maxBackoffMs: milliseconds(2_000, "longest wait; a longer Retry-After ends the tries at that host"),
  },
  { ...closed, default: {} },
);

/** When a host is left alone. */
const BreakerConfigSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: "whether failing hosts are left alone for a while" }),
    consecutiveFailures: Type.Integer({
      minimum: 1,
      default: 10,
      description: "failures in a row that open the breaker (errors, time-outs, status 500 and above)",
    }),
    failureShare: Type.Number({
      minimum: 0.01,
      maximum: 1,
      default: 0.5,
      description: "share of failures in a window of 10 s that opens it",
    }),
    minRequests: Type.Integer({
      minimum: 1,
      default: 50,
      description: "requests in the window below which the share says nothing",
    }),
    openMs: milliseconds(5_000, "time until one request probes the host, doubled with every failed probe"),
    maxOpenMs: milliseconds(60_000, "longest such time"),
  },
  { ...closed, default: {} },
);

/** Time-outs, connections, retries and breakers on the side of the providers. */
export const UpstreamConfigSchema = Type.Object(
  {
    connectTimeoutMs: milliseconds(5_000, "time to connect to a provider, TLS included"),
    headersTimeoutMs: milliseconds(60_000, "time until the provider's answer begins"),
    bodyTimeoutMs: milliseconds(60_000, "longest silence inside the provider's answer"),
    deadlineMs: milliseconds(90_000, "time from the first try after which no further one is begun"),
    connections: Type.Integer({
      minimum: 1,
      default: 256,
      description: "most connections to one host",
    }),
    queuedRequests: Type.Integer({
      minimum: 0,
      default: 2_000,
      description: "requests that may wait for a connection to one host; more are answered 503",
    }),
    keepAliveMs: milliseconds(4_000, "time an idle upstream connection is kept"),
    hedgeAfterMs: Type.Integer({
      minimum: 0,
      maximum: 2 ** 31 - 1,
      default: 0,
      description:
        "a plain answer that has not begun after this time is asked for once more, of the next host if there is one; " +
        "the first to begin counts, the other is cancelled; 0 = off",
    }),
    retry: RetryConfigSchema,
    breaker: BreakerConfigSchema,
  },
  { ...closed, default: {} },
);
/** Time-outs, connections, retries and breakers on the side of the providers. */
export type UpstreamConfig = Static<typeof UpstreamConfigSchema>;
