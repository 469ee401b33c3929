/** Runs the processes of `rampart up` and ends them together. */
import { type ChildProcess, spawn } from "node:child_process";
import { type ErrorCode, EXIT, RampartError } from "#shared";

/** How long a child may drain before it is killed, ms. */
const DRAIN_TIMEOUT_MS = 10_000;

/** One process of the set. */
export interface ProcessSpec {
  /** Shown in messages, such as `gateway`. */
  readonly name: string;
  /** Arguments after `rampart`. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a child tells its parent when it serves, or why it cannot. */
export type ChildMessage =
  | { readonly kind: "ready"; readonly url: string; readonly facts: Readonly<Record<string, string>> }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/** A running set of processes. */
export interface Supervisor {
  /** Starts one process and waits until it serves. Rejects with the child's own error. */
  start(spec: ProcessSpec): Promise<Extract<ChildMessage, { kind: "ready" }>>;
  /** Ends all processes, newest first, and waits for them. */
  stop(): Promise<void>;
  /** Resolves with the name of the first process that ended without being asked to. */
  readonly crashed: Promise<string>;
}

/**
 * Creates an empty set.
 * @param entry path of the `rampart` executable script
 */
export function createSupervisor(entry: string): Supervisor {
  const children: { name: string; process: ChildProcess }[] = [];
  let stopping = false;
  let onCrash: (name: string) => void = () => {};
  const crashed = new Promise<string>((resolve) => {
    onCrash = resolve;
  });

  return {
    crashed,
    start(spec) {
      const child = spawn(process.execPath, [entry, ...spec.args], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        env: { ...process.env, ...spec.env },
        // A group of its own: Ctrl-C reaches only the parent, which drains the children in order.
        detached: true,
      });
      children.push({ name: spec.name, process: child });
      return new Promise((resolve, reject) => {
        let ready = false;
        child.on("message", (message: ChildMessage) => {
          if (message.kind === "ready") {
            ready = true;
            resolve(message);
          } else reject(new RampartError(message.code, message.message));
        });
        child.on("error", (cause) =>
          reject(new RampartError("RMP_INTERNAL", `${spec.name} could not be started`, { cause })),
        );
        child.on("exit", (code) => {
          if (!ready)
            reject(
              new RampartError("RMP_INTERNAL", `${spec.name} ended with exit code ${code} before it served`),
            );
          else if (!stopping) onCrash(spec.name);
        });
      });
    },
    async stop() {
      stopping = true;
      for (const { process: child } of [...children].reverse()) await endChild(child);
    },
  };
}

/** Tells the parent process, when there is one, that this process serves; a parent that dies takes it along. */
export function reportReady(url: string, facts: Readonly<Record<string, string>>): void {
  if (process.send === undefined) return;
  const message: ChildMessage = { kind: "ready", url, facts };
  process.send(message);
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

/**
 * Tells the parent process, when there is one, why this process cannot serve.
 * @returns true when a parent was told and will do the printing
 */
export function reportFailure(error: RampartError): boolean {
  if (process.send === undefined) return false;
  const message: ChildMessage = { kind: "failed", code: error.code, message: error.message };
  process.send(message);
  return true;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), DRAIN_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/** Exit code when a process of the set ended on its own. */
export const CRASH_EXIT: number = EXIT.errors;
