import type { GatewayConfig, GatewayConfigInput } from "#contract";
import { createCustomers } from "./auth/customers.ts";
import { resolveConfig } from "./config.ts";
import { refuseFixedChanges } from "./fixed-sections.ts";

/**
 * Checks a configuration as a start would, without starting anything.
 * @param running the configuration that is to be replaced while the gateway runs: its address cannot change
 * @throws RMP_CONFIG_INVALID, RMP_NET_BIND_REFUSED, RMP_CONFIG_RESTART_NEEDED
 */
export function checkedConfig(input: GatewayConfigInput, running?: GatewayConfigInput): GatewayConfig {
  const config = resolveConfig(input);
  createCustomers(config.customers);
  if (running !== undefined) refuseFixedChanges(resolveConfig(running), config, false);
  return config;
}
