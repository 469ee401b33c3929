import { type FleetFigures, fleetFamilies } from "../workers/fleet-figures.ts";
import { countedFamilies, liveFamilies } from "./core-families.ts";
import { Exposition } from "./exposition.ts";
import { exposeFamilies, type MetricFamily } from "./family.ts";
import type { MetricsSnapshot } from "./snapshot.ts";

/** All families of a gateway. */
export function allFamilies(
  { core, live, families }: MetricsSnapshot,
  fleet: FleetFigures,
  version: string,
): MetricFamily[] {
  return [...liveFamilies(live, version), ...countedFamilies(core), ...fleetFamilies(fleet), ...families];
}

/** `/metrics` in Prometheus' text form. */
export function metricsToText(snapshot: MetricsSnapshot, fleet: FleetFigures, version: string): string {
  const out = new Exposition();
  exposeFamilies(out, allFamilies(snapshot, fleet, version));
  return out.toString();
}
