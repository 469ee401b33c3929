import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { GatewayConfig } from "#contract";
import { type EpochClock, type MonotonicClock, RampartError } from "#shared";
import type { Exchange, ExchangeSink } from "../exchange.ts";
import type { MetricFamily } from "../metrics/family.ts";
import { Channel } from "./channel.ts";
import { clientOf, MonitorClient, MonitorSocket } from "./client.ts";
import { hear } from "./conversation.ts";
import { type DetectionFacts, detectionFacts, isFlagged, isWatched } from "./detection-facts.ts";
import { FanOut } from "./fan-out.ts";
import type { MonitorFigures } from "./figures.ts";
import { MonitorPeers, type PeerOutlet } from "./peers.ts";
import type { SharedEvent } from "./shared-event.ts";
import { type MonitorTimers, nodeTimers } from "./timers.ts";
import { inTurns } from "./turns.ts";
import { startUpkeep } from "./upkeep.ts";
import { CLOSE, CLOSE_TIMEOUT_MS, Wire } from "./wire.ts";

/** What a live monitor is made of. */
export interface MonitorOptions {
  readonly config: GatewayConfig["monitor"];
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  /** Default: Node's. */
  readonly timers?: MonitorTimers;
  /** Told whenever the number of connections changes. */
  readonly onSize?: (connections: number) => void;
  /** Makes the ways to the monitors of other processes and instances; default: there are none. */
  readonly outlets?: (hear: (events: readonly SharedEvent[]) => void) => readonly PeerOutlet[];
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
  /** Takes what happened at another process or instance. */
  hear(events: readonly SharedEvent[]): void;
  figures(): MonitorFigures;
  /** Figures of the events that went to other processes and instances; none where there are no others. */
  sharedFamilies(): readonly MetricFamily[];
  /** Says goodbye to all connections (1001) and resolves when they are gone. */
  close(): Promise<void>;
}

/** Makes a live monitor. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { config, clock, epoch, timers = nodeTimers, onSize = () => {} } = options;
  const outlets = options.outlets?.((events) => monitor.hear(events)) ?? [];
  const peers = outlets.length === 0 ? null : new MonitorPeers(outlets, config.eventsPerSec);
  const wire = new Wire({
    config,
    clock,
    epoch,
    onSize(connections) {
      peers?.setConnections(connections);
      onSize(connections);
    },
  });
  const fanOut = new FanOut(wire, clock, timers);
  const endUpkeep = startUpkeep(wire, fanOut, config.keepAliveMs, { clock, timers });
  let isClosing = false;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.messageBytes,
    WebSocket: MonitorSocket,
  });

  function sink(exchange: Exchange): void {
    const isShared = peers?.isWanted() === true;
    if ((wire.channels.size === 0 && !isShared) || !isWatched(exchange)) return;
    // A request without a customer on a gateway that has some belongs to nobody: only who sees all sees it.
    const isOwned = exchange.caller !== null || exchange.context.customers.isOpen;
    const tenant = isOwned ? exchange.tenant : null;
    const nowMs = clock();
    let made: DetectionFacts | null = null;
    const facts = (): DetectionFacts => (made ??= detectionFacts(exchange, tenant, nowMs));
    show(tenant, isFlagged(exchange), nowMs, facts);
    if (isShared) peers?.offer(facts(), nowMs);
  }

  /** @param facts called only when somebody is to see them */
  function show(tenant: string | null, isFlagged: boolean, nowMs: number, facts: () => DetectionFacts): void {
    const everything = wire.channels.get(null);
    const own = tenant === null ? undefined : wire.channels.get(tenant);
    for (const channel of [everything, own]) {
      if (channel === undefined) continue;
      const isRoom = channel.pending.length < 2 * config.eventsPerSec;
      if (!isRoom || !channel.budget.take(isFlagged, nowMs)) {
        channel.skipped += 1;
        wire.counts.eventsSkipped += 1;
        continue;
      }
      channel.pending.push(facts());
      fanOut.plan(channel, nowMs);
    }
  }

  function welcome(ws: MonitorSocket, socket: Duplex, tenant: string | null): void {
    const channel = wire.channels.get(tenant) ?? new Channel<MonitorClient>(tenant, config.eventsPerSec);
    const client = new MonitorClient(ws, socket, channel, clock());
    ws.client = client;
    ws.on("message", onMessage);
    ws.on("pong", onPong);
    ws.on("error", ignoreError);
    ws.on("close", onClose);
    wire.join(client);
    wire.say(client, { type: "connection_established", message: "connected to the live monitor" });
  }

  function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    const client = clientOf(this);
    if (client === null || client.slot === -1) return;
    hear(wire, client, data, isBinary, { nowMs: clock(), messagesPerSec: config.messagesPerSec });
  }

  function onPong(this: WebSocket): void {
    const client = clientOf(this);
    if (client !== null) client.lastHeardMs = clock();
  }

  function onClose(this: WebSocket): void {
    const client = clientOf(this);
    if (client === null) return;
    wire.leave(client);
    wire.ending.delete(client);
  }

  const monitor: Monitor = {
    sink,
    hear(events) {
      const nowMs = clock();
      peers?.countReceived(events.length);
      for (const event of events) show(event.tenant, event.flagged, nowMs, () => event);
    },
    sharedFamilies: () => peers?.families() ?? [],
    connect(request, socket, head, tenant) {
      if (isClosing) throw new RampartError("RMP_OVERLOADED", "the gateway is shutting down");
      if (wire.counts.connections >= config.connections)
        throw new RampartError("RMP_OVERLOADED", "there are as many monitors as configured");
      server.handleUpgrade(request, socket, head, (ws) => welcome(ws, socket, tenant));
    },
    figures: () => ({ ...wire.counts }),
    async close() {
      isClosing = true;
      endUpkeep();
      peers?.close();
      const message = "the gateway is shutting down";
      const dismiss = (client: MonitorClient): void => {
        wire.say(client, { type: "monitoring_stopped", message });
        wire.end(client, CLOSE.goingAway, message);
      };
      const clients = [...wire.channels.values()].flatMap((channel) => [...channel.clients]);
      await new Promise<void>((resolve) => inTurns(clients, dismiss, () => resolve(), { clock, timers }));
      await allGone(wire, timers);
    },
  };
  return monitor;
}

/** Resolves when no connection is left; what does not go by itself is ended. */
function allGone(wire: Wire, timers: MonitorTimers): Promise<void> {
  let left = wire.ending.size;
  if (left === 0) return Promise.resolve();
  return new Promise((resolve) => {
    for (const { ws } of wire.ending)
      ws.once("close", () => {
        left -= 1;
        if (left === 0) resolve();
      });
    timers.after(CLOSE_TIMEOUT_MS, () => {
      for (const { ws } of wire.ending) ws.terminate();
    });
  });
}

/** A broken connection is closed by `ws` itself; its close event is what counts. */
function ignoreError(): void {}
