import { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TSchema } from "typebox";
import type { GatewayConfig } from "#contract";
import type { Guard, InjectionResult, Vault } from "#detect";
import type { EpochClock, MonotonicClock, RampartError } from "#shared";
import type { AuditState } from "./audit/figures.ts";
import type { Caller, Customers } from "./auth/customers.ts";
import type { Leaves } from "./body/leaves.ts";
import type { Caches } from "./cache/caches.ts";
import type { Flight } from "./cache/flight.ts";
import type { Detectors } from "./detectors.ts";
import type { Limits } from "./limits/limits.ts";
import type { Permit } from "./limits/permit.ts";
import type { MetricsSource } from "./metrics/family.ts";
import type { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import type { RecentRate } from "./metrics/recent-rate.ts";
import type { SystemSampler } from "./metrics/system-sampler.ts";
import type { MonitorFigures } from "./monitor/figures.ts";
import type { OutputFigures, OutputFindings } from "./output/output-findings.ts";
import type { Endpoint, ProviderName } from "./providers/endpoints.ts";
import type { ErrorShape } from "./providers/error-shape.ts";
import type { Sessions } from "./sessions.ts";
import type { Listed, SlotList } from "./slot-list.ts";
import type { RedisLink } from "./stores/redis-link.ts";
import type { StreamPipe } from "./stream/stream-pipe.ts";
import type { Trace, TraceSource } from "./telemetry/trace.ts";
import type { UpstreamCall } from "./upstream/answer-consumer.ts";
import type { Upstream } from "./upstream/upstream.ts";
import type { Fleet } from "./workers/fleet.ts";

/** Where the live monitor is. */
const MONITOR_URL = /^\/ws\/monitor(?:\?|$)/;

/** The tenant of everybody on a gateway without customers. */
const OPEN_TENANT = "local";

/** What comes after a step: the next one, nothing until the step calls back, or straight to the reply. */
export type Outcome = "next" | "wait" | "reply";

/** One step of the pipeline; throws a `RampartError` to answer with an error. */
export type Step = (exchange: Exchange) => Outcome;

/** The role that a caller needs. */
export type Role = "public" | "caller" | "monitor" | "admin";

/** One method and path of the gateway. */
export interface Route {
  readonly method: string;
  /** Path; a last segment `*` stands for one identifier. */
  readonly path: string;
  /** Name in metrics: bounded in number. */
  readonly name: string;
  readonly role: Role;
  readonly errors: ErrorShape;
  readonly steps: readonly Step[];
  /** One sentence for the API pages. */
  readonly summary: string;
  /** Schema of the body, which validates it and documents it. */
  readonly schema?: TSchema;
  /** Proxy routes: the provider's tables. */
  readonly endpoint?: Endpoint;
  /** Local routes: puts the answer into the exchange; throws a `RampartError` to answer with an error. */
  readonly handle?: (exchange: Exchange) => void | Promise<void>;
  /** Whether a body is read: none, JSON that is parsed, or JSON or a form that the route parses itself. */
  readonly body: "none" | "json" | "any";
}

/** Told about every finished exchange; must return quickly and keep no content. */
export type ExchangeSink = (exchange: Exchange) => void;

/** How a step that waited, or an event from outside, moves an exchange on. */
export interface Pipeline {
  /** Runs the steps from where the exchange stands. Never throws. */
  advance(exchange: Exchange): void;
  /** Ends the exchange with an error and answers it. */
  fail(exchange: Exchange, error: unknown): void;
  /** Ends an exchange whose client is gone. */
  abandon(exchange: Exchange): void;
}

/** What all requests of one gateway share. */
export interface GatewayContext {
  readonly config: GatewayConfig;
  readonly version: string;
  /** The gateway's own guard. */
  readonly guard: Guard;
  /** Guards of customers with a policy of their own, by the policy's name. */
  readonly guards: Readonly<Record<string, Guard>>;
  readonly customers: Customers;
  readonly detectors: Detectors;
  /** Key of digests that are answered; random per process unless configured. */
  readonly hashKey: Uint8Array;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Monotonic time of the start, ms. */
  readonly startedMs: number;
  readonly metrics: GatewayMetrics;
  readonly system: SystemSampler;
  /** Requests a second, lately. */
  readonly requestRate: RecentRate;
  /** The processes that serve this address together. */
  readonly fleet: Fleet;
  readonly sessions: Sessions;
  readonly caches: Caches;
  readonly upstreams: Readonly<Record<ProviderName, Upstream>>;
  /** Counts of what was found in answers. */
  readonly outputFigures: OutputFigures;
  readonly pipeline: Pipeline;
  /** Open client connections. */
  readonly connections: Set<Socket>;
  /** Exchanges that are not finished. */
  readonly active: SlotList<Exchange>;
  readonly sinks: readonly ExchangeSink[];
  /** Null when nothing is traced. */
  readonly tracing: TraceSource | null;
  readonly monitorFigures: () => MonitorFigures;
  readonly audit: AuditState;
  /** The way to Redis; null when none is configured. */
  readonly redis: RedisLink | null;
  /** Limits per customer; null when none are configured. */
  readonly limits: Limits | null;
  /** Parts of the gateway that have figures of their own. */
  readonly metricsSources: readonly MetricsSource[];
  /** Set once shutdown has begun: answers close their connections. */
  readonly isDraining: boolean;
}

/** A request that knows its exchange, so that one shared listener serves all requests. */
export class GatewayRequest extends IncomingMessage {
  exchange: Exchange | null = null;
  private asksForUpgrade = false;

  /**
   * Node asks here whether the connection is to leave HTTP. Only the live monitor does: elsewhere an offer to upgrade, as
   * some HTTP clients make with every first request (`Upgrade: h2c`), is passed over (RFC 9110, section 7.8).
   */
  get upgrade(): boolean {
    return this.asksForUpgrade && MONITOR_URL.test(this.url ?? "") && this.headers.upgrade !== undefined;
  }

  set upgrade(asked: boolean | null) {
    this.asksForUpgrade = asked === true;
  }
}

/** A response that knows its exchange. */
export class GatewayResponse extends ServerResponse<GatewayRequest> {
  exchange: Exchange | null = null;
}

/** What a local route or the upstream answered: status, flat header list, body. */
export interface Answer {
  readonly status: number;
  /** `[name, value, name, value, …]` */
  readonly headers: string[];
  body: Buffer | string;
}

/** Everything that is known about one request on its way through the pipeline. One object a request. */
export class Exchange implements Listed {
  readonly context: GatewayContext;
  readonly request: GatewayRequest;
  readonly response: GatewayResponse;
  readonly route: Route;
  /** Query string without the question mark; empty without one. */
  readonly query: string;
  /** The identifier in the place of a route's `*`; empty for other routes. */
  readonly pathSuffix: string;
  readonly requestId: string;
  readonly startedMs: number;
  /** Index of the next step. */
  step = 0;
  /** The client is gone or the answer is complete: nothing more is written. */
  isOver = false;
  /** Null when the request is not traced. */
  trace: Trace | null = null;

  /** Whom the request belongs to; part of the key of everything that is remembered. */
  tenant = OPEN_TENANT;
  /** Null on public routes and on an open gateway. */
  caller: Caller | null = null;
  /** The guard of this request's policy. */
  guard: Guard;
  /** Key of the conversation; null when the vault lives for the request. */
  sessionKey: string | null = null;
  /** Whether the key that the SDK sent may go on to the provider. */
  passesProviderKey = true;
  /** Request body as it came. */
  body: Buffer | null = null;
  readonly chunks: Buffer[] = [];
  /** What the limits decided; null while nothing limits this request. */
  permit: Permit | null = null;
  bodyBytes = 0;
  slot = -1;
  /** When the body must have arrived, ms; 0 when none is awaited. */
  readDeadlineMs = 0;
  /** Since when the client has not taken what was written, ms; 0 while it reads. */
  pausedAtMs = 0;
  json: unknown = undefined;
  /** Model that a proxied request names; null for none and for what is too long to be a name. */
  model: string | null = null;
  wantsStream = false;
  /** The upstream answers with a stream of events. */
  isEventStream = false;

  leaves: Leaves | null = null;
  vault: Vault | null = null;
  /** Texts after replacement, parallel to the leaves; null when nothing was found. */
  replaced: string[] | null = null;
  findingCount = 0;
  /** Findings by entity type; null while there are none. */
  findingTypes: Map<string, number> | null = null;
  injection: InjectionResult | null = null;
  /** Pictures that were read and let through. */
  imagesInspected = 0;
  /** What was found in the answer; null when it is not scanned. */
  output: OutputFindings | null = null;
  /** Guards that crashed and were let through because their fail mode is open. */
  failedOpen: string[] | null = null;
  /** Guards that failed and were replaced by lesser ones. */
  degraded: string[] | null = null;
  /** Body to send upstream: the original bytes unless something was replaced. */
  upstreamBody: Buffer | string | null = null;

  call: UpstreamCall | null = null;
  /** The upstream call that equal requests share, when this request is the one that is sent. */
  flight: Flight | null = null;
  /** Configured name of the host that answered; null while none has. */
  upstreamHost: string | null = null;
  /** Requests that were sent to get the answer. */
  upstreamAttempts = 0;
  pipe: StreamPipe | null = null;
  answer: Answer | null = null;
  /** The answer is known to be complete and to hold nothing that could be put back. */
  isAnswerLiteral = false;
  failure: RampartError | null = null;
  /** The answer's head has been written: an error can only be told inside the stream. */
  isHeadWritten = false;

  guardMs = 0;
  upstreamMs = 0;
  /** Time spent looking for the answer in the response cache. */
  cacheMs = 0;
  /** `shared`: waited for the answer to an equal request; `bypass`: the request is not one that may be answered twice. */
  cacheState: "off" | "bypass" | "miss" | "hit" | "shared" = "off";
  status = 0;
  answerBytes = 0;

  constructor(
    context: GatewayContext,
    request: GatewayRequest,
    response: GatewayResponse,
    route: Route,
    requestId: string,
    startedMs: number,
    query: string,
    pathSuffix: string,
  ) {
    this.context = context;
    this.guard = context.guard;
    this.request = request;
    this.response = response;
    this.route = route;
    this.requestId = requestId;
    this.startedMs = startedMs;
    this.query = query;
    this.pathSuffix = pathSuffix;
  }

  /** Counts one finding, for this request and in the metrics. */
  countFinding(type: string): void {
    this.findingCount += 1;
    this.findingTypes ??= new Map();
    this.findingTypes.set(type, (this.findingTypes.get(type) ?? 0) + 1);
    this.context.metrics.countFinding(type);
  }
}
