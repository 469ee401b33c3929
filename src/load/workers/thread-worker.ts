/** A thread as the coordinator holds it. */
import { Worker } from "node:worker_threads";
import { type ErrorCode, RampartError } from "#shared";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.ts";
import type { WorkerEvents, WorkerPort } from "./worker-port.ts";

/** Time for the last report beyond the users' own stop time-out, ms. */
const STOP_GRACE_MS = 3000;

/** A thread that has loaded its scenario and waits for the start. */
export interface ReadyThread {
  readonly port: WorkerPort;
  start(startedAtMs: number): void;
}

/**
 * Starts a thread and waits until it has loaded the scenario.
 * @throws what loading the scenario throws; RMP_LOAD_SCENARIO_INVALID when `data` cannot be sent to a thread
 */
export function startThread(data: ThreadData, events: WorkerEvents): Promise<ReadyThread> {
  const worker = createThread(data);
  const send = (message: ToThread) => worker.postMessage(message);
  let targetUsers = 0;
  let hasStopped = false;
  let resolveDone: () => void = () => {};
  let resolveStopped: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    resolveDone = resolve;
  });
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });
  const end = () => {
    hasStopped = true;
    resolveDone();
    resolveStopped();
  };
  const port: WorkerPort = {
    id: data.workerId,
    get targetUsers() {
      return targetUsers;
    },
    done,
    setUsers: (users, spawnRatePerSec) => send({ kind: "set-users", users, spawnRatePerSec }),
    setCurrentUsers: (users) => send({ kind: "set-current-users", users }),
    poll: () => send({ kind: "poll" }),
    stop: async (timeoutMs) => {
      if (!hasStopped) send({ kind: "stop", timeoutMs });
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs + STOP_GRACE_MS);
      });
      await Promise.race([stopped, tooLate]);
      clearTimeout(timer);
      if (!hasStopped) events.lost(data.workerId, "it did not answer when it was stopped");
      hasStopped = true;
      await worker.terminate();
    },
  };
  return new Promise((resolve, reject) => {
    const lose = (reason: string, cause?: unknown) => {
      if (hasStopped) return;
      end();
      events.lost(data.workerId, reason);
      reject(new RampartError("RMP_INTERNAL", `a worker thread ended: ${reason}`, { cause }));
    };
    worker.on("error", (error) => lose("it crashed", error));
    worker.on("exit", (code) => lose(`it ended with code ${code}`));
    worker.on("message", (message: FromThread) => {
      switch (message.kind) {
        case "ready":
          resolve({ port, start: (startedAtMs) => send({ kind: "start", startedAtMs }) });
          break;
        case "failed":
          hasStopped = true;
          // The thread sends codes of the same catalogue.
          reject(new RampartError(message.code as ErrorCode, message.message));
          void worker.terminate();
          break;
        case "report":
          events.report(message.report);
          break;
        case "target":
          targetUsers = message.users;
          break;
        case "done":
          resolveDone();
          break;
        case "stopped":
          end();
          break;
      }
    });
  });
}

function createThread(data: ThreadData): Worker {
  try {
    if (!import.meta.url.endsWith(".ts"))
      return new Worker(new URL("./thread-entry.js", import.meta.url), { workerData: data });
    // From source (tests): Node 20 runs no TypeScript, so the loader of the scenarios also loads the thread.
    const rooms = ["shared", "contract"].map((room) => [
      `#${room}`,
      new URL(`../../${room}/index.ts`, import.meta.url).pathname,
    ]);
    const bootstrap = `import("jiti").then(({ createJiti }) => createJiti(${JSON.stringify(import.meta.url)}, { alias: ${JSON.stringify(Object.fromEntries(rooms))} }).import("./thread-entry.ts"))`;
    return new Worker(bootstrap, { eval: true, workerData: data });
  } catch (cause) {
    throw new RampartError(
      "RMP_LOAD_SCENARIO_INVALID",
      "what setup returns and what the run is overridden with must be plain data to reach threads",
      { cause, field: "processes" },
    );
  }
}
