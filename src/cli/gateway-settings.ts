/** Where the gateway's configuration comes from: file, environment, flags; later ones win. */
import { parse } from "yaml";
import type { GatewayConfigInput } from "#contract";
import { RampartError } from "#shared";
import { cacheSettings } from "./cache-settings.ts";
import { readText } from "./input.ts";
import { postgresSettings } from "./postgres-settings.ts";
import { redisSettings } from "./redis-settings.ts";

/** Public addresses of the providers (their API references, 2026). */
const PUBLIC_BASE_URLS = {
  openai: "https://api.openai.com",
  anthropic: "https://api.anthropic.com",
} as const;

/** Environment variables per provider, named as the official SDKs name them. */
const PROVIDER_ENV = {
  openai: { key: "OPENAI_API_KEY", baseUrl: "OPENAI_BASE_URL" },
  anthropic: { key: "ANTHROPIC_API_KEY", baseUrl: "ANTHROPIC_BASE_URL" },
} as const;

/** Folder of the audit log in the working folder, unless the file names another. */
const DEFAULT_AUDIT_DIR = "audit";

/** Where the log goes unless the file says otherwise. */
const DEFAULT_LOG = "stderr";

/** What flags say. */
export interface GatewayFlags {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly processes?: { readonly min: number; readonly max: number };
  /** Upstream of every provider for which the environment holds no key: the mock LLM. */
  readonly fallbackBaseUrl?: string;
}

/** The configuration to start with, and for each provider where it leads. */
export interface GatewaySettings {
  readonly config: GatewayConfigInput;
  readonly upstreams: Readonly<Record<"openai" | "anthropic", string>>;
}

/**
 * Puts the configuration together. A provider that the file does not name is taken from the environment (key, base
 * URL), else from `fallbackBaseUrl`, else it is the provider's public address and clients send their own key.
 * @throws RMP_CONFIG_NOT_FOUND, RMP_CONFIG_INVALID naming file or key
 */
export function gatewaySettings(
  flags: GatewayFlags,
  env: Readonly<Record<string, string | undefined>>,
): GatewaySettings {
  const file = flags.config === undefined ? {} : readConfigFile(flags.config);
  const providers = {
    openai: provider("openai", file, flags, env),
    anthropic: provider("anthropic", file, flags, env),
  };
  const config: GatewayConfigInput = {
    ...file,
    providers,
    audit: { dir: DEFAULT_AUDIT_DIR, ...file.audit },
    logs: { to: DEFAULT_LOG, ...file.logs },
    telemetry: { ...tracesUrl(env), ...file.telemetry },
    cache: { ...file.cache, ...cacheSettings(env) },
    postgres: { ...file.postgres, ...postgresSettings(env) },
    redis: { ...file.redis, ...redisSettings(env) },
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.processes === undefined ? {} : { processes: { ...file.processes, ...flags.processes } }),
  };
  return {
    config,
    upstreams: { openai: providers.openai.baseUrl, anthropic: providers.anthropic.baseUrl },
  };
}

/** The variable is OpenTelemetry's own. Source: OpenTelemetry specification, "Protocol exporter". */
function tracesUrl(env: Readonly<Record<string, string | undefined>>): { readonly url?: string } {
  const url = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  return url ? { url } : {};
}

function provider(
  name: "openai" | "anthropic",
  file: Partial<GatewayConfigInput>,
  flags: GatewayFlags,
  env: Readonly<Record<string, string | undefined>>,
): GatewayConfigInput["providers"]["openai"] {
  const configured = file.providers?.[name];
  if (configured !== undefined) return configured;
  const apiKey = env[PROVIDER_ENV[name].key];
  const named = env[PROVIDER_ENV[name].baseUrl]?.replace(/\/v1\/?$/, "").replace(/\/$/, "");
  const isFallback = apiKey === undefined && named === undefined && flags.fallbackBaseUrl !== undefined;
  const baseUrl = isFallback ? flags.fallbackBaseUrl : (named ?? PUBLIC_BASE_URLS[name]);
  return { baseUrl: baseUrl ?? PUBLIC_BASE_URLS[name], ...(apiKey === undefined ? {} : { apiKey }) };
}

function readConfigFile(path: string): Partial<GatewayConfigInput> {
  const text = readText(path);
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_INVALID", `${path} is no YAML`, { cause, field: path });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new RampartError("RMP_CONFIG_INVALID", `${path} must hold a mapping of keys`, { field: path });
  // every key is checked by the gateway when it starts
  return value as Partial<GatewayConfigInput>;
}
