import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { environment, monotonicMs, RampartError } from "#shared";
import type { ServiceSpec } from "./drill-file.ts";

/** How long a service may take until it answers, ms: PostgreSQL recovers its log after a kill. */
const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;
/** Time that a service gets to end by itself when the drill is over, ms. */
const END_TIMEOUT_MS = 5_000;

/** A process that a drill stops, freezes and starts again. */
export interface Service {
  readonly name: string;
  /** @throws RMP_NET_UNREACHABLE when it does not answer in time */
  start(): Promise<void>;
  /** SIGKILL of the process and everything it started. */
  kill(): void;
  freeze(): void;
  resume(): void;
  /** SIGKILL of one child. @throws RMP_LAB_FAULT when it has none */
  killChild(): Promise<void>;
  /** Ends a service that the drill started; leaves others alone. */
  end(): Promise<void>;
}

/** Makes a service; nothing is started yet. */
export function createService(spec: ServiceSpec): Service {
  let child: ChildProcess | null = null;
  let isFrozen = false;
  const signal = (name: NodeJS.Signals): void => {
    if (child !== null) signalGroup(child, name);
    else process.kill(pidOf(spec), name);
  };
  return {
    name: spec.name,
    async start() {
      if (spec.command === null) return;
      const [file = "", ...words] = spec.command;
      // A process group of its own: a kill then reaches what the command started as well.
      const started = spawn(file, words, {
        detached: true,
        stdio: "ignore",
        env: { ...environment, ...spec.env },
      });
      child = started;
      const failed = new Promise<never>((_, reject) =>
        started.once("error", (cause) =>
          reject(new RampartError("RMP_LAB_FAULT", `${spec.name} cannot be started`, { cause })),
        ),
      );
      failed.catch(() => {});
      if (spec.ready !== null) await Promise.race([failed, untilReady(spec.name, spec.ready)]);
    },
    kill: () => {
      signal("SIGKILL");
      child = null;
    },
    freeze: () => {
      isFrozen = true;
      signal("SIGSTOP");
    },
    resume: () => {
      isFrozen = false;
      signal("SIGCONT");
    },
    async killChild() {
      const parent = child?.pid ?? pidOf(spec);
      const [first] = await childrenOf(parent);
      if (first === undefined)
        throw new RampartError("RMP_LAB_FAULT", `${spec.name} has no child process that could be killed`);
      process.kill(first, "SIGKILL");
    },
    async end() {
      const ending = child;
      child = null;
      if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
      if (isFrozen) signalGroup(ending, "SIGCONT");
      const gone = new Promise<void>((resolve) => ending.once("exit", () => resolve()));
      signalGroup(ending, "SIGTERM");
      await Promise.race([gone, sleep(END_TIMEOUT_MS, undefined, { ref: false })]);
      signalGroup(ending, "SIGKILL");
    },
  };
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    // ESRCH: the group has ended by itself, which is what every signal here but SIGSTOP is for
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** @throws RMP_LAB_FAULT when the file names no process */
function pidOf(spec: ServiceSpec): number {
  try {
    const pid = Number.parseInt(readFileSync(spec.pidFile ?? "", "utf8"), 10);
    if (pid > 1) return pid;
  } catch {
    // told below
  }
  throw new RampartError("RMP_LAB_FAULT", `${spec.name} is not running, or its pidFile names no process`);
}

/** Child processes by Linux' /proc (proc(5): field 4 of `stat` is the parent). */
async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[1]) === parent) children.push(Number(entry));
  }
  return children;
}

async function untilReady(name: string, { host, port }: { host: string; port: number }): Promise<void> {
  const deadlineMs = monotonicMs() + READY_TIMEOUT_MS;
  while (monotonicMs() < deadlineMs) {
    if (await answers(host, port)) return;
    await sleep(READY_POLL_MS);
  }
  throw new RampartError("RMP_LAB_FAULT", `${name} takes no connections on port ${port}`);
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
