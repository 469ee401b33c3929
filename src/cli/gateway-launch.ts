/** What a gateway process is started with: read once, plain data, so that all processes of a gateway have the same. */
import { createGuard, loadPolicy } from "#backends";
import type { GatewayConfig, GatewayConfigInput } from "#contract";
import type { Guard, Policy } from "#detect";
import { type Configured, checkedConfig } from "#gateway";
import { type GatewayFlags, gatewaySettings } from "./gateway-settings.ts";

/** Flags of `rampart gateway` that decide what is served. */
export interface LaunchFlags extends GatewayFlags {
  /** Shipped policy or path of a policy file. */
  readonly policy: string;
}

/** Configuration and policies, read and checked. */
export interface Launch {
  readonly config: GatewayConfigInput;
  readonly policy: Policy;
  /** Policies by the names that customers use. */
  readonly policies: Readonly<Record<string, Policy>>;
}

/** A launch and what was found out while it was read. */
export interface CheckedLaunch {
  readonly launch: Launch;
  readonly config: GatewayConfig;
  readonly upstreams: Readonly<Record<"openai" | "anthropic", string>>;
}

/**
 * Reads file, environment and policies, and checks all of it.
 * @param running what runs now, when this is to replace it
 * @throws RMP_CONFIG_NOT_FOUND, RMP_CONFIG_INVALID, RMP_CONFIG_RESTART_NEEDED, RMP_NET_BIND_REFUSED,
 *   RMP_DETECT_POLICY_INVALID
 */
export function readLaunch(flags: LaunchFlags, running?: Launch): CheckedLaunch {
  const { config, upstreams } = gatewaySettings(flags, process.env);
  const checked = checkedConfig(config, running?.config);
  const names = checked.customers.flatMap(({ policy }) => policy ?? []);
  const policies = Object.fromEntries(names.map((name) => [name, loadPolicy(name)]));
  return { launch: { config, policy: loadPolicy(flags.policy), policies }, config: checked, upstreams };
}

/** The guards of a launch, made. */
export function toConfigured({ config, policy, policies }: Launch): Configured {
  const guards = Object.entries(policies).map(([name, own]): [string, Guard] => [
    name,
    createGuard({ policy: own }),
  ]);
  return { config, guard: createGuard({ policy }), guards: Object.fromEntries(guards) };
}
