import { type Listed, SlotList } from "../slot-list.ts";
import type { DetectionFacts } from "./detection-facts.ts";
import { EventBudget } from "./event-budget.ts";

/**
 * The connections that may see the same requests: those of one tenant, or those that see all. Each channel numbers its
 * events by itself, so that a gap or a jump tells nobody about another tenant.
 */
export class Channel<Client extends Listed> {
  readonly tenant: string | null;
  readonly clients = new SlotList<Client>();
  readonly budget: EventBudget;
  /** Number of the last event. */
  seq = 0;
  /** Events left out since the last one. */
  skipped = 0;
  /** Events that wait to be sent; null stands for a keepalive to everybody. */
  pending: (DetectionFacts | null)[] = [];
  /** A flush is planned or under way. */
  isBusy = false;
  /** Earliest time of the next flush, ms. */
  nextFlushMs = Number.NEGATIVE_INFINITY;

  /** @param tenant null: sees everything */
  constructor(tenant: string | null, eventsPerSec: number) {
    this.tenant = tenant;
    this.budget = new EventBudget(eventsPerSec);
  }
}
