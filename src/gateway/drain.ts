import { Server as NetServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { MonotonicClock } from "#shared";
import type { Exchange, GatewayContext } from "./exchange.ts";
import type { DataPlane } from "./server.ts";
import type { SlotList } from "./slot-list.ts";

/** How often it is looked whether everything has ended, ms. */
const CHECK_MS = 10;
/** How often a replaced configuration is asked whether its last request has ended, ms. */
const RETIRE_CHECK_MS = 100;

/** What is drained. */
export interface Draining {
  readonly server: DataPlane;
  /** Open client connections, monitors left out. */
  readonly connections: ReadonlySet<Socket>;
  readonly active: SlotList<Exchange>;
  readonly clock: MonotonicClock;
}

/**
 * Stops listening and resolves when every connection has ended and `last` has run: busy ones after their answer, idle ones when the grace is
 * over, whatever is left when the time is over.
 * @param graceMs time that idle connections get to send one more request, whose answer tells them to close: a client that is
 *   just sending loses nothing
 * @param timeoutMs time that requests under way get after that
 * @param last called when no request is under way any more: ends the connections that are not requests
 */
export async function drainConnections(
  { server, connections, active, clock }: Draining,
  graceMs: number,
  timeoutMs: number,
  last: () => Promise<void>,
): Promise<void> {
  const startedMs = clock();
  // Node's http close would cut idle connections at once, and answers that are still on their way to the client.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  for (;;) {
    const elapsedMs = clock() - startedMs;
    if (elapsedMs >= graceMs) closeIdle(connections, active);
    if (connections.size === 0 || elapsedMs >= graceMs + timeoutMs) break;
    await pause(CHECK_MS);
  }
  await last();
  // Ends Node's own look-out for late requests; that the server is closed already does not matter.
  server.close(() => undefined);
  server.closeAllConnections();
  for (const socket of connections) socket.destroy();
  await closed;
}

/** Ends connections without a request under way whose last answer has left completely. */
function closeIdle(connections: ReadonlySet<Socket>, active: SlotList<Exchange>): void {
  const busy = new Set<Socket>();
  for (const { request } of active) busy.add(request.socket);
  for (const socket of connections) if (!busy.has(socket) && socket.writableLength === 0) socket.destroy();
}

/** Resolves when no request is under way that began with this context: streams may take as long as they take. */
export function allEnded(context: GatewayContext): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      for (const exchange of context.active) if (exchange.context === context) return;
      clearInterval(timer);
      resolve();
    }, RETIRE_CHECK_MS);
    timer.unref();
  });
}
