import type { GatewayConfigInput } from "#contract";
import type { Guard } from "#detect";
import { type EpochClock, epochMs, type MonotonicClock, monotonicMs, RampartError, randomHex } from "#shared";
import { resolveConfig } from "./config.ts";
import type { Detectors } from "./detectors.ts";
import { allEnded, drainConnections } from "./drain.ts";
import type { ExchangeSink, GatewayContext } from "./exchange.ts";
import { refuseFixedChanges } from "./fixed-sections.ts";
import { createGeneration, type Generation } from "./generation.ts";
import { createLasting, withCaches } from "./lasting.ts";
import { type GatewayAddress, listenOn } from "./listen.ts";
import { createMonitorDoor } from "./monitor/door.ts";
import type { ProcessPeers } from "./monitor/process-outlet.ts";
import { ownSnapshot } from "./own-snapshot.ts";
import { createRouter } from "./router.ts";
import { allRoutes } from "./routes/table.ts";
import { boundClients, createDataPlane } from "./server.ts";
import type { Fleet } from "./workers/fleet.ts";
import type { ReloadFigures } from "./workers/fleet-figures.ts";
import { createSoloFleet, type SoloMember } from "./workers/solo-fleet.ts";

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
  /** The other processes that serve together with this one: their monitors are told what happens here. */
  readonly peers?: ProcessPeers;
  /** Default: the ones that ship. */
  readonly detectors?: Detectors;
  /** Version told by `/health` and metrics. */
  readonly version: string;
  readonly clock?: MonotonicClock;
  readonly epoch?: EpochClock;
  /** Told about every finished exchange. */
  readonly sinks?: readonly ExchangeSink[];
}

/** A running gateway. */
export interface Gateway {
  /** @throws RMP_NET_PORT_IN_USE; RMP_NET_BIND_REFUSED when the address cannot be listened on */
  listen(): Promise<GatewayAddress>;
  /**
   * Takes no new connections, lets requests under way finish within `drainTimeoutMs`, closes everything.
   * @param options `graceMs`: how long idle connections may still send a request, whose answer tells them to close;
   *   default 0
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
  /** Closes as above, with the configured grace for idle connections: what a signal does. */
  drain(): Promise<void>;
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
    peers: options.peers,
    // Monitors have a bound of their own and take no request's place.
    onMonitorSize: (connections) => {
      boundClients(server, current.context.config, connections);
    },
  });
  const { audit, monitor, log } = lasting;
  const fleet = (options.fleet ?? createSoloFleet)({
    epoch,
    snapshot: () => ownSnapshot(current.context),
    load: () => lasting.system.figures(),
    isDraining: () => lasting.isDraining,
    reload: async () => change(options),
    onReload: ({ result, reason }) =>
      log.write(result === "ok" ? "info" : "error", "configuration reload", { result, reason }),
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
    const now = current.context.config;
    refuseFixedChanges(now, nextConfig, true);
    const { detectors } = options;
    const next = withCaches(lasting, now.cache, nextConfig.cache, () =>
      createGeneration(
        { ...configured, version, fleet, sinks: options.sinks ?? [], ...(detectors && { detectors }) },
        nextConfig,
        lasting,
      ),
    );
    const old = current;
    current = next;
    lasting.guard = configured.guard;
    log.reopen();
    boundClients(server, nextConfig, monitor.figures().connections);
    retiring.add(old);
    void allEnded(old.context)
      .then(() => old.close())
      .finally(() => retiring.delete(old));
  }

  return {
    get address() {
      return address;
    },
    reload: () => fleet.reload(),
    async listen() {
      await log.open();
      address = await listenOn(server, config.host, config.port);
      // In the background: without Redis the gateway serves all the same.
      void lasting.redis?.open();
      await audit.open();
      log.write("info", "listening", { url: address.url, version });
      return address;
    },
    drain() {
      return this.close({ graceMs: current.context.config.drainGraceMs });
    },
    async close({ graceMs = 0 } = {}) {
      lasting.isDraining = true;
      log.write("info", "draining", { activeRequests: lasting.active.size });
      const { drainTimeoutMs } = current.context.config;
      await drainConnections({ server, ...lasting }, graceMs, drainTimeoutMs, monitor.close);
      await Promise.all([current, ...retiring].map((generation) => generation.close()));
      await audit.close();
      await lasting.tracing?.close();
      log.write("info", "closed");
      await log.close();
      lasting.redis?.close();
      await options.detectors?.close();
      lasting.system.stop();
      lasting.requestRate.stop();
    },
  };
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
