/** What `rampart gateway` does. */
import cluster from "node:cluster";
import type { GatewayConfig } from "#contract";
import type { Guard } from "#detect";
import { createGateway, serveAsWorker, startProcesses } from "#gateway";
import { type CheckedLaunch, type Launch, readLaunch, toConfigured } from "../gateway-launch.ts";
import { packageVersion } from "../package-info.ts";
import type { ProcessRange } from "../process-range.ts";
import { limitsFact } from "../redis-settings.ts";
import { drainOnSignal, reloadOnSignal } from "../signals.ts";
import { reportReady } from "../supervisor.ts";

/** Flags of `rampart gateway`. */
export interface GatewayOptions {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly policy: string;
  readonly fallbackUpstream?: string;
  readonly processes?: ProcessRange;
}

/** Serves the gateway, in this process or in several. @returns the line that says where; null in one of several */
export async function serveGateway(options: GatewayOptions): Promise<string | null> {
  const version = packageVersion();
  if (cluster.isWorker) {
    serveAsWorker(
      (launch: Launch) => ({ ...toConfigured(launch), version }),
      ({ guard }) => warmUp(guard),
    );
    return null;
  }
  // Until it serves there is nothing to change; without a listener the signal would end the process.
  process.on("SIGHUP", () => undefined);
  const { fallbackUpstream, ...rest } = options;
  const flags = { ...rest, ...(fallbackUpstream === undefined ? {} : { fallbackBaseUrl: fallbackUpstream }) };
  const read = (running?: Launch): CheckedLaunch => readLaunch(flags, running);
  const checked = read();
  const { launch, config, upstreams } = checked;
  const { min, max } = config.processes;
  const url = max === 1 ? await serveHere(checked, read, version) : await serveApart(checked, read);
  const processes =
    max === 1 ? "one process" : min === max ? `${min} processes` : `${min} to ${max} processes`;
  reportReady(url, {
    policy: launch.policy.name,
    openai: upstreams.openai,
    anthropic: upstreams.anthropic,
    keys:
      config.customers.length > 0 ? "customer keys" : `none needed on ${config.host}: open to this machine`,
    sessions: "embedded (memory)",
    limits: limitsFact(config),
    audit: auditFact(config),
    processes,
  });
  return `gateway on ${url}, policy ${launch.policy.name}, ${processes}, openai -> ${upstreams.openai}, anthropic -> ${upstreams.anthropic}`;
}

function auditFact({ audit, postgres }: GatewayConfig): string {
  if (!audit.enabled || audit.dir === undefined) return "off";
  return postgres.url === undefined ? audit.dir : `${audit.dir}, copied to PostgreSQL`;
}

type Read = (running?: Launch) => CheckedLaunch;

async function serveHere({ launch }: CheckedLaunch, read: Read, version: string): Promise<string> {
  const configured = toConfigured(launch);
  const gateway = createGateway({
    ...configured,
    version,
    readAgain: () => toConfigured(read(launch).launch),
  });
  const { url } = await gateway.listen();
  drainOnSignal(() => gateway.drain());
  reloadOnSignal(() => gateway.reload());
  warmUp(configured.guard);
  return url;
}

async function serveApart({ launch, config }: CheckedLaunch, read: Read): Promise<string> {
  const group = await startProcesses({ config, launch, readAgain: (now) => read(now).launch });
  drainOnSignal(() => group.stop());
  reloadOnSignal(() => group.reload());
  return group.url;
}

/** Loads the models now, so that the first request does not wait for them. */
function warmUp(guard: Guard): void {
  guard.inspect("Ada Lovelace, ada@example.org");
  guard.detectInjection("hello");
}
