import type { IncomingHttpHeaders } from "node:http";
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
  /** Requests handed to the pool that have not ended: counted here, for the pool counts by asking every connection. */
  underWay = 0;
  private readonly connections: number;
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
  private readonly passed: readonly string[];
  private readonly passedWithKey: readonly string[];

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
    this.connections = config.connections;
    this.breaker = new CircuitBreaker(config.breaker);
    this.budget = new RetryBudget(config.retry.budgetShare, config.retry.budgetBurst);
    this.quota = settings.apiKey === undefined ? null : new Quota();

    const fixed = new Map<string, string>([["accept-encoding", "identity"]]);
    for (const [header, value] of Object.entries(settings.headers ?? {}))
      fixed.set(header.toLowerCase(), value);
    const passed = [...REQUEST_HEADERS].filter(
      (header) =>
        !fixed.has(header) && !KEY_HEADERS.has(header) && (takesClientKey || !ACCOUNT_HEADERS.has(header)),
    );
    const keyHeaders = (provider === "anthropic" ? [...KEY_HEADERS] : ["authorization"]).filter(
      (header) => takesClientKey && settings.apiKey === undefined && !fixed.has(header),
    );
    this.passed = passed;
    this.passedWithKey = [...passed, ...keyHeaders];
    if (settings.apiKey !== undefined) {
      if (provider === "anthropic") fixed.set("x-api-key", settings.apiKey);
      else fixed.set("authorization", `Bearer ${settings.apiKey}`);
    }
    this.fixedHeaders = [...fixed].flat();
  }

  /** Requests that wait for a connection. */
  get waiting(): number {
    return Math.max(0, this.underWay - this.connections);
  }

  /** The path of a request at this host. */
  pathOf(path: string): string {
    return this.basePath === "" ? path : this.basePath + path;
  }

  /**
   * The headers of a request, flat: the configured ones, then those of the client that may pass, each once.
   * @param passesKey whether the key that the client sent is the provider's
   */
  headersOf(sent: IncomingHttpHeaders, passesKey: boolean): string[] {
    const passed = passesKey ? this.passedWithKey : this.passed;
    const headers = this.fixedHeaders.slice();
    for (const name of passed) {
      const value = sent[name];
      if (typeof value === "string") headers.push(name, value);
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
