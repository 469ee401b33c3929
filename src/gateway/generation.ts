import type { GatewayConfig } from "#contract";
import type { Guard } from "#detect";
import { RampartError, systemRandom } from "#shared";
import { createCustomers } from "./auth/customers.ts";
import { createShippedDetectors, type Detectors } from "./detectors.ts";
import type { ExchangeSink, GatewayContext } from "./exchange.ts";
import type { Lasting } from "./lasting.ts";
import { createLimits } from "./limits/limits.ts";
import { processCpu } from "./metrics/process-cpu.ts";
import { OutputFigures } from "./output/output-findings.ts";
import { pipeline } from "./pipeline.ts";
import type { ProviderName } from "./providers/endpoints.ts";
import { createUpstream } from "./upstream/upstream.ts";
import { createUpstreamMetrics } from "./upstream/upstream-metrics.ts";
import type { Fleet } from "./workers/fleet.ts";

/** What a generation is made of, beside its configuration. */
export interface GenerationOptions {
  readonly guard: Guard;
  readonly guards?: Readonly<Record<string, Guard>>;
  /** Handed in ones are not closed with the generation. */
  readonly detectors?: Detectors;
  readonly version: string;
  readonly sinks?: readonly ExchangeSink[];
  readonly fleet: Fleet;
}

/**
 * Everything that one configuration makes. A reload makes the next generation beside the running one; requests under way
 * keep the one they began with, which is closed when the last of them has ended.
 */
export interface Generation {
  readonly context: GatewayContext;
  /** Closes what belongs to this generation alone. */
  close(): Promise<void>;
}

/**
 * Makes a generation; it connects to nothing yet.
 * @throws RMP_CONFIG_INVALID
 */
export function createGeneration(
  options: GenerationOptions,
  config: GatewayConfig,
  lasting: Lasting,
): Generation {
  for (const { name, policy } of config.customers)
    if (policy !== undefined && options.guards?.[policy] === undefined)
      throw new RampartError("RMP_CONFIG_INVALID", `customers: ${name} has a policy that is not loaded`, {
        field: "customers",
      });
  const { clock, epoch, monitor, audit, log, tracing } = lasting;
  const detectors = options.detectors ?? createShippedDetectors(options.guard, clock, config.detectors);
  const clocks = { monotonic: clock, epoch, random: systemRandom };
  const upstreamOf = (name: ProviderName) =>
    createUpstream(name, config.providers[name], config.upstream, config.bounds.headerBytes, clocks);
  const upstreams = { openai: upstreamOf("openai"), anthropic: upstreamOf("anthropic") };
  const limits = createLimits({ config, link: lasting.redis, ledger: lasting.limitLedger, clock });
  const outputFigures = new OutputFigures();
  const context: GatewayContext = {
    config,
    version: options.version,
    guard: options.guard,
    guards: options.guards ?? {},
    customers: createCustomers(config.customers),
    detectors: {
      ...detectors,
      image: lasting.caches.images?.remembering(detectors.image, options.guard) ?? detectors.image,
    },
    hashKey: lasting.hashKey,
    clock,
    epoch,
    startedMs: lasting.startedMs,
    metrics: lasting.metrics,
    system: lasting.system,
    requestRate: lasting.requestRate,
    fleet: options.fleet,
    sessions: lasting.sessions,
    caches: lasting.caches,
    upstreams,
    outputFigures,
    pipeline,
    connections: lasting.connections,
    active: lasting.active,
    sinks: [
      monitor.sink,
      audit.sink,
      ...(log.sink === null ? [] : [log.sink]),
      ...(tracing === null ? [] : [tracing.sink]),
      ...(options.sinks ?? []),
    ],
    tracing,
    monitorFigures: monitor.figures,
    audit,
    redis: lasting.redis,
    limits,
    metricsSources: [
      processCpu,
      log,
      ...(tracing === null ? [] : [tracing]),
      { families: monitor.sharedFamilies },
      createUpstreamMetrics(Object.values(upstreams)),
      outputFigures,
      lasting.caches,
      ...(lasting.redis === null ? [] : [lasting.redis]),
      ...(limits === null ? [] : [limits]),
      ...audit.sources,
    ],
    get isDraining() {
      return lasting.isDraining;
    },
  };
  return {
    context,
    async close() {
      limits?.close();
      await Promise.all([context.upstreams.openai.destroy(), context.upstreams.anthropic.destroy()]);
      if (options.detectors === undefined) await detectors.close();
    },
  };
}
