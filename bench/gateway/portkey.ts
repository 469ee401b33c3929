import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { answering, cpuUsOf, freePort, rssOf } from "./process-figures.ts";

const SERVER = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  "peers/portkey/node_modules/@portkey-ai/gateway/build/start-server.js",
);

/** Portkey's gateway, running. */
export interface Portkey {
  readonly port: number;
  /** Header lines that a request needs. */
  readonly headers: string;
  /** CPU time so far, user and system, µs. */
  cpuUs(): number;
  /** Resident memory, bytes. */
  rssBytes(): number;
  stop(): void;
}

/** Whether Portkey's gateway is installed under bench/peers. */
export function hasPortkey(): boolean {
  return existsSync(SERVER);
}

/** Starts Portkey's gateway before the upstream; it has no guard on. */
export async function startPortkey(upstreamPort: number): Promise<Portkey> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [SERVER, `--port=${port}`, "--headless"], {
    stdio: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  await answering(port, child);
  const pid = child.pid ?? 0;
  return {
    port,
    headers: `x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:${upstreamPort}/v1\r\n`,
    cpuUs: () => cpuUsOf(pid),
    rssBytes: () => rssOf(pid),
    stop: () => child.kill("SIGKILL"),
  };
}
