/**
 * The sockets under the protocol: ZeroMQ over TCP, a ROUTER at the master and a DEALER at each worker whose routing id is
 * the worker's id. The `zeromq` package is optional and loaded only here. Source: Locust `locust/rpc/zmqrpc.py`.
 */
import type { Dealer, Router } from "zeromq";
import { RampartError } from "#shared";
import { decodeMessage, encodeMessage } from "./codec.ts";
import type { LocustMessage } from "./message.ts";

/** TCP keep-alive starts after so long, seconds (Locust's). */
const KEEPALIVE_IDLE_SEC = 30;
/** What is unsent when a socket closes may still go out for so long, ms. */
const LINGER_MS = 1000;
/** A broken connection is tried again after so long, growing to the bound, ms. */
const RECONNECT_MS = 100;
const RECONNECT_MAX_MS = 2000;
/** Ports that a ROUTER picks from when asked for port 0: ZeroMQ's own wildcard. */
const WILDCARD_PORT = "*";

/** What a master's socket is. */
export interface MasterLink {
  /** Port it listens on. */
  readonly port: number;
  send(message: LocustMessage): void;
  close(): Promise<void>;
}

/** What a worker's socket is. */
export interface WorkerLink {
  send(message: LocustMessage): void;
  /** Drops the connection and makes a new one, as a master's `reconnect` asks. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Where a master's socket hands what it receives. */
export interface MasterEvents {
  /** @param from routing id of the sender */
  message(from: string, message: LocustMessage): void;
  /** Bytes that are no message. */
  corrupt(from: string): void;
}

/**
 * Binds a master's socket.
 * @param port 0 = any free one
 * @throws RMP_BACKEND_UNAVAILABLE without the zeromq package, RMP_NET_PORT_IN_USE, RMP_NET_BIND_REFUSED
 */
export async function bindMaster(host: string, port: number, events: MasterEvents): Promise<MasterLink> {
  const zeromq = await loadZeroMq();
  const socket = new zeromq.Router({
    tcpKeepalive: 1,
    tcpKeepaliveIdle: KEEPALIVE_IDLE_SEC,
    linger: LINGER_MS,
    // A worker that comes back on a new connection takes over its id at once.
    handover: true,
    sendHighWaterMark: 0,
    receiveHighWaterMark: 0,
  });
  const address = host === "" || host === "*" ? "*" : host.includes(":") ? `[${host}]` : host;
  try {
    await socket.bind(`tcp://${address}:${port === 0 ? WILDCARD_PORT : port}`);
  } catch (cause) {
    socket.close();
    throw bindError(cause, host, port);
  }
  const bound = Number(/:(\d+)$/.exec(socket.lastEndpoint ?? "")?.[1] ?? port);
  void receive(socket, ([from, payload]) => {
    if (from === undefined || payload === undefined) return;
    const id = from.toString("utf8");
    const message = decodeMessage(payload);
    if (message === null) events.corrupt(id);
    else events.message(id, message);
  });
  const queue = createSendQueue((frames) => socket.send(frames));
  return {
    port: bound,
    send: (message) => queue.push([Buffer.from(message.nodeId, "utf8"), encodeMessage(message)]),
    close: async () => {
      await queue.drained();
      if (!socket.closed) socket.close();
    },
  };
}

/**
 * Connects a worker's socket; messages wait until the master is there.
 * @throws RMP_BACKEND_UNAVAILABLE without the zeromq package
 */
export async function connectWorker(
  options: { readonly host: string; readonly port: number; readonly nodeId: string },
  onMessage: (message: LocustMessage) => void,
): Promise<WorkerLink> {
  const zeromq = await loadZeroMq();
  const open = (): Dealer => {
    const socket = new zeromq.Dealer({
      routingId: options.nodeId,
      tcpKeepalive: 1,
      tcpKeepaliveIdle: KEEPALIVE_IDLE_SEC,
      linger: LINGER_MS,
      reconnectInterval: RECONNECT_MS,
      reconnectMaxInterval: RECONNECT_MAX_MS,
      sendHighWaterMark: 0,
      receiveHighWaterMark: 0,
    });
    const host = options.host.includes(":") ? `[${options.host}]` : options.host;
    socket.connect(`tcp://${host}:${options.port}`);
    void receive(socket, ([payload]) => {
      const message = payload === undefined ? null : decodeMessage(payload);
      if (message !== null) onMessage(message);
    });
    return socket;
  };
  let socket = open();
  let queue = createSendQueue((frames) => socket.send(frames));
  return {
    send: (message) => queue.push([encodeMessage(message)]),
    reset: async () => {
      const old = socket;
      await queue.drained();
      old.close();
      socket = open();
      queue = createSendQueue((frames) => socket.send(frames));
    },
    close: async () => {
      await queue.drained();
      if (!socket.closed) socket.close();
    },
  };
}

/** The optional package. @throws RMP_BACKEND_UNAVAILABLE */
async function loadZeroMq(): Promise<typeof import("zeromq")> {
  try {
    return await import("zeromq");
  } catch (cause) {
    throw new RampartError(
      "RMP_BACKEND_UNAVAILABLE",
      "--master and --worker need the package zeromq: npm install zeromq",
      { cause, field: "zeromq" },
    );
  }
}

async function receive(socket: Router | Dealer, take: (frames: Buffer[]) => void): Promise<void> {
  try {
    for await (const frames of socket) take(frames);
  } catch (error) {
    if (!socket.closed) throw error;
  }
}

/** A ZeroMQ socket takes one message at a time: the others wait here, in order. */
function createSendQueue(send: (frames: Buffer[]) => Promise<void>) {
  let last: Promise<void> = Promise.resolve();
  return {
    push: (frames: Buffer[]): void => {
      // A message that cannot be sent is one to a peer that is gone; liveness tells of that.
      last = last.then(() => send(frames)).catch(() => {});
    },
    drained: (): Promise<void> => last,
  };
}

function bindError(cause: unknown, host: string, port: number): RampartError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : "";
  return code === "EADDRINUSE"
    ? new RampartError("RMP_NET_PORT_IN_USE", `the master's port ${port} is taken`, { cause })
    : new RampartError("RMP_NET_BIND_REFUSED", `the master cannot listen on ${host}:${port}`, { cause });
}
