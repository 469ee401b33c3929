import { type Dispatcher, Pool } from "undici";
import type { GatewayConfig, ProviderConfig } from "#contract";
import type { ProviderName } from "../providers/endpoints.ts";

/** The connections to one provider and what is sent on all of them. */
export interface Upstream {
  readonly name: ProviderName;
  readonly pool: Dispatcher;
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string;
  /** Headers of every request, flat: the configured ones and the provider's key. */
  readonly fixedHeaders: readonly string[];
  /** Client headers that must not be sent because the configuration sets them. */
  readonly overridden: ReadonlySet<string>;
  /** Headers in which this provider takes a key: others never reach it. */
  readonly keyHeaders: ReadonlySet<string>;
  /** Requests waiting for a connection. */
  queued(): number;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

/**
 * Opens the pool of a provider; connects when the first request comes. The host comes from the configuration alone, and
 * redirects are not followed.
 */
export function createUpstream(
  name: ProviderName,
  provider: ProviderConfig,
  config: GatewayConfig["upstream"],
  eventLimits: { readonly headerBytes: number },
): Upstream {
  const url = new URL(provider.baseUrl);
  const pool = new Pool(url.origin, {
    connections: config.connections,
    pipelining: 1,
    keepAliveTimeout: config.keepAliveMs,
    headersTimeout: config.headersTimeoutMs,
    bodyTimeout: config.bodyTimeoutMs,
    maxHeaderSize: eventLimits.headerBytes,
    connect: { timeout: config.connectTimeoutMs },
  });
  const fixed = new Map<string, string>([["accept-encoding", "identity"]]);
  for (const [header, value] of Object.entries(provider.headers ?? {}))
    fixed.set(header.toLowerCase(), value);
  const overridden = new Set(fixed.keys());
  if (provider.apiKey !== undefined) {
    if (name === "anthropic") fixed.set("x-api-key", provider.apiKey);
    else fixed.set("authorization", `Bearer ${provider.apiKey}`);
    overridden.add("x-api-key").add("authorization");
  }
  return {
    name,
    pool,
    basePath: url.pathname.replace(/\/$/, ""),
    fixedHeaders: [...fixed].flat(),
    overridden,
    keyHeaders: new Set(name === "anthropic" ? ["authorization", "x-api-key"] : ["authorization"]),
    queued: () => pool.stats.queued,
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  };
}
