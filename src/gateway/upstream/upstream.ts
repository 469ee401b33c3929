import type { ProviderConfig, UpstreamConfig } from "#contract";
import { type EpochClock, type MonotonicClock, RampartError, type Random } from "#shared";
import type { ProviderName } from "../providers/endpoints.ts";
import { UpstreamHost } from "./host.ts";

/** Clocks and dice of upstream calls. */
export interface UpstreamClocks {
  readonly monotonic: MonotonicClock;
  readonly epoch: EpochClock;
  readonly random: Random;
}

/** A provider: its hosts in the order in which they are asked. */
export interface Upstream {
  readonly name: ProviderName;
  readonly config: UpstreamConfig;
  readonly clocks: UpstreamClocks;
  readonly hosts: readonly UpstreamHost[];
  /** Requests waiting for a connection. */
  queued(): number;
  destroy(): Promise<void>;
}

/**
 * Makes the hosts of a provider from its configuration.
 * @throws RMP_CONFIG_INVALID when two hosts have the same name
 */
export function createUpstream(
  name: ProviderName,
  provider: ProviderConfig,
  config: UpstreamConfig,
  headerBytes: number,
  clocks: UpstreamClocks,
): Upstream {
  const { fallbacks = [] } = provider;
  const { origin } = new URL(provider.baseUrl);
  const shared = { provider: name, config, headerBytes };
  const hosts = [new UpstreamHost({ ...shared, name, settings: provider, takesClientKey: true })];
  for (const fallback of fallbacks) {
    if (hosts.some((host) => host.name === fallback.name))
      throw new RampartError(
        "RMP_CONFIG_INVALID",
        `providers.${name}.fallbacks: two hosts are ${fallback.name}`,
        {
          field: `providers.${name}.fallbacks`,
        },
      );
    const takesClientKey = new URL(fallback.baseUrl).origin === origin;
    hosts.push(new UpstreamHost({ ...shared, name: fallback.name, settings: fallback, takesClientKey }));
  }
  return {
    name,
    config,
    clocks,
    hosts,
    queued: () => hosts.reduce((sum, { pool }) => sum + pool.stats.queued, 0),
    destroy: async () => {
      await Promise.all(hosts.map(({ pool }) => pool.destroy()));
    },
  };
}
