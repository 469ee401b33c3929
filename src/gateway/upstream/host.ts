import { Pool } from "undici";
import type { FallbackConfig, ProviderConfig, UpstreamConfig } from "#contract";
import type { ProviderName } from "../providers/endpoints.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { ACCOUNT_HEADERS, KEY_HEADERS, REQUEST_HEADERS } from "./headers.data.ts";
import { Quota } from "./quota.ts";
import { RetryBudget } from "./retry-budget.ts";

/** Why a try at a host failed. */
export type FailureReason = "unreachable" | "reset" | "timeout" | "protocol" | "server_error";

/** Counts of one host. */
export interface HostFigures {
  attempts: number;
  retries: number;
  hedges: number;
  rateLimited: number;
  /** Time until answers had ended or failed, over all attempts, ms. */
  totalMs: number;
  readonly failures: Record<FailureReason, number>;
}

/** What a host is made of. */
export interface HostOptions {
  readonly provider: ProviderName;
  readonly name: string;
  readonly settings: ProviderConfig | FallbackConfig;
  readonly config: UpstreamConfig;
  readonly headerBytes: number;
  /** The client's own key is meant for this host. */
  readonly takesClientKey: boolean;
}

/**
 * One host of a provider: its connections, what is sent on all of them, and how it has been doing. Connects when the first
 * request comes. The address comes from the configuration alone, and redirects are not followed.
 */
export class UpstreamHost {
  readonly name: string;
  readonly pool: Pool;
  readonly breaker: CircuitBreaker;
  readonly budget: RetryBudget;
  /** What is left of the quota of the configured key; null when clients bring their own. */
  readonly quota: Quota | null;
  readonly figures: HostFigures = {
    attempts: 0,
    retries: 0,
    hedges: 0,
    rateLimited: 0,
    totalMs: 0,
    failures: { unreachable: 0, reset: 0, timeout: 0, protocol: 0, server_error: 0 },
  };
  /** Model asked for instead of the request's. */
  readonly model: string | undefined;
  readonly headersTimeoutMs: number;
  private readonly basePath: string;
  /** Headers of every request, flat: the configured ones and the provider's key. */
  private readonly fixedHeaders: readonly string[];
  /** Client headers that are sent on. */
  private readonly passed: ReadonlySet<string>;
  private readonly passedWithKey: ReadonlySet<string>;

  constructor({ provider, name, settings, config, headerBytes, takesClientKey }: HostOptions) {
    const url = new URL(settings.baseUrl);
    this.name = name;
    this.basePath = url.pathname.replace(/\/$/, "");
    this.model = "model" in settings ? settings.model : undefined;
    this.headersTimeoutMs = settings.headersTimeoutMs ?? config.headersTimeoutMs;
    this.pool = new Pool(url.origin, {
      connections: config.connections,
      pipelining: 1,
      keepAliveTimeout: config.keepAliveMs,
      headersTimeout: this.headersTimeoutMs,
      bodyTimeout: settings.bodyTimeoutMs ?? config.bodyTimeoutMs,
      maxHeaderSize: headerBytes,
      connect: { timeout: settings.connectTimeoutMs ?? config.connectTimeoutMs },
    });
    this.breaker = new CircuitBreaker(config.breaker);
    this.budget = new RetryBudget(config.retry.budgetShare, config.retry.budgetBurst);
    this.quota = settings.apiKey === undefined ? null : new Quota();

    const fixed = new Map<string, string>([["accept-encoding", "identity"]]);
    for (const [header, value] of Object.entries(settings.headers ?? {}))
      fixed.set(header.toLowerCase(), value);
    const passed = new Set(REQUEST_HEADERS);
    for (const header of fixed.keys()) passed.delete(header);
    for (const header of KEY_HEADERS) passed.delete(header);
    if (!takesClientKey) for (const header of ACCOUNT_HEADERS) passed.delete(header);
    this.passed = passed;
    if (settings.apiKey !== undefined) {
      if (provider === "anthropic") fixed.set("x-api-key", settings.apiKey);
      else fixed.set("authorization", `Bearer ${settings.apiKey}`);
    }
    this.passedWithKey = new Set(passed);
    if (takesClientKey && settings.apiKey === undefined)
      for (const header of provider === "anthropic" ? KEY_HEADERS : ["authorization"])
        if (!fixed.has(header)) (this.passedWithKey as Set<string>).add(header); // made two lines above
    this.fixedHeaders = [...fixed].flat();
  }

  /** The path of a request at this host. */
  pathOf(path: string): string {
    return this.basePath === "" ? path : this.basePath + path;
  }

  /**
   * The headers of a request, flat: the configured ones, then those of the client that may pass.
   * @param rawHeaders `[name, value, …]`
   * @param passesKey whether the key that the client sent is the provider's
   */
  headersOf(rawHeaders: readonly string[], passesKey: boolean): string[] {
    const passed = passesKey ? this.passedWithKey : this.passed;
    const headers = this.fixedHeaders.slice();
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!.toLowerCase();
      if (passed.has(name)) headers.push(name, rawHeaders[i + 1]!);
    }
    return headers;
  }

  /** The body of a request, with this host's own model when it has one. */
  bodyOf(body: Buffer | string | null): Buffer | string | null {
    if (this.model === undefined || body === null) return body;
    // The body was parsed and found to be an object when it was read.
    return JSON.stringify({ ...(JSON.parse(body.toString()) as object), model: this.model });
  }
}
