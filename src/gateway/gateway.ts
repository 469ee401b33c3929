import type { AddressInfo } from "node:net";
import type { GatewayConfigInput } from "#contract";
import type { Guard } from "#detect";
import { type EpochClock, epochMs, type MonotonicClock, monotonicMs, RampartError, randomHex } from "#shared";
import { resolveConfig } from "./config.ts";
import type { Detectors } from "./detectors.ts";
import type { ExchangeSink, GatewayContext } from "./exchange.ts";
import { refuseFixedChanges } from "./fixed-sections.ts";
import { createGeneration, type Generation } from "./generation.ts";
import { createLasting } from "./lasting.ts";
import { createMonitorDoor } from "./monitor/door.ts";
import { ownSnapshot } from "./own-snapshot.ts";
import { createRouter } from "./router.ts";
import { allRoutes } from "./routes/table.ts";
import { boundClients, createDataPlane } from "./server.ts";
import type { Fleet } from "./workers/fleet.ts";
import type { ReloadFigures } from "./workers/fleet-figures.ts";
import { createSoloFleet, type SoloMember } from "./workers/solo-fleet.ts";

/** How often a replaced configuration is asked whether its last request has ended, ms. */
const RETIRE_CHECK_MS = 100;

/** A configuration and what was loaded for it. */
export interface Configured {
  readonly config: GatewayConfigInput;
  readonly guard: Guard;
  /** Guards by the policy names that customers use. */
  readonly guards?: Readonly<Record<string, Guard>>;
}

/** What a gateway is made of. */
export interface GatewayOptions extends Configured {
  /** Reads the configuration again when a reload is asked for; without it reloads are refused. */
  readonly readAgain?: () => Configured;
  /** Makes the view of the processes that serve together; default: this process alone. */
  readonly fleet?: (member: SoloMember) => Fleet;
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
  /** Has the configuration read again and changed without losing a request. Never rejects: a refusal is a result. */
  reload(): Promise<ReloadFigures>;
}

/**
 * Makes a gateway.
 * @throws RMP_CONFIG_INVALID, RMP_NET_BIND_REFUSED
 */
export function createGateway(options: GatewayOptions): Gateway {
  const config = resolveConfig(options.config);
  const { clock = monotonicMs, epoch = epochMs, guard, version } = options;
  const lasting = createLasting({
    config,
    guard,
    version,
    clock,
    epoch,
    // Monitors have a bound of their own and take no request's place.
    onMonitorSize: (connections) => {
      boundClients(server, current.context.config, connections);
    },
  });
  const { audit, monitor } = lasting;
  const fleet = (options.fleet ?? createSoloFleet)({
    epoch,
    snapshot: () => ownSnapshot(current.context),
    isDraining: () => lasting.isDraining,
    reload: async () => change(options),
  });
  let current = createGeneration({ ...options, fleet }, config, lasting);
  const retiring = new Set<Generation>();
  const contextNow = (): GatewayContext => current.context;
  const nextId = createIds();
  const server = createDataPlane(contextNow, createRouter(allRoutes()), nextId);
  server.on("upgrade", createMonitorDoor(contextNow, monitor, nextId));
  let address: GatewayAddress | null = null;

  function change({ readAgain }: GatewayOptions): void {
    if (readAgain === undefined)
      throw new RampartError("RMP_CONFIG_NO_FILE", "the gateway was started without a file");
    const configured = readAgain();
    const nextConfig = resolveConfig(configured.config);
    refuseFixedChanges(current.context.config, nextConfig, true);
    const { detectors } = options;
    const next = createGeneration(
      { ...configured, version, fleet, sinks: options.sinks ?? [], ...(detectors && { detectors }) },
      nextConfig,
      lasting,
    );
    const old = current;
    current = next;
    lasting.guard = configured.guard;
    boundClients(server, nextConfig, monitor.figures().connections);
    retiring.add(old);
    void ended(old.context)
      .then(() => old.close())
      .finally(() => retiring.delete(old));
  }

  return {
    get address() {
      return address;
    },
    reload: () => fleet.reload(),
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once("error", (error: NodeJS.ErrnoException) => reject(toListenError(error, config.port)));
        server.listen(config.port, config.host, resolve);
      });
      const { port } = server.address() as AddressInfo; // a TCP server that listens
      const host = config.host.includes(":") ? `[${config.host}]` : config.host;
      address = { host: config.host, port, url: `http://${host}:${port}` };
      // In the background: without Redis the gateway serves all the same.
      void lasting.redis?.open();
      await audit.open();
      return address;
    },
    async close() {
      lasting.isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await drained(current.context, config.drainTimeoutMs);
      await monitor.close();
      server.closeAllConnections();
      await Promise.all([closed, ...[current, ...retiring].map((generation) => generation.close())]);
      await audit.close();
      lasting.redis?.close();
      await options.detectors?.close();
      lasting.system.stop();
      lasting.requestRate.stop();
    },
  };
}

/** Resolves when no request is under way that began with this context: streams may take as long as they take. */
function ended(context: GatewayContext): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      for (const exchange of context.active) if (exchange.context === context) return;
      clearInterval(timer);
      resolve();
    }, RETIRE_CHECK_MS);
    timer.unref();
  });
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
