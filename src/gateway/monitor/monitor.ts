import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { GatewayConfig, MonitorNotice, MonitorStamp } from "#contract";
import { type EpochClock, type MonotonicClock, RampartError, toRampartError } from "#shared";
import type { Exchange, ExchangeSink } from "../exchange.ts";
import { Channel } from "./channel.ts";
import { clientOf, MonitorClient, MonitorSocket } from "./client.ts";
import { readMessage } from "./client-messages.ts";
import { type DetectionFacts, detectionFacts, isFlagged, isWatched } from "./detection-facts.ts";
import { EventBatch, type FramedEvent } from "./event-batch.ts";
import type { MonitorFigures } from "./figures.ts";
import { textFrame } from "./frame.ts";
import { type MonitorTimers, nodeTimers } from "./timers.ts";

/** Connections written to before other work of the process gets its turn (performance measurements, WebSockets). */
const WRITES_AT_ONCE = 500;
/** Shortest time between two flushes, ms: what happens meanwhile leaves in one write. */
const FLUSH_INTERVAL_MS = 50;
/** A flush that took n ms is followed by a pause of this many times n: writing takes a fifth of the process at most. */
const PAUSE_PER_FLUSH = 4;
/** How often silent, idle and closing connections are looked at, ms. */
const SWEEP_INTERVAL_MS = 1_000;
/** Time for the other side to complete a close before the connection is ended, ms. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Close codes: RFC 6455, section 7.4.1, and IANA's registry for 1013. */
const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;

/** What a live monitor is made of. */
export interface MonitorOptions {
  readonly config: GatewayConfig["monitor"];
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Default: Node's. */
  readonly timers?: MonitorTimers;
  /** Told whenever the number of connections changes. */
  readonly onSize?: (connections: number) => void;
}

/** Shows what the gateway does, while it does it, without any content. */
export interface Monitor {
  /** Takes every finished exchange; next to free while nobody watches. */
  readonly sink: ExchangeSink;
  /**
   * Turns an upgrade request that was let in into a connection.
   * @param tenant whose requests it may see; null: all
   * @throws RMP_OVERLOADED when there are as many connections as configured, or the monitor is closing
   */
  connect(request: IncomingMessage, socket: Duplex, head: Buffer, tenant: string | null): void;
  figures(): MonitorFigures;
  /** Says goodbye to all connections (1001) and resolves when they are gone. */
  close(): Promise<void>;
}

type Said<T> = T extends MonitorNotice ? Omit<T, keyof MonitorStamp> : never;
/** A notice before it has its stamp. */
type Notice = Said<MonitorNotice>;

