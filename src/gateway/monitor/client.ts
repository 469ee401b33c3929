import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { MonitorFilter } from "#contract";
import type { Listed } from "../slot-list.ts";
import type { Channel } from "./channel.ts";

/** One connection of the live monitor. */
export class MonitorClient implements Listed {
  readonly ws: MonitorSocket;
  /** The socket below: frames that are made once for all connections are written straight to it. */
  readonly socket: Duplex;
  readonly channel: Channel<MonitorClient>;
  slot = -1;
  /** Number of the last event that was passed on, wanted or not. */
  seq: number;
  /** Null: everything. */
  filter: MonitorFilter | null = null;
  filterKey = "";
  /** False after `unsubscribe`: only replies are sent. */
  isWatching = true;
  lastSentMs: number;
  lastHeardMs: number;
  pingedAtMs: number;
  /** Messages of the client in the second that began at `messageWindowMs`. */
  messages = 0;
  messageWindowMs: number;
  /** When the connection is ended without waiting for the other side any longer, ms; 0 while it is open. */
  endAtMs = 0;

  constructor(ws: MonitorSocket, socket: Duplex, channel: Channel<MonitorClient>, nowMs: number) {
    this.ws = ws;
    this.socket = socket;
    this.channel = channel;
    this.seq = channel.seq;
    this.lastSentMs = nowMs;
    this.lastHeardMs = nowMs;
    this.pingedAtMs = nowMs;
    this.messageWindowMs = nowMs;
  }
}

/** A WebSocket that knows its connection, so that shared listeners serve all of them. */
export class MonitorSocket extends WebSocket {
  client: MonitorClient | null = null;
}

/** The connection of a socket that was made here. */
export function clientOf(ws: WebSocket): MonitorClient | null {
  return ws instanceof MonitorSocket ? ws.client : null;
}
