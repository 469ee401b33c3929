import type { MonotonicClock } from "#shared";
import type { Channel } from "./channel.ts";
import type { MonitorClient } from "./client.ts";
import type { DetectionFacts } from "./detection-facts.ts";
import { EventBatch, type FramedEvent } from "./event-batch.ts";
import { textFrame } from "./frame.ts";
import type { MonitorTimers } from "./timers.ts";
import { inTurns } from "./turns.ts";
import type { Wire } from "./wire.ts";

/** Shortest time between two flushes, ms: what happens meanwhile leaves in one write. */
const FLUSH_INTERVAL_MS = 50;
/**
 * A flush that took n ms is followed by a pause of this many times n, so that writing takes a fifth of the process; but by
 * no longer one than the bound, ms: with very many connections an event a second still leaves at once.
 */
const PAUSE_PER_FLUSH = 4;
const LONGEST_PAUSE_MS = 300;

/** Sends the waiting events of a channel: framed once, one write a connection. */
export class FanOut {
  private readonly wire: Wire;
  private readonly clock: MonotonicClock;
  private readonly timers: MonitorTimers;

  constructor(wire: Wire, clock: MonotonicClock, timers: MonitorTimers) {
    this.wire = wire;
    this.clock = clock;
    this.timers = timers;
  }

  /** Sees to it that what waits in the channel is sent as soon as the pace allows. */
  plan(channel: Channel<MonitorClient>, nowMs: number): void {
    if (channel.isBusy) return;
    channel.isBusy = true;
    const waitMs = channel.nextFlushMs - nowMs;
    const run = (): void => this.flush(channel);
    if (waitMs > 0) this.timers.after(waitMs, run);
    else this.timers.soon(run);
  }

  private flush(channel: Channel<MonitorClient>): void {
    const { clock, timers } = this;
    const startedMs = clock();
    const waiting = channel.pending;
    channel.pending = [];
    const events = waiting.map((facts) => this.framed(channel, facts));
    const batch = new EventBatch(events, channel.seq);
    const write = (client: MonitorClient): void => {
      client.seq = batch.lastSeq;
      if (!client.isWatching) return;
      const share = batch.shareOf(client.filter, client.filterKey);
      if (share.events > 0) this.wire.send(client, share.bytes, share.events);
    };
    const done = (busyMs: number): void => {
      const nowMs = clock();
      const pauseMs = Math.min(PAUSE_PER_FLUSH * busyMs, LONGEST_PAUSE_MS);
      channel.nextFlushMs = Math.max(startedMs + FLUSH_INTERVAL_MS, nowMs + pauseMs);
      channel.isBusy = false;
      if (channel.pending.length > 0) this.plan(channel, nowMs);
    };
    inTurns([...channel.clients], write, done, { clock, timers });
  }

  private framed(channel: Channel<MonitorClient>, facts: DetectionFacts | null): FramedEvent {
    channel.seq += 1;
    const skipped = channel.skipped > 0 ? { skipped: channel.skipped } : {};
    channel.skipped = 0;
    if (facts === null) {
      const event = { type: "keepalive", ...this.wire.stamp(channel.seq), ...skipped };
      return { facts, frame: textFrame(JSON.stringify(event)) };
    }
    const { endedAtMs, ...told } = facts;
    const event = {
      type: "detection_result",
      ...this.wire.stamp(channel.seq, endedAtMs),
      ...skipped,
      ...told,
    };
    return { facts, frame: textFrame(JSON.stringify(event)) };
  }
}
