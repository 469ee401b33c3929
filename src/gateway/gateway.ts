import type { AddressInfo } from "node:net";
import type { GatewayConfigInput } from "#contract";
import type { Guard } from "#detect";
import { type EpochClock, epochMs, type MonotonicClock, monotonicMs, RampartError, randomHex } from "#shared";
import { resolveConfig } from "./config.ts";
import type { Detectors } from "./detectors.ts";
import type { ExchangeSink, GatewayContext } from "./exchange.ts";
import { createGeneration } from "./generation.ts";
import { createLasting } from "./lasting.ts";
import { createMonitorDoor } from "./monitor/door.ts";
import { createRouter } from "./router.ts";
import { allRoutes } from "./routes/table.ts";
import { createDataPlane } from "./server.ts";

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
  const { clock = monotonicMs, epoch = epochMs, guard, version } = options;
  const lasting = createLasting({
    config,
    guard,
    version,
    clock,
    epoch,
    // Monitors have a bound of their own and take no request's place.
    onMonitorSize: (connections) => {
      server.maxConnections = current.context.config.client.connections + connections;
    },
  });
  const { audit, monitor } = lasting;
  const current = createGeneration(options, config, lasting);
  const contextNow = (): GatewayContext => current.context;
  const nextId = createIds();
  const server = createDataPlane(contextNow, createRouter(allRoutes()), nextId);
  server.on("upgrade", createMonitorDoor(contextNow, monitor, nextId));
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
      await Promise.all([closed, current.close()]);
      await audit.close();
      lasting.redis?.close();
      await options.detectors?.close();
      lasting.system.stop();
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
