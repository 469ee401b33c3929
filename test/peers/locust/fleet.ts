/** What the tests of distributed load share: a server that counts, real Locust processes, Rampart workers as processes. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One request as the server saw it. */
export interface SeenRequest {
  readonly atMs: number;
  readonly path: string;
  /** The `x-worker` header; which worker process sent it. */
  readonly worker: string;
}

/** A server that answers after a moment and remembers what it answered. */
export interface CountingServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** A process under test. */
export interface Peer {
  readonly child: ChildProcess;
  /** What it wrote so far, both streams. */
  output(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Ends it by its pid if it still runs, and waits. */
  end(): Promise<void>;
}

/** Debian's package first: a `locust` of another Python may come before it in the path. */
const LOCUST = ["/usr/bin/locust"].find((path) => existsSync(path)) ?? "locust";
/** The file that child processes run; see there. */
const RUNNER = join(import.meta.dirname, "worker-runner.mjs");

/** Why real Locust cannot be tested here; null when it can. */
export function missingLocust(): string | null {
  if (spawnSync(LOCUST, ["--version"]).error !== undefined)
    return "locust is not installed (apt-get install python3-locust)";
  return missingZeroMq();
}

/** Why fleets cannot be tested here; null when they can. */
export function missingZeroMq(): string | null {
  return existsSync(join(import.meta.dirname, "../../../node_modules/zeromq"))
    ? null
    : "the optional package zeromq is not installed";
}

/** A missing peer skips a test on a developer's machine and fails it in CI. @returns true = skip */
export function isSkipped(reason: string | null): boolean {
  if (reason === null) return false;
  if (process.env["CI"] === "true") throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}

/** Starts a counting server. @param answerMs delay of each answer */
export async function startCountingServer(answerMs = 5): Promise<CountingServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      setTimeout(() => {
        seen.push({
          atMs: Date.now(),
          path: request.url ?? "",
          worker: String(request.headers["x-worker"] ?? ""),
        });
        response.statusCode = request.url === "/bad" ? 500 : 200;
        response.end('{"ok":true}');
      }, answerMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // A listening TCP server's address is never a pipe name.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A folder that goes when it is asked to. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "rampart-fleet-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts Locust with a locustfile of this text. */
export function startLocust(folder: string, locustfile: string, args: readonly string[]): Peer {
  const file = join(folder, "locustfile.py");
  writeFileSync(file, locustfile);
  return startPeer(LOCUST, ["-f", file, ...args], folder);
}

/** Starts a Rampart worker as a process of its own. */
export function startWorkerProcess(options: {
  readonly port: number;
  readonly name: string;
  readonly token?: string;
}): Peer {
  return startPeer(
    process.execPath,
    ["--conditions=source", RUNNER, String(options.port), options.name, options.token ?? ""],
    import.meta.dirname,
  );
}

/** Waits until something holds. @throws when it does not in time */
export async function until(holds: () => boolean, timeoutMs: number, what: string): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`${what} did not happen within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function startPeer(command: string, args: readonly string[], cwd: string): Peer {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", () => resolve(null));
  });
  return {
    child,
    output: () => text,
    ended,
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}
