/** Which worker runs which users, and the `spawn` messages that tell it. */
import type { Scheduler } from "../scheduler.ts";
import type { WorkerRequest } from "../workers/create-workers.ts";
import { UserDispatcher } from "./dispatcher.ts";
import type { FleetPart } from "./fleet-part.ts";
import type { MasterSession } from "./master-session.ts";
import { sumUsers, writeSpawnOrder } from "./message.ts";
import { Pace } from "./pace.ts";

/** How often users are handed out, ms: Rampart workers get them so often, others as often as Locust's master sends. */
export const DISPATCH_MS = 100;
const LOCUST_DISPATCH_MS = 1000;

/** What orders are made of. */
export interface FleetOrdersOptions {
  readonly session: MasterSession;
  readonly request: WorkerRequest;
  readonly scheduler: Scheduler;
}

/** Hands out the users of a run to its workers. */
export class FleetOrders {
  readonly dispatcher = new UserDispatcher();
  readonly #options: FleetOrdersOptions;
  readonly #pace: Pace;
  #lastTimestamp = 0;

  constructor(options: FleetOrdersOptions) {
    this.#options = options;
    this.#pace = new Pace(options.request.settings.spawnRatePerSec, options.scheduler.nowMs());
  }

  /** How fast waiting users are placed; infinite = all at once. */
  set ratePerSec(ratePerSec: number) {
    this.#pace.ratePerSec = ratePerSec;
  }

  /** Places waiting users and moves others at the asked rate, then tells each worker whose numbers changed. */
  dispatch(parts: Iterable<FleetPart>): void {
    const { scheduler, session } = this.#options;
    const nowMs = scheduler.nowMs();
    this.#pace.spend(nowMs, (limit) => {
      const placed = this.dispatcher.release(limit);
      return placed + this.dispatcher.rebalance(limit - placed);
    });
    const present = new Set(session.members);
    for (const part of parts) {
      if (!present.has(part.member)) continue;
      const counts = this.dispatcher.countsOf(part.member.id);
      const text = JSON.stringify(counts);
      const paceMs = part.member.isPeer ? DISPATCH_MS / 2 : LOCUST_DISPATCH_MS;
      if (
        text === part.sent ||
        nowMs - part.sentAtMs < paceMs ||
        (!part.hasRun && !part.isOrdered && sumUsers(counts) === 0)
      )
        continue;
      part.sent = text;
      part.sentAtMs = nowMs;
      part.hasRun = true;
      this.#send(part.member.id, counts);
    }
  }

  #send(id: string, counts: Readonly<Record<string, number>>): void {
    const { request, session } = this.#options;
    const { settings, overrides, clocks } = request;
    // Workers drop an order that is not newer than the last one.
    this.#lastTimestamp = Math.max(clocks.epochMs() / 1000, this.#lastTimestamp + 1e-6);
    const order = {
      timestamp: this.#lastTimestamp,
      userClassesCount: counts,
      host: settings.host,
      stopTimeoutSec: settings.stopTimeoutSec,
      tags: overrides.tags ?? [],
      excludeTags: overrides.excludeTags ?? [],
    };
    session.send(id, "spawn", writeSpawnOrder(order, overrides.settings ?? {}));
  }
}
