import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RampartError, toRampartError } from "#shared";
import type { GatewayContext } from "../exchange.ts";
import { errorBody } from "../providers/error-shape.ts";
import { watcherOf } from "../steps/accept.ts";
import type { Monitor } from "./monitor.ts";

/** Names of this machine; without keys no other may stand in the Host header (a foreign page that rebinds its name). */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** What Node calls for an upgrade request. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Lets clients into the live monitor: key and role as for every monitor route, no page of another origin. What is refused
 * is answered as any request would be.
 */
export function createMonitorDoor(
  contextNow: () => GatewayContext,
  monitor: Monitor,
  nextId: () => string,
): UpgradeListener {
  return (request, socket, head) => {
    // Node takes its own listener away with the upgrade; a client that vanishes must not end the process.
    socket.on("error", () => socket.destroy());
    const context = contextNow();
    // From here on it is the monitor that looks after it.
    context.connections.delete(socket as Socket); // node:http hands over the socket of the connection
    try {
      refuseForeign(request, context.customers.isOpen);
      const watcher = watcherOf(context, request.headers);
      const seesAll = watcher === null || watcher.role === "admin";
      monitor.connect(request, socket, head, seesAll ? null : watcher.tenant);
    } catch (error) {
      refuse(socket, toRampartError(error), nextId());
    }
  };
}

/** @throws RMP_AUTH_ORIGIN_REFUSED */
function refuseForeign({ headers }: IncomingMessage, isOpen: boolean): void {
  const { host = "", origin } = headers;
  const isForeign = origin !== undefined && hostOf(origin) !== host.toLowerCase();
  if (isForeign || (isOpen && !LOOPBACK_HOST.test(host)))
    throw new RampartError("RMP_AUTH_ORIGIN_REFUSED", "the live monitor is closed to pages of other origins");
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return null;
  }
}

function refuse(socket: Duplex, failure: RampartError, requestId: string): void {
  const body = errorBody(failure, "rampart", requestId);
  const extra =
    failure.status === 401
      ? "www-authenticate: Bearer\r\n"
      : failure.status === 503
        ? "retry-after: 5\r\n"
        : "";
  socket.end(
    `HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? "Error"}\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-request-id: ${requestId}\r\n${extra}connection: close\r\n\r\n${body}`,
  );
}
