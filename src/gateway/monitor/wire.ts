import type { GatewayConfig, MonitorNotice, MonitorStamp } from "#contract";
import type { EpochClock, MonotonicClock } from "#shared";
import type { Channel } from "./channel.ts";
import type { MonitorClient } from "./client.ts";
import { textFrame } from "./frame.ts";

/** Time for the other side to complete a close before the connection is ended, ms. */
export const CLOSE_TIMEOUT_MS = 3_000;

/** Close codes: RFC 6455, section 7.4.1, and IANA's registry for 1013. */
export const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;

type Said<T> = T extends MonitorNotice ? Omit<T, keyof MonitorStamp> : never;
/** A notice before it has its stamp. */
export type Notice = Said<MonitorNotice>;

/** What the wire needs. */
export interface WireOptions {
  readonly config: GatewayConfig["monitor"];
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  readonly onSize: (connections: number) => void;
}

/** All connections of a monitor: who is there, what is written to them, how they end. */
export class Wire {
  readonly channels = new Map<string | null, Channel<MonitorClient>>();
  /** Connections that were told to close and have not done so yet. */
  readonly ending = new Set<MonitorClient>();
  readonly counts = {
    connections: 0,
    eventsSent: 0,
    eventsSkipped: 0,
    slowReadersCut: 0,
    connectionsLost: 0,
  };
  private readonly options: WireOptions;

  constructor(options: WireOptions) {
    this.options = options;
  }

  join(client: MonitorClient): void {
    client.channel.clients.add(client);
    this.channels.set(client.channel.tenant, client.channel);
    this.counts.connections += 1;
    this.options.onSize(this.counts.connections);
  }

  /** Harmless when the connection has left already. */
  leave(client: MonitorClient): void {
    if (client.slot === -1) return;
    const { channel } = client;
    channel.clients.remove(client);
    if (channel.clients.size === 0) this.channels.delete(channel.tenant);
    this.counts.connections -= 1;
    this.options.onSize(this.counts.connections);
  }

  /** Writes complete frames; a connection that did not read what was written before is cut instead. */
  send(client: MonitorClient, bytes: Buffer, events: number): void {
    if (client.slot === -1) return;
    if (client.socket.writableLength > this.options.config.bufferBytes) {
      this.counts.slowReadersCut += 1;
      this.end(client, CLOSE.tryAgainLater, "this connection does not read what it is sent");
      return;
    }
    client.socket.write(bytes);
    client.lastSentMs = this.options.clock();
    this.counts.eventsSent += events;
  }

  /** Says something to one connection. */
  say(client: MonitorClient, notice: Notice): void {
    this.send(client, textFrame(JSON.stringify({ ...notice, ...this.stamp(client.seq) })), 1);
  }

  stamp(seq: number, ts = this.options.epoch()): MonitorStamp {
    return { timestamp: new Date(ts).toISOString(), ts, seq };
  }

  /** Begins to close a connection; {@link Wire.endLate} ends it when the other side does not answer. */
  end(client: MonitorClient, code: number, reason: string): void {
    if (client.slot === -1) return;
    this.leave(client);
    client.endAtMs = this.options.clock() + CLOSE_TIMEOUT_MS;
    this.ending.add(client);
    client.ws.close(code, reason);
  }

  /** Ends the connections whose other side did not complete the close in time. */
  endLate(nowMs: number): void {
    for (const client of this.ending) if (nowMs >= client.endAtMs) client.ws.terminate();
  }
}
