import type { GatewayConfig } from "#contract";
import { RampartError } from "#shared";

/** Sections that no reload can change: the listening socket would have to be given up. */
const ADDRESS = ["host", "port"] as const;
/** Sections whose parts last as long as their process: with several processes a reload replaces these one by one. */
const OF_PROCESS = [
  "monitor",
  "audit",
  "postgres",
  "sessions",
  "processes",
  "logs",
  "telemetry",
  "redis",
  "postgres",
] as const;

/**
 * Refuses a change of what cannot change while a gateway runs.
 * @param isSameProcess whether the process itself goes on
 * @throws RMP_CONFIG_RESTART_NEEDED naming the key
 */
export function refuseFixedChanges(now: GatewayConfig, next: GatewayConfig, isSameProcess: boolean): void {
  const fixed: readonly string[] = isSameProcess ? [...ADDRESS, ...OF_PROCESS] : ADDRESS;
  const of = (config: GatewayConfig, key: string): string =>
    // a section may be absent from the schema of this gateway
    JSON.stringify((config as Readonly<Record<string, unknown>>)[key]) ?? "";
  const key = fixed.find((name) => of(now, name) !== of(next, name));
  if (key !== undefined)
    throw new RampartError("RMP_CONFIG_RESTART_NEEDED", `${key}: cannot change while the gateway runs`, {
      field: key,
    });
}
