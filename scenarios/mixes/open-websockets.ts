/**
 * `rampart load websocket --url ws://… --connections N --duration S`: so many connections to one address for so long.
 * Counts connects, drops and reconnects; measures pings, pushed messages that carry a `ts`, and echoes when asked.
 */
import { defineScenario, defineUser, task } from "rampart/load";

/** What the flags ask for. */
interface Wanted {
  readonly url: string;
  readonly pingMs: number;
  readonly echoMs: number;
  /** Text to send for an echo; a JSON ping with the present time without one. */
  readonly message: string;
}

/** How long an answer to an echo may take, ms. */
const ANSWER_MS = 10_000;
/** How often a listener looks whether the run is over, ms. */
const LISTEN_MS = 500;

const listener = defineUser({
  name: "Listener",
  tasks: [
    task("listen", async (user) => {
      // What `setup` below returned.
      const { url, pingMs, echoMs, message } = user.shared as Wanted;
      const connection = await user.ws.connect(url, {
        pingIntervalMs: pingMs,
        maxReconnects: Number.MAX_SAFE_INTEGER,
      });
      user.metrics.count("ws_drops", 0);
      user.metrics.count("ws_reconnects", 0);
      if (!connection.ok) {
        await user.sleep(1);
        return;
      }
      while (!user.isStopping) {
        if (!connection.isOpen || echoMs === 0) {
          if ((await connection.next(LISTEN_MS)) === null && !connection.isOpen)
            await user.sleep(LISTEN_MS / 1000);
          continue;
        }
        const text = message === "" ? JSON.stringify({ type: "ping", ts: Date.now() }) : message;
        await connection.echo(text, { timeoutMs: ANSWER_MS });
        if (!user.isStopping) await user.sleep(echoMs / 1000);
      }
      await connection.close();
    }),
  ],
});

export default defineScenario({
  name: "websocket-url",
  description: "WebSocket connections to one address.",
  stopTimeoutSec: 3,
  userClasses: [listener],
  setup: ({ settings }): Wanted => ({
    url: settings["url"] ?? "",
    pingMs: Number(settings["pingMs"] ?? 5000),
    echoMs: Number(settings["echoMs"] ?? 0),
    message: settings["message"] ?? "",
  }),
});
