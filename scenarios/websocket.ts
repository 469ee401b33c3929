/**
 * WebSocket test of the first seed: 1,000 connections to the live monitor for 2 minutes. Detection calls beside them make
 * the monitor's events, 0.1 to 10 per second and back. Expected: more than 95 % of the connections open, messages within
 * 100 ms on average, no drops. Each connection sends a ping after 5 s of silence, as the document's test does.
 */
import { defineScenario, defineUser, type Stage, task } from "rampart/load";
import { promptInjection, sendKey } from "./mixes/agentguard-users.ts";
import { scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";

const SILENCE_MS = 5000;
const TOTAL_SEC = scaledSec(120);
const CONNECTIONS = scaledUsers(1000);
/** Events per second over the run: 0.1 to 10 and back, in equal stretches. */
const EVENT_RATES = [0.1, 1, 10, 10, 1, 0.1];
const STAGES: readonly Stage[] = EVENT_RATES.map((target) => ({
  durationSec: TOTAL_SEC / EVENT_RATES.length,
  target,
}));

let open = 0;
let peak = 0;

/** Listens to the monitor until the run ends. */
const listener = defineUser({
  name: "Listener",
  onStart: sendKey,
  tasks: [
    task("listen", async (user) => {
      const connection = await user.ws.connect("/ws/monitor", {
        onMessage: (data) => {
          const sentAtMs = timeOf(data);
          if (sentAtMs !== null) user.metrics.trend("ws_message_latency", Math.max(0, Date.now() - sentAtMs));
        },
      });
      user.metrics.rate("ws_connect_success", connection.ok);
      user.metrics.count("ws_drops", 0);
      if (connection.ok) open += 1;
      // Each worker adds what its own peak grew by, so that the sum over workers is the run's.
      if (open > peak) user.metrics.count("ws_connections_peak", open - peak);
      peak = Math.max(peak, open);
      while (connection.isOpen && !user.isStopping) {
        const message = await connection.next(SILENCE_MS);
        if (message === null && connection.isOpen && !user.isStopping) connection.send('{"type":"ping"}');
      }
      if (connection.ok) open -= 1;
      user.metrics.count("ws_drops", connection.drops);
      await connection.close();
      if (!user.isStopping) await user.sleep(1);
    }),
  ],
});

/** Makes the monitor's events. */
const caller = defineUser({
  name: "Caller",
  onStart: sendKey,
  tasks: [task("detect", promptInjection)],
});

/** Epoch ms at which the gateway made a message; null when it says none. */
function timeOf(data: string): number | null {
  const match = /"ts":\s*(\d+(?:\.\d+)?)/.exec(data);
  return match === null ? null : Number(match[1]);
}

export default defineScenario({
  name: "websocket",
  description: "First seed, WebSocket test: 1,000 listeners of the live monitor, 2 minutes.",
  host: "http://127.0.0.1:8000",
  runTime: TOTAL_SEC,
  userClasses: [listener, caller],
  executors: [
    {
      kind: "constant-users",
      name: "listeners",
      users: CONNECTIONS,
      spawnRatePerSec: Math.max(1, CONNECTIONS / 10),
      userClasses: ["Listener"],
      durationSec: TOTAL_SEC,
    },
    {
      kind: "ramping-arrival-rate",
      name: "events",
      startRatePerSec: 0.1,
      stages: STAGES,
      maxUsers: 50,
      userClasses: ["Caller"],
    },
  ],
  targets: "agentguard",
  notes: ["Detection calls make 0.1 to 10 monitor events per second and back.", ...scaleNotes()],
});
