import type { MetricFamily } from "../metrics/family.ts";
import { BOUND_KINDS, type BoundKind, ROUTE_CLASSES, type RouteClass } from "./bounds.ts";
import type { LimitMode } from "./permit.ts";

/** Told by every gateway that limits something. */
export const LIMIT_ADMITTED = "rampart_limit_admitted_total";

const MODES: readonly LimitMode[] = ["memory", "redis", "local", "open"];

/** Decisions of the limits; outlives a change of the configuration. */
export class LimitCounters {
  private readonly admitted = new Map<RouteClass, number>();
  private readonly refused = new Map<string, number>();
  private readonly modes = new Map<LimitMode, number>();
  /** Requests refused because Redis could not be asked. */
  unavailable = 0;

  countAdmitted(routes: RouteClass, mode: LimitMode): void {
    this.admitted.set(routes, (this.admitted.get(routes) ?? 0) + 1);
    this.modes.set(mode, (this.modes.get(mode) ?? 0) + 1);
  }

  countRefused(routes: RouteClass, bound: BoundKind, mode: LimitMode): void {
    const key = `${routes}.${bound}`;
    this.refused.set(key, (this.refused.get(key) ?? 0) + 1);
    this.modes.set(mode, (this.modes.get(mode) ?? 0) + 1);
  }

  /** @param held requests that hold a place under a limit on concurrency */
  families(held: number): MetricFamily[] {
    return [
      {
        name: LIMIT_ADMITTED,
        type: "counter",
        help: "Limited requests admitted, by class of routes.",
        samples: ROUTE_CLASSES.map((routes) => ({
          value: this.admitted.get(routes) ?? 0,
          labels: { routes },
        })),
      },
      {
        name: "rampart_limit_refused_total",
        type: "counter",
        help: "Requests refused by a limit, by class of routes and limit.",
        samples: ROUTE_CLASSES.flatMap((routes) =>
          BOUND_KINDS.map((bound) => ({
            value: this.refused.get(`${routes}.${bound}`) ?? 0,
            labels: { routes, bound },
          })),
        ),
      },
      {
        name: "rampart_limit_decisions_total",
        type: "counter",
        help: "Decisions by who took them: memory, redis; local and open while Redis could not be asked.",
        samples: MODES.map((mode) => ({ value: this.modes.get(mode) ?? 0, labels: { mode } })),
      },
      {
        name: "rampart_limit_unavailable_total",
        type: "counter",
        help: "Requests answered 503 because Redis could not be asked and the fail mode is closed.",
        samples: [{ value: this.unavailable }],
      },
      {
        name: "rampart_limit_leases",
        type: "gauge",
        help: "Requests under way that hold a place under a limit on concurrency.",
        samples: [{ value: held }],
      },
    ];
  }
}
