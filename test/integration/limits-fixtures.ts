import { createHash } from "node:crypto";
import type { GatewayConfigInput, MockConfig } from "#contract";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

/** A gateway in this process, before a mock LLM of its own. */
export interface LimitedGateway {
  readonly url: string;
  readonly mock: MockLlm;
  /** URL of the mock LLM. */
  readonly upstream: string;
  /** Sends a chat, or `path` with `body`. */
  send(init?: SendOptions): Promise<Answer>;
  /** JSON of a GET route. */
  get(path: string, headers?: Record<string, string>): Promise<Record<string, unknown>>;
  /** Reads another configuration while it runs. @returns what became of it */
  reload(config: LimitedConfig): Promise<string>;
  close(): Promise<void>;
}

/** A configuration but its providers. */
export type LimitedConfig = Omit<GatewayConfigInput, "providers">;

/** What is sent. */
export interface SendOptions {
  readonly path?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds or counts of `x-ratelimit-*`; NaN when absent. */
  readonly limit: number;
  readonly remaining: number;
  readonly reset: number;
  readonly headers: Headers;
  readonly tookMs: number;
}

/** A chat of few tokens. */
export const CHAT = { model: "gpt-4", max_tokens: 20, messages: [{ role: "user", content: "Hello there." }] };

/** The digest of a key as the configuration wants it. */
export const hashOf = (key: string): string => `sha256:${createHash("sha256").update(key).digest("hex")}`;

/** Starts a gateway with limits. */
export async function startLimited(
  config: LimitedConfig,
  mockConfig: Partial<MockConfig> = {},
): Promise<LimitedGateway> {
  const mock = createMockLlm({ config: mockConfig });
  const { url: baseUrl } = await mock.listen({ port: 0 });
  const providers = { openai: { baseUrl }, anthropic: { baseUrl } };
  const guard = createGuard({ policy: { ...DEFAULT_POLICY, injection: { action: "off", threshold: 0.5 } } });
  let configured = config;
  const readAgain = () => ({ config: { port: 0, providers, ...configured }, guard });
  const gateway: Gateway = createGateway({ ...readAgain(), readAgain, version: "0.0.0-test" });
  const { url } = await gateway.listen();
  return {
    url,
    mock,
    upstream: baseUrl,
    send: (options) => send(url, options),
    get: async (path, headers = {}) =>
      (await (await fetch(url + path, { headers })).json()) as Record<string, unknown>,
    reload: async (next) => {
      configured = next;
      return (await gateway.reload()).result;
    },
    close: async () => {
      await gateway.close();
      await mock.close();
    },
  };
}

/** Waits until a gateway's limits are kept in Redis. */
export async function untilShared({ get }: LimitedGateway): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    const { services } = (await get("/health")) as { services: { redis: { state?: string } } };
    if (services.redis.state === "healthy") return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the gateway does not reach Redis");
}

async function send(url: string, options: SendOptions = {}): Promise<Answer> {
  const { path = "/v1/chat/completions", key, headers = {}, body = CHAT, signal } = options;
  const startedMs = performance.now();
  const response = await fetch(url + path, {
    method: "POST",
    headers: { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const number = (name: string): number => Number(response.headers.get(`x-ratelimit-${name}`) ?? Number.NaN);
  return {
    status: response.status,
    text,
    limit: number("limit"),
    remaining: number("remaining"),
    reset: number("reset"),
    headers: response.headers,
    tookMs: performance.now() - startedMs,
  };
}
