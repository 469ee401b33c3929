import type { MonotonicClock } from "#shared";
import type { MonitorClient } from "./client.ts";
import type { FanOut } from "./fan-out.ts";
import type { MonitorTimers } from "./timers.ts";
import { inTurns } from "./turns.ts";
import type { Wire } from "./wire.ts";

/** How often silent, idle and closing connections are looked at, ms. */
const SWEEP_INTERVAL_MS = 1_000;

/**
 * Keeps connections alive and finds the dead ones: a keepalive after silence, a ping in the same rhythm, the end for whom
 * two pings have not woken.
 * @param keepAliveMs length of the silence
 * @returns ends the upkeep
 */
export function startUpkeep(
  wire: Wire,
  fanOut: FanOut,
  keepAliveMs: number,
  { clock, timers }: { readonly clock: MonotonicClock; readonly timers: MonitorTimers },
): () => void {
  return timers.every(SWEEP_INTERVAL_MS, () => {
    const nowMs = clock();
    wire.endLate(nowMs);
    for (const channel of wire.channels.values()) {
      if (channel.skipped > 0 && channel.pending.length === 0) {
        // The burst is over: without this nobody would learn what was left out of it.
        channel.pending.push(null);
        fanOut.plan(channel, nowMs);
      }
      const waiting = [...channel.clients].filter(
        ({ lastSentMs, pingedAtMs }) => nowMs - Math.min(lastSentMs, pingedAtMs) >= keepAliveMs,
      );
      inTurns(
        waiting,
        (client) => lookAfter(client, nowMs),
        () => {},
        { clock, timers },
      );
    }
  });

  function lookAfter(client: MonitorClient, nowMs: number): void {
    if (client.slot === -1) return;
    if (nowMs - client.lastHeardMs >= 2 * keepAliveMs + SWEEP_INTERVAL_MS) {
      wire.counts.connectionsLost += 1;
      client.ws.terminate();
      return;
    }
    if (nowMs - client.pingedAtMs >= keepAliveMs) {
      client.pingedAtMs = nowMs;
      client.ws.ping();
    }
    if (nowMs - client.lastSentMs >= keepAliveMs) wire.say(client, { type: "keepalive" });
  }
}
