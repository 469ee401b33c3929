import { createGateway, type Gateway, type GatewayOptions } from "../gateway.ts";
import type { ToPrimary, ToWorker } from "./messages.ts";
import { WorkerLink } from "./worker-link.ts";

/**
 * Serves in a process that a primary forked: waits to be told with what, tells how it goes, drains when told to or on
 * SIGTERM and ends the process.
 * @param toOptions makes the gateway of what the primary sent; what it throws is told to the primary
 * @param onServing called when requests are taken
 */
export function serveAsWorker<Launch>(
  toOptions: (launch: Launch) => GatewayOptions,
  onServing: (options: GatewayOptions) => void,
): void {
  const link = new WorkerLink({ send });
  let gateway: Gateway | null = null;
  let isDraining = false;

  async function serve(message: Extract<ToWorker<Launch>, { kind: "serve" }>): Promise<void> {
    try {
      const options = toOptions(message.launch);
      link.instance = message.instance;
      gateway = createGateway({ ...options, fleet: link.join, peers: link });
      link.tellServing((await gateway.listen()).url);
      onServing(options);
    } catch (error) {
      // The primary ends this process when it has heard.
      link.tellFailure(error);
    }
  }

  async function drain(): Promise<void> {
    if (isDraining) return;
    isDraining = true;
    await gateway?.drain();
    link.tellFigures(null);
    // Ends when everything that was told has left.
    send({ kind: "load", cpuPercent: 0, eventLoopDelayMs: 0 }, () => process.exit(0));
  }

  // Only the primary sends messages.
  process.on("message", (message: ToWorker<Launch>) => {
    if (message.kind === "serve") void serve(message);
    else if (message.kind === "drain") void drain();
    else link.hear(message);
  });
  process.on("SIGTERM", () => void drain());
  // What reaches the whole group of processes is for the primary to decide.
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
  send({ kind: "listening" });
}

function send(message: ToPrimary, done: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, done);
  else done();
}
