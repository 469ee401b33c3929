import type { MetricFamily } from "../../metrics/family.ts";

/** The states of the shipper; `starting`: PostgreSQL has not answered yet; `failing`: it does not answer or refuses. */
export const SHIPPER_STATES = ["starting", "healthy", "failing"] as const;
/** See {@link SHIPPER_STATES}. */
export type ShipperState = (typeof SHIPPER_STATES)[number];

/** Figures of the shipper, since the start of this process where they are counts. */
export interface ShipperFigures {
  readonly state: ShipperState;
  /** Records stored. */
  readonly shipped: number;
  /** Statements that stored records. */
  readonly batches: number;
  /** Rounds that failed. */
  readonly failures: number;
  /** Records that left the disk, or could not be read or taken, before they were copied. */
  readonly missed: number;
  /** Records deleted from PostgreSQL because of their age. */
  readonly pruned: number;
  /** Records on disk that are not copied, as of the last look; null while PostgreSQL has not told how far it is. */
  readonly lagRecords: number | null;
  /** Age of the oldest of them, ms. */
  readonly lagMs: number | null;
}

/** The figures as metrics. */
export function shipperFamilies(figures: ShipperFigures): readonly MetricFamily[] {
  const { state, shipped, batches, failures, missed, pruned, lagRecords, lagMs } = figures;
  return [
    {
      name: "rampart_audit_shipper_state",
      type: "gauge",
      help: "1 for the state that copying the audit log to PostgreSQL is in.",
      samples: SHIPPER_STATES.map((name) => ({ labels: { state: name }, value: name === state ? 1 : 0 })),
    },
    counter("rampart_audit_shipped_records_total", "Audit records stored in PostgreSQL.", shipped),
    counter("rampart_audit_shipped_batches_total", "Statements that stored audit records.", batches),
    counter("rampart_audit_ship_failures_total", "Attempts to copy the audit log that failed.", failures),
    counter(
      "rampart_audit_ship_missed_records_total",
      "Audit records removed from disk, or unreadable, before they were copied to PostgreSQL.",
      missed,
    ),
    counter("rampart_audit_pruned_records_total", "Audit records deleted from PostgreSQL by age.", pruned),
    {
      name: "rampart_audit_ship_lag_records",
      type: "gauge",
      help: "Audit records on disk that are not in PostgreSQL yet.",
      samples: lagRecords === null ? [] : [{ value: lagRecords }],
    },
    {
      name: "rampart_audit_ship_lag_seconds",
      type: "gauge",
      help: "Age of the oldest audit record that is not in PostgreSQL yet.",
      merge: "max",
      samples: lagMs === null ? [] : [{ value: lagMs / 1000 }],
    },
  ];
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name, type: "counter", help, samples: [{ value }] };
}
