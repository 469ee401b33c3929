/** A worker in a thread of its own: loads the scenario, waits for the start, reports when asked. */
import { parentPort, workerData } from "node:worker_threads";
import { epochMs, monotonicMs, toRampartError } from "#shared";
import { loadScenario } from "../loader.ts";
import { resolveSettings } from "../run-plan.ts";
import { SHIPPED_SHAPES } from "../shapes/index.ts";
import { assignmentFor } from "./assignment.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.ts";
import { WorkerEngine } from "./worker-engine.ts";

// The coordinator of this package started the thread with exactly this.
const data = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error("this file runs only as a thread");
const send = (message: FromThread) => port.postMessage(message);
let engine: WorkerEngine | null = null;

const report = (isLast: boolean) => {
  for (const entry of engine?.report(isLast) ?? []) send({ kind: "report", report: entry });
  send({ kind: "target", users: engine?.targetUsers ?? 0 });
};

async function stop(timeoutMs: number): Promise<void> {
  await engine?.stop(timeoutMs);
  report(true);
  engine?.close();
  send({ kind: "stopped" });
}

try {
  const { scenario } = await loadScenario(data.path);
  const settings = resolveSettings(scenario, data.overrides, SHIPPED_SHAPES);
  port.on("message", (message: ToThread) => {
    switch (message.kind) {
      case "start": {
        const assignment = assignmentFor(
          { settings, shared: data.shared, startedAtMs: message.startedAtMs },
          data.index,
          data.count,
        );
        engine = new WorkerEngine(assignment, { epochMs, monotonicMs }, true);
        void engine.done.then(() => send({ kind: "done" }));
        send({ kind: "target", users: engine.targetUsers });
        break;
      }
      case "poll":
        report(false);
        break;
      case "set-users":
        engine?.setUsers(message.users, message.spawnRatePerSec);
        send({ kind: "target", users: engine?.targetUsers ?? 0 });
        break;
      case "set-current-users":
        engine?.setCurrentUsers(message.users);
        break;
      case "stop":
        void stop(message.timeoutMs);
        break;
    }
  });
  send({ kind: "ready" });
} catch (error) {
  const known = toRampartError(error);
  send({ kind: "failed", code: known.code, message: known.message });
}
