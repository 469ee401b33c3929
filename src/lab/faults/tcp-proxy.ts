import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import type { ProxyEffect } from "#contract";
import { RampartError } from "#shared";
import { DelayedPipe } from "./delayed-pipe.ts";

/** Where a proxy listens and leads to. */
export interface ProxyOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly target: { readonly host: string; readonly port: number };
}

/** A TCP proxy on loopback whose faults can be changed while connections are open. */
export interface FaultProxy {
  /** @throws RMP_NET_PORT_IN_USE, RMP_NET_BIND_REFUSED @returns the port */
  listen(): Promise<number>;
  /** Replaces the effect; an empty one lets everything pass. */
  set(effect: ProxyEffect): void;
  /** Connections open now. */
  readonly connections: number;
  close(): Promise<void>;
}

const NONE: ProxyEffect = {};

/** Makes a fault proxy; without an effect it passes every byte on unchanged. */
export function createFaultProxy(options: ProxyOptions): FaultProxy {
  const links = new Set<Link>();
  let effect: ProxyEffect = NONE;
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    if (effect.cut === true) {
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, options.target, () => effect);
    links.add(link);
    link.onClose = () => links.delete(link);
  });
  return {
    get connections() {
      return links.size;
    },
    listen: () =>
      new Promise((resolve, reject) => {
        server.once("error", (cause: NodeJS.ErrnoException) =>
          reject(
            new RampartError(
              cause.code === "EADDRINUSE" ? "RMP_NET_PORT_IN_USE" : "RMP_NET_BIND_REFUSED",
              `fault proxy: port ${options.port} cannot be listened on`,
              { cause, field: "port" },
            ),
          ),
        );
        server.listen(options.port, "127.0.0.1", () => {
          const address = server.address();
          resolve(typeof address === "object" && address !== null ? address.port : options.port);
        });
      }),
    set(next) {
      const wasHalfOpen = effect.halfOpen === true;
      effect = next;
      for (const link of links) {
        // A connection whose other end is gone for good does not wake up again: it can only be reset.
        if (next.cut === true || (wasHalfOpen && next.halfOpen !== true)) link.reset();
        else link.changed();
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const link of links) link.reset();
      }),
  };
}

/** One client's connection and the one behind it. */
class Link {
  onClose: () => void = () => {};
  private readonly there: DelayedPipe;
  private readonly back: DelayedPipe;
  private readonly client: Socket;
  private readonly target: Socket;
  private answered = 0;

  constructor(client: Socket, to: ProxyOptions["target"], effect: () => ProxyEffect) {
    this.client = client;
    this.target = tcpConnect({ host: to.host, port: to.port, allowHalfOpen: true });
    client.setNoDelay(true);
    this.target.setNoDelay(true);
    const cut = () => this.reset();
    this.there = new DelayedPipe(client, this.target, effect, (bytes) => bytes, cut);
    this.back = new DelayedPipe(
      this.target,
      client,
      effect,
      (bytes) => {
        const { cutAfterBytes = Number.POSITIVE_INFINITY } = effect();
        const admitted = Math.max(0, Math.min(bytes, cutAfterBytes - this.answered));
        this.answered += admitted;
        return admitted;
      },
      cut,
    );
    for (const socket of [client, this.target]) {
      socket.on("error", () => this.reset());
      socket.on("close", () => this.onSocketClose());
    }
  }

  changed(): void {
    this.there.changed();
    this.back.changed();
  }

  reset(): void {
    this.there.stop();
    this.back.stop();
    if (!this.client.destroyed) this.client.resetAndDestroy();
    if (!this.target.destroyed) this.target.destroy();
  }

  private onSocketClose(): void {
    if (this.client.destroyed && this.target.destroyed) {
      this.there.stop();
      this.back.stop();
      this.onClose();
    } else if (this.client.destroyed && this.there.isEmpty) this.target.destroy();
    else if (this.target.destroyed && this.back.isEmpty) this.client.destroy();
  }
}
