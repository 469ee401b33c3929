/** What `rampart gateway` and `rampart mock-llm` do. */
import { createGuard } from "#backends";
import type { GatewayConfigInput, MockConfig } from "#contract";
import type { Guard } from "#detect";
import { createGateway } from "#gateway";
import { createMockLlm } from "#mock";
import { toRampartError } from "#shared";
import { gatewaySettings } from "../gateway-settings.ts";
import { packageVersion } from "../package-info.ts";
import { drainOnSignal } from "../signals.ts";
import { reportFailure, reportReady } from "../supervisor.ts";

/** Flags of `rampart gateway`. */
export interface GatewayOptions {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly policy: string;
  readonly fallbackUpstream?: string;
}

/** Flags of `rampart mock-llm`. */
export interface MockOptions {
  readonly port: number;
  readonly set: Partial<MockConfig>;
}

/** Flags of `rampart lab`. */
export interface LabOptions {
  readonly port: number;
  readonly gateway: string;
  readonly mock: string;
}

/** Serves the gateway. @returns the line that says where */
export async function serveGateway(options: GatewayOptions): Promise<string> {
  const { config, upstreams } = gatewaySettings(
    {
      ...options,
      ...(options.fallbackUpstream === undefined ? {} : { fallbackBaseUrl: options.fallbackUpstream }),
    },
    process.env,
  );
  const guard = createGuard({ policy: options.policy });
  const gateway = createGateway({ config, guard, guards: customerGuards(config), version: packageVersion() });
  const { url, host } = await gateway.listen();
  drainOnSignal(() => gateway.close());
  warmUp(guard);
  reportReady(url, {
    policy: guard.policy.name,
    openai: upstreams.openai,
    anthropic: upstreams.anthropic,
    keys:
      (config.customers ?? []).length > 0 ? "customer keys" : `none needed on ${host}: open to this machine`,
    sessions: "embedded (memory)",
    audit: config.audit?.enabled === false ? "off" : (config.audit?.dir ?? "off"),
  });
  return `gateway on ${url}, policy ${guard.policy.name}, openai -> ${upstreams.openai}, anthropic -> ${upstreams.anthropic}`;
}

/** A guard for every policy that a customer names; the gateway refuses customers whose policy has none. */
function customerGuards(config: GatewayConfigInput): Record<string, Guard> {
  const names = (config.customers ?? []).flatMap(({ policy }) => policy ?? []);
  return Object.fromEntries(names.map((policy) => [policy, createGuard({ policy })]));
}

/** Loads the models now, so that the first request does not wait for them. */
function warmUp(guard: Guard): void {
  guard.inspect("Ada Lovelace, ada@example.org");
  guard.detectInjection("hello");
}

/** Serves the mock LLM. @returns the line that says where */
export async function serveMock(options: MockOptions): Promise<string> {
  const mock = createMockLlm({ config: options.set });
  const { url } = await mock.listen({ port: options.port });
  drainOnSignal(() => mock.close());
  reportReady(url, {});
  return `mock LLM on ${url}`;
}

/** Starts a server; a failure is told to the parent when there is one, so that only one line is printed. */
export async function serving(start: () => Promise<string>): Promise<void> {
  try {
    const line = await start();
    if (process.send === undefined) process.stderr.write(`rampart: ${line}\n`);
  } catch (error) {
    const known = toRampartError(error);
    if (!reportFailure(known)) throw error;
    process.exitCode = known.exitCode;
    process.disconnect();
  }
}
