import Value from "typebox/value";
import { type GatewayConfig, type GatewayConfigInput, GatewayConfigSchema } from "#contract";
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

/** One key that is wrong. No value of the configuration is among what is told. */
export interface ConfigurationFault {
  /** Such as `bounds.bodyBytes` or `customers.0.keys.0`. */
  readonly key: string;
  readonly reason: string;
  /** What to do. */
  readonly hint: string;
}

/** Every key that the schema refuses; empty when it refuses none. */
export function configurationFaults(input: GatewayConfigInput): ConfigurationFault[] {
  const filled: unknown = Value.Default(GatewayConfigSchema, structuredClone(input));
  const faults = new Map<string, ConfigurationFault>();
  for (const { instancePath, message } of Value.Errors(GatewayConfigSchema, filled)) {
    const key = instancePath.slice(1).replaceAll("/", ".");
    // An alternative of several tells of each: the first is enough.
    if (!faults.has(key)) faults.set(key, { key, reason: message, hint: hintFor(key) });
  }
  // What is wrong within a section makes the section wrong too: only the innermost key is told.
  const keys = [...faults.keys()];
  return [...faults.values()].filter(({ key }) => !keys.some((other) => other.startsWith(`${key}.`)));
}

interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

function hintFor(key: string): string {
  const root: object = GatewayConfigSchema;
  let above: SchemaNode = root;
  let node: SchemaNode | undefined = above;
  for (const part of key.split(".")) {
    above = node ?? above;
    node = node?.properties?.[part] ?? (/^\d+$/.test(part) ? node?.items : undefined);
    if (node === undefined) break;
  }
  if (node === undefined) return `keys here: ${Object.keys(above.properties ?? {}).join(", ")}`;
  const fallback =
    node.default === undefined || typeof node.default === "object"
      ? ""
      : ` (default ${JSON.stringify(node.default)})`;
  return node.description === undefined ? "see docs/configuration.md" : `${node.description}${fallback}`;
}
