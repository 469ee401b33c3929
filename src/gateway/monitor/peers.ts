import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import { EventBudget } from "./event-budget.ts";
import type { SharedEvent } from "./shared-event.ts";

/** Longest time an event waits before it is sent to others, ms: what happens meanwhile leaves as one message. */
const FLUSH_MS = 50;

/** One way to monitors elsewhere. */
export interface PeerOutlet {
  /** Whether somebody there wants events now. */
  isWanted(): boolean;
  /** Must not throw and not wait. */
  send(events: readonly SharedEvent[]): void;
  /** Told whether somebody watches here. */
  setWatching(isWatching: boolean): void;
  close(): void;
}

/** The monitors of other processes and instances: bounded, in batches, and nothing at all while nobody there watches. */
export class MonitorPeers implements MetricsSource {
  private readonly outlets: readonly PeerOutlet[];
  private readonly budget: EventBudget;
  private readonly mostWaiting: number;
  private pending: SharedEvent[] = [];
  private timer: NodeJS.Timeout | null = null;
  private isWatching = false;
  private sent = 0;
  private skipped = 0;
  private received = 0;

  constructor(outlets: readonly PeerOutlet[], eventsPerSec: number) {
    this.outlets = outlets;
    this.budget = new EventBudget(eventsPerSec);
    this.mostWaiting = 2 * eventsPerSec;
  }

  isWanted(): boolean {
    return this.outlets.some((outlet) => outlet.isWanted());
  }

  /** Takes an event of this process. */
  offer(event: SharedEvent, nowMs: number): void {
    if (this.pending.length >= this.mostWaiting || !this.budget.take(event.flagged, nowMs)) {
      this.skipped += 1;
      return;
    }
    this.pending.push(event);
    if (this.timer !== null) return;
    this.timer = setTimeout(() => this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  /** Counts events that came from elsewhere. */
  countReceived(events: number): void {
    this.received += events;
  }

  setConnections(connections: number): void {
    const isWatching = connections > 0;
    if (isWatching === this.isWatching) return;
    this.isWatching = isWatching;
    for (const outlet of this.outlets) outlet.setWatching(isWatching);
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.flush();
    for (const outlet of this.outlets) outlet.close();
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "rampart_monitor_shared_events_total",
        type: "counter",
        help: "Monitor events between processes and instances, by what became of them.",
        samples: [
          { value: this.sent, labels: { result: "sent" } },
          { value: this.skipped, labels: { result: "skipped" } },
          { value: this.received, labels: { result: "received" } },
        ],
      },
    ];
  }

  private flush(): void {
    this.timer = null;
    const events = this.pending;
    this.pending = [];
    if (events.length === 0) return;
    this.sent += events.length;
    for (const outlet of this.outlets) if (outlet.isWanted()) outlet.send(events);
  }
}
