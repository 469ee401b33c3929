import type { RawData } from "ws";
import { RampartError, toRampartError } from "#shared";
import type { MonitorClient } from "./client.ts";
import { readMessage } from "./client-messages.ts";
import { CLOSE, type Wire } from "./wire.ts";

const WINDOW_MS = 1_000;

/**
 * Answers a client's message: `ping`, `subscribe` with a filter, `unsubscribe`; what is wrong is answered by an `error`
 * event.
 * @param messagesPerSec a client that sends more is ended (1008)
 */
export function hear(
  wire: Wire,
  client: MonitorClient,
  data: RawData,
  isBinary: boolean,
  { nowMs, messagesPerSec }: { readonly nowMs: number; readonly messagesPerSec: number },
): void {
  client.lastHeardMs = nowMs;
  if (nowMs - client.messageWindowMs >= WINDOW_MS) {
    client.messageWindowMs = nowMs;
    client.messages = 0;
  }
  client.messages += 1;
  if (client.messages > messagesPerSec) {
    wire.end(client, CLOSE.policy, "too many messages");
    return;
  }
  try {
    if (isBinary) throw new RampartError("RMP_REQ_INVALID", "messages are text");
    answer(wire, client, String(data));
  } catch (error) {
    const { code, message } = toRampartError(error);
    wire.say(client, { type: "error", code, message });
  }
}

function answer(wire: Wire, client: MonitorClient, text: string): void {
  const { type, filter = {} } = readMessage(text);
  if (type === "ping") {
    wire.say(client, { type: "pong" });
    return;
  }
  if (type === "unsubscribe") {
    client.isWatching = false;
    wire.say(client, { type: "monitoring_stopped", message: "no more events until the next subscribe" });
    return;
  }
  const { tenant } = client.channel;
  if (tenant !== null && filter.tenant !== undefined && filter.tenant !== tenant)
    throw new RampartError("RMP_AUTH_FORBIDDEN", "filter.tenant: this key sees its own tenant only");
  client.isWatching = true;
  client.filter = Object.keys(filter).length === 0 ? null : filter;
  client.filterKey = JSON.stringify(filter);
  wire.say(client, { type: "monitoring_started", filter });
}
