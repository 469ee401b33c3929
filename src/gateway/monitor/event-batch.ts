import type { MonitorFilter } from "#contract";
import { type DetectionFacts, isWanted } from "./detection-facts.ts";

/** An event in its place in the stream, framed once for everybody. */
export interface FramedEvent {
  /** Null for events that pass every filter. */
  readonly facts: DetectionFacts | null;
  readonly frame: Buffer;
}

/** What one connection gets of a batch. */
export interface Share {
  readonly bytes: Buffer;
  readonly events: number;
}

/** Events that leave together: each connection gets its share in one write. */
export class EventBatch {
  /** Number of the last event. */
  readonly lastSeq: number;
  private readonly events: readonly FramedEvent[];
  private readonly all: Share;
  /** Shares by filter: connections with equal filters share the bytes. */
  private readonly filtered = new Map<string, Share>();

  constructor(events: readonly FramedEvent[], lastSeq: number) {
    this.events = events;
    this.lastSeq = lastSeq;
    this.all = joined(events);
  }

  /** @param filterKey the filter as text; equal filters have equal keys */
  shareOf(filter: MonitorFilter | null, filterKey: string): Share {
    if (filter === null) return this.all;
    let share = this.filtered.get(filterKey);
    if (share === undefined) {
      share = joined(this.events.filter(({ facts }) => facts === null || isWanted(facts, filter)));
      this.filtered.set(filterKey, share);
    }
    return share;
  }
}

function joined(events: readonly FramedEvent[]): Share {
  const [first] = events;
  const bytes =
    events.length === 1 && first !== undefined
      ? first.frame
      : Buffer.concat(events.map(({ frame }) => frame));
  return { bytes, events: events.length };
}
