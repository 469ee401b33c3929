import Value from "typebox/value";
import { type GatewayConfig, type GatewayConfigInput, GatewayConfigSchema } from "#contract";
import { RampartError } from "#shared";

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/**
 * Fills in the defaults and checks every key.
 * @throws RMP_CONFIG_INVALID naming the first wrong key; RMP_NET_BIND_REFUSED for an address beyond loopback without keys
 */
export function resolveConfig(input: GatewayConfigInput): GatewayConfig {
  const filled: unknown = Value.Default(GatewayConfigSchema, structuredClone(input));
  if (!Value.Check(GatewayConfigSchema, filled)) {
    const [first] = Value.Errors(GatewayConfigSchema, filled);
    const field = first === undefined ? "" : first.instancePath.replace(/^\//, "").replaceAll("/", ".");
    throw new RampartError(
      "RMP_CONFIG_INVALID",
      `${field || "configuration"}: ${first?.message ?? "invalid"}`,
      {
        field,
      },
    );
  }
  if (filled.processes.min > filled.processes.max)
    throw new RampartError("RMP_CONFIG_INVALID", "processes.max: must not be less than processes.min", {
      field: "processes.max",
    });
  if (!LOOPBACK.test(filled.host) && filled.customers.length === 0)
    throw new RampartError("RMP_NET_BIND_REFUSED", `listening on ${filled.host} needs customer keys`, {
      field: "host",
    });
  return filled;
}
