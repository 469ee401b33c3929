import type { AddressInfo, Socket } from "node:net";
import type { GatewayConfigInput } from "#contract";
import type { Guard } from "#detect";
import { type EpochClock, epochMs, type MonotonicClock, monotonicMs, RampartError, randomHex } from "#shared";
import { createAudit } from "./audit/audit.ts";
import { createCustomers } from "./auth/customers.ts";
import { resolveConfig } from "./config.ts";
import { createShippedDetectors, type Detectors } from "./detectors.ts";
import type { Exchange, ExchangeSink, GatewayContext } from "./exchange.ts";
import { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import { createSystemSampler } from "./metrics/system-sampler.ts";
import { createMonitorDoor } from "./monitor/door.ts";
import { createMonitor } from "./monitor/monitor.ts";
import { pipeline } from "./pipeline.ts";
import { createRouter } from "./router.ts";
import { allRoutes } from "./routes/table.ts";
import { createDataPlane } from "./server.ts";
import { createSessions } from "./sessions.ts";
import { SlotList } from "./slot-list.ts";
import { createUpstream } from "./upstream/upstream.ts";

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly config: GatewayConfigInput;
  readonly guard: Guard;
  /** Guards by the policy names that customers use. */
  readonly guards?: Readonly<Record<string, Guard>>;
  /** Default: the ones that ship. */
  readonly detectors?: Detectors;
  /** Version told by `/health` and metrics. */
  readonly version: string;
  readonly clock?: MonotonicClock;
  readonly epoch?: EpochClock;
  /** Told about every finished exchange. */
  readonly sinks?: readonly ExchangeSink[];
}

/** Where a gateway listens. */
export interface GatewayAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port` */
  readonly url: string;
}

/** A running gateway. */
export interface Gateway {
  /** @throws RMP_NET_PORT_IN_USE; RMP_NET_BIND_REFUSED when the address cannot be listened on */
  listen(): Promise<GatewayAddress>;
  /** Takes no new requests, lets those under way finish within `drainTimeoutMs`, closes everything. */
  close(): Promise<void>;
  /** Null before {@link Gateway.listen}. */
  readonly address: GatewayAddress | null;
}

/**
 * Makes a gateway.
 * @throws RMP_CONFIG_INVALID, RMP_NET_BIND_REFUSED
 */
export function createGateway(options: GatewayOptions): Gateway {
  const config = resolveConfig(options.config);
  for (const { name, policy } of config.customers)
    if (policy !== undefined && options.guards?.[policy] === undefined)
      throw new RampartError("RMP_CONFIG_INVALID", `customers: ${name} has a policy that is not loaded`, {
        field: "customers",
      });
  const clock = options.clock ?? monotonicMs;
  const detectors = options.detectors ?? createShippedDetectors(options.guard, clock);
  const epoch = options.epoch ?? epochMs;
  const monitor = createMonitor({
    config: config.monitor,
    clock,
    epoch,
    // Monitors have a bound of their own and take no request's place.
    onSize: (connections) => {
      server.maxConnections = config.client.connections + connections;
    },
  });
  const audit = createAudit({ config: config.audit, version: options.version, epoch });
  const limits = { headerBytes: config.bounds.headerBytes };
  const context: GatewayContext = {
    config,
    version: options.version,
    guard: options.guard,
    guards: options.guards ?? {},
    customers: createCustomers(config.customers),
    detectors,
    hashKey: Buffer.from(randomHex(32), "hex"),
    clock,
    epoch,
    startedMs: clock(),
    metrics: new GatewayMetrics(),
    system: createSystemSampler(clock),
    sessions: createSessions(options.guard, config.sessions, clock),
    upstreams: {
      openai: createUpstream("openai", config.providers.openai, config.upstream, limits),
      anthropic: createUpstream("anthropic", config.providers.anthropic, config.upstream, limits),
    },
    pipeline,
    connections: new Set<Socket>(),
    active: new SlotList<Exchange>(),
    sinks: [monitor.sink, audit.sink, ...(options.sinks ?? [])],
    monitorFigures: monitor.figures,
    audit,
    metricsSources: [],
    isDraining: false,
  };
  const nextId = createIds();
  const server = createDataPlane(context, createRouter(allRoutes()), nextId);
  server.on("upgrade", createMonitorDoor(context, monitor, nextId));
  let address: GatewayAddress | null = null;
  return {
    get address() {
      return address;
    },
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once("error", (error: NodeJS.ErrnoException) => reject(toListenError(error, config.port)));
        server.listen(config.port, config.host, resolve);
      });
      const { port } = server.address() as AddressInfo; // a TCP server that listens
      const host = config.host.includes(":") ? `[${config.host}]` : config.host;
      address = { host: config.host, port, url: `http://${host}:${port}` };
      await audit.open();
      return address;
    },
    async close() {
      context.isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await drained(context, config.drainTimeoutMs);
      await monitor.close();
      server.closeAllConnections();
      await Promise.all([closed, context.upstreams.openai.destroy(), context.upstreams.anthropic.destroy()]);
      await audit.close();
      await detectors.close();
      context.system.stop();
    },
  };
}

/** Resolves when nothing is under way or the time is over. */
function drained(context: GatewayContext, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadlineMs = context.clock() + timeoutMs;
    const check = (): void => {
      if (context.active.size === 0 || context.clock() >= deadlineMs) resolve();
      else setTimeout(check, 10);
    };
    check();
  });
}

function toListenError(error: NodeJS.ErrnoException, port: number): RampartError {
  return error.code === "EADDRINUSE"
    ? new RampartError("RMP_NET_PORT_IN_USE", `port ${port} is in use`, { cause: error, field: "port" })
    : new RampartError("RMP_NET_BIND_REFUSED", "the address cannot be listened on", {
        cause: error,
        field: "host",
      });
}

/** Request ids: unique in this process by counting, over processes by a random start. */
function createIds(): () => string {
  const prefix = `rq-${randomHex(6)}-`;
  let count = 0;
  return () => {
    count += 1;
    return prefix + count.toString(36);
  };
}
