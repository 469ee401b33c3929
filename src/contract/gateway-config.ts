import Type, { type Static } from "typebox";
import { AuditConfigSchema } from "./gateway-config/audit.ts";
import { BoundsConfigSchema } from "./gateway-config/bounds.ts";
import { CacheConfigSchema } from "./gateway-config/cache.ts";
import { ClientConfigSchema } from "./gateway-config/client.ts";
import { CustomerSchema } from "./gateway-config/customers.ts";
import { DetectorsConfigSchema } from "./gateway-config/detectors.ts";
import { closed, milliseconds } from "./gateway-config/fields.ts";
import { GuardConfigSchema } from "./gateway-config/guard.ts";
import { LimitsConfigSchema } from "./gateway-config/limits.ts";
import { LogsConfigSchema } from "./gateway-config/logs.ts";
import { MonitorConfigSchema } from "./gateway-config/monitor.ts";
import { OverloadConfigSchema } from "./gateway-config/overload.ts";
import { PostgresConfigSchema } from "./gateway-config/postgres.ts";
import { ProcessesConfigSchema } from "./gateway-config/processes.ts";
import { ProviderConfigSchema } from "./gateway-config/providers.ts";
import { RedisConfigSchema } from "./gateway-config/redis.ts";
import { SessionsConfigSchema } from "./gateway-config/sessions.ts";
import { TelemetryConfigSchema } from "./gateway-config/telemetry.ts";
import { UpstreamConfigSchema } from "./gateway-config/upstream.ts";

/**
 * The gateway's configuration (`rampart.yaml`). Every key has a default but `providers`; defaults in bytes and
 * milliseconds as the names say.
 */
export const GatewayConfigSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, default: "127.0.0.1", description: "address to listen on" }),
    port: Type.Integer({ minimum: 0, maximum: 65535, default: 8000, description: "port; 0 = any free one" }),
    providers: Type.Object(
      { openai: ProviderConfigSchema, anthropic: ProviderConfigSchema },
      { ...closed, description: "the providers behind `/openai/v1/*`, `/anthropic/v1/*` and `/v1/*`" },
    ),
    bounds: BoundsConfigSchema,
    client: ClientConfigSchema,
    upstream: UpstreamConfigSchema,
    guard: GuardConfigSchema,
    detectors: DetectorsConfigSchema,
    overload: OverloadConfigSchema,
    sessions: SessionsConfigSchema,
    cache: CacheConfigSchema,
    monitor: MonitorConfigSchema,
    audit: AuditConfigSchema,
    redis: RedisConfigSchema,
    limits: LimitsConfigSchema,
    postgres: PostgresConfigSchema,
    logs: LogsConfigSchema,
    telemetry: TelemetryConfigSchema,
    processes: ProcessesConfigSchema,
    customers: Type.Array(CustomerSchema, {
      default: [],
      description: "who may use the gateway; empty: open to everybody who reaches the address, loopback only",
    }),
    drainGraceMs: Type.Integer({
      minimum: 0,
      maximum: 60_000,
      default: 1_000,
      description:
        "how long idle connections may still send a request when a process ends: its answer tells them to close",
    }),
    drainTimeoutMs: milliseconds(30_000, "time that requests under way get on shutdown"),
  },
  { ...closed, title: "rampart.yaml, gateway" },
);

/** The complete configuration of a gateway. */
export type GatewayConfig = Static<typeof GatewayConfigSchema>;

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** A configuration as written: everything but the providers may be left out. */
export type GatewayConfigInput = DeepPartial<Omit<GatewayConfig, "providers">> &
  Pick<GatewayConfig, "providers">;