/** Makes a live monitor. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { config, clock, epoch, timers = nodeTimers, onSize = () => {} } = options;
  const channels = new Map<string | null, Channel<MonitorClient>>();
  const ending = new Set<MonitorClient>();
  const counts = { connections: 0, eventsSent: 0, eventsSkipped: 0, slowReadersCut: 0, connectionsLost: 0 };
  let isClosing = false;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.messageBytes,
    WebSocket: MonitorSocket,
  });
  const endSweep = timers.every(SWEEP_INTERVAL_MS, sweep);

  function sink(exchange: Exchange): void {
    if (channels.size === 0 || !isWatched(exchange)) return;
    // A request without a customer on a gateway that has some belongs to nobody: only who sees all sees it.
    const isOwned = exchange.caller !== null || exchange.context.customers.isOpen;
    const tenant = isOwned ? exchange.tenant : null;
    const everything = channels.get(null);
    const own = tenant === null ? undefined : channels.get(tenant);
    if (everything === undefined && own === undefined) return;
    const nowMs = clock();
    let facts: DetectionFacts | null = null;
    for (const channel of [everything, own]) {
      if (channel === undefined) continue;
      const isRoom = channel.pending.length < 2 * config.eventsPerSec;
      if (!isRoom || !channel.budget.take(isFlagged(exchange), nowMs)) {
        channel.skipped += 1;
        counts.eventsSkipped += 1;
        continue;
      }
      facts ??= detectionFacts(exchange, tenant, nowMs);
      channel.pending.push(facts);
      planFlush(channel, nowMs);
    }
  }

  function planFlush(channel: Channel<MonitorClient>, nowMs: number): void {
    if (channel.isBusy) return;
    channel.isBusy = true;
    const waitMs = channel.nextFlushMs - nowMs;
    if (waitMs > 0) timers.after(waitMs, () => flush(channel));
    else timers.soon(() => flush(channel));
  }

  function flush(channel: Channel<MonitorClient>): void {
    const startedMs = clock();
    const waiting = channel.pending;
    channel.pending = [];
    const batch = new EventBatch(
      waiting.map((facts) => framed(channel, facts)),
      channel.seq,
    );
    const write = (client: MonitorClient): void => {
      client.seq = batch.lastSeq;
      if (!client.isWatching) return;
      const { bytes, events } = batch.shareOf(client.filter, client.filterKey);
      if (events > 0) send(client, bytes, events);
    };
    inTurns([...channel.clients], write, (busyMs) => {
      const nowMs = clock();
      channel.nextFlushMs = Math.max(startedMs + FLUSH_INTERVAL_MS, nowMs + PAUSE_PER_FLUSH * busyMs);
      channel.isBusy = false;
      if (channel.pending.length > 0) planFlush(channel, nowMs);
    });
  }

  function framed(channel: Channel<MonitorClient>, facts: DetectionFacts | null): FramedEvent {
    channel.seq += 1;
    const skipped = channel.skipped > 0 ? { skipped: channel.skipped } : {};
    channel.skipped = 0;
    if (facts === null)
      return {
        facts,
        frame: textFrame(JSON.stringify({ type: "keepalive", ...stamp(channel.seq), ...skipped })),
      };
    const { endedAtMs, ...told } = facts;
    const event = { type: "detection_result", ...stamp(channel.seq, endedAtMs), ...skipped, ...told };
    return { facts, frame: textFrame(JSON.stringify(event)) };
  }

  /** Calls `write` for each client, some at a time, and `done` with the time that the calls took, ms. */
  function inTurns(
    clients: readonly MonitorClient[],
    write: (client: MonitorClient) => void,
    done: (busyMs: number) => void,
  ): void {
    let next = 0;
    let busyMs = 0;
    const turn = (): void => {
      const startedMs = clock();
      for (const end = next + WRITES_AT_ONCE; next < end && next < clients.length; next += 1)
        write(clients[next]!);
      busyMs += clock() - startedMs;
      if (next < clients.length) timers.soon(turn);
      else done(busyMs);
    };
    turn();
  }

  function send(client: MonitorClient, bytes: Buffer, events: number): void {
    if (client.slot === -1) return;
    if (client.socket.writableLength > config.bufferBytes) {
      counts.slowReadersCut += 1;
      end(client, CLOSE.tryAgainLater, "this connection does not read what it is sent");
      return;
    }
    client.socket.write(bytes);
    client.lastSentMs = clock();
    counts.eventsSent += events;
  }

  function say(client: MonitorClient, notice: Notice): void {
    send(client, textFrame(JSON.stringify({ ...notice, ...stamp(client.seq) })), 1);
  }

  function stamp(seq: number, ts = epoch()): MonitorStamp {
    return { timestamp: new Date(ts).toISOString(), ts, seq };
  }

  /** Begins to close a connection; the sweep ends it when the other side does not answer. */
  function end(client: MonitorClient, code: number, reason: string): void {
    if (client.slot === -1) return;
    leave(client);
    client.endAtMs = clock() + CLOSE_TIMEOUT_MS;
    ending.add(client);
    client.ws.close(code, reason);
  }

  function leave(client: MonitorClient): void {
    if (client.slot === -1) return;
    const { channel } = client;
    channel.clients.remove(client);
    if (channel.clients.size === 0) channels.delete(channel.tenant);
    counts.connections -= 1;
    onSize(counts.connections);
  }

  function sweep(): void {
    const nowMs = clock();
    for (const client of ending) if (nowMs >= client.endAtMs) client.ws.terminate();
    for (const channel of channels.values()) {
      if (channel.skipped > 0 && channel.pending.length === 0) {
        // The burst is over: without this nobody would learn what was left out of it.
        channel.pending.push(null);
        planFlush(channel, nowMs);
      }
      inTurns(
        [...channel.clients].filter(needsCare),
        (client) => lookAfter(client, nowMs),
        () => {},
      );
    }
    function needsCare(client: MonitorClient): boolean {
      return nowMs - Math.min(client.lastSentMs, client.pingedAtMs) >= config.keepAliveMs;
    }
  }

  function lookAfter(client: MonitorClient, nowMs: number): void {
    if (client.slot === -1) return;
    if (nowMs - client.lastHeardMs >= 2 * config.keepAliveMs + SWEEP_INTERVAL_MS) {
      counts.connectionsLost += 1;
      client.ws.terminate();
      return;
    }
    if (nowMs - client.pingedAtMs >= config.keepAliveMs) {
      client.pingedAtMs = nowMs;
      client.ws.ping();
    }
    if (nowMs - client.lastSentMs >= config.keepAliveMs) say(client, { type: "keepalive" });
  }

  function hear(client: MonitorClient, data: RawData, isBinary: boolean): void {
    const nowMs = clock();
    client.lastHeardMs = nowMs;
    if (nowMs - client.messageWindowMs >= 1_000) {
      client.messageWindowMs = nowMs;
      client.messages = 0;
    }
    client.messages += 1;
    if (client.messages > config.messagesPerSec) {
      end(client, CLOSE.policy, "too many messages");
      return;
    }
    try {
      if (isBinary) throw new RampartError("RMP_REQ_INVALID", "messages are text");
      answer(client, String(data));
    } catch (error) {
      const { code, message } = toRampartError(error);
      say(client, { type: "error", code, message });
    }
  }

  function answer(client: MonitorClient, text: string): void {
    const { type, filter = {} } = readMessage(text);
    if (type === "ping") {
      say(client, { type: "pong" });
      return;
    }
    if (type === "unsubscribe") {
      client.isWatching = false;
      say(client, { type: "monitoring_stopped", message: "no more events until the next subscribe" });
      return;
    }
    const { tenant } = client.channel;
    if (tenant !== null && filter.tenant !== undefined && filter.tenant !== tenant)
      throw new RampartError("RMP_AUTH_FORBIDDEN", "filter.tenant: this key sees its own tenant only");
    client.isWatching = true;
    client.filter = Object.keys(filter).length === 0 ? null : filter;
    client.filterKey = JSON.stringify(filter);
    say(client, { type: "monitoring_started", filter });
  }

  function channelOf(tenant: string | null): Channel<MonitorClient> {
    let channel = channels.get(tenant);
    if (channel === undefined) {
      channel = new Channel(tenant, config.eventsPerSec);
      channels.set(tenant, channel);
    }
    return channel;
  }

  function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    const client = clientOf(this);
    if (client !== null && client.slot !== -1) hear(client, data, isBinary);
  }

  function onPong(this: WebSocket): void {
    const client = clientOf(this);
    if (client !== null) client.lastHeardMs = clock();
  }

  function onClose(this: WebSocket): void {
    const client = clientOf(this);
    if (client === null) return;
    leave(client);
    ending.delete(client);
  }

  return {
    sink,
    connect(request, socket, head, tenant) {
      if (isClosing) throw new RampartError("RMP_OVERLOADED", "the gateway is shutting down");
      if (counts.connections >= config.connections)
        throw new RampartError("RMP_OVERLOADED", "there are as many monitors as configured");
      server.handleUpgrade(request, socket, head, (ws) => {
        const client = new MonitorClient(ws, socket, channelOf(tenant), clock());
        ws.client = client;
        ws.on("message", onMessage);
        ws.on("pong", onPong);
        ws.on("error", ignoreError);
        ws.on("close", onClose);
        client.channel.clients.add(client);
        counts.connections += 1;
        onSize(counts.connections);
        say(client, { type: "connection_established", message: "connected to the live monitor" });
      });
    },
    figures: () => ({ ...counts }),
    async close() {
      isClosing = true;
      endSweep();
      const clients = [...channels.values()].flatMap((channel) => [...channel.clients]);
      await new Promise<void>((resolve) =>
        inTurns(
          clients,
          (client) => {
            say(client, { type: "monitoring_stopped", message: "the gateway is shutting down" });
            end(client, CLOSE.goingAway, "the gateway is shutting down");
          },
          () => resolve(),
        ),
      );
      await allGone();
    },
  };

  function allGone(): Promise<void> {
    if (ending.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      let left = ending.size;
      const gone = (): void => {
        left -= 1;
        if (left === 0) resolve();
      };
      for (const { ws } of ending) ws.once("close", gone);
      timers.after(CLOSE_TIMEOUT_MS, () => {
        for (const { ws } of ending) ws.terminate();
      });
    });
  }
}

/** A broken connection is closed by `ws` itself; its close event is what counts. */
function ignoreError(): void {}
