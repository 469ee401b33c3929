/** A Rampart worker under a master: `rampart load -f FILE --worker`. */
import { hostname } from "node:os";
import { memoryUsage } from "node:process";
import { epochMs, monotonicMs, randomHex } from "#shared";
import { hashScenario, loadScenario } from "../loader.ts";
import type { Scenario } from "../model/scenario-types.ts";
import type { RunOverrides } from "../run-types.ts";
import { createScheduler } from "../scheduler.ts";
import type { WorkerClocks } from "../workers/worker-engine.ts";
import { connectWorker } from "./links.ts";
import type { LocustMessage } from "./message.ts";
import { peerNodeId } from "./peer-protocol.ts";
import { createWorkerLoad } from "./worker-load.ts";
import { type WorkerEnding, WorkerSession, type WorkerStatus } from "./worker-session.ts";

/** Locust's default of `--master-host` and `--master-port`. */
export const DEFAULT_MASTER_HOST = "127.0.0.1";
/** Source: Locust `--master-port`. */
export const DEFAULT_MASTER_PORT = 5557;

/** What a worker needs. */
export interface LocustWorkerOptions {
  /** A scenario or the path of its file; its user classes must bear the names that the master asks for. */
  readonly scenario: Scenario | string;
  /** What this worker has of its own: host, seed, authorities; the master's host and tags come before. */
  readonly overrides?: RunOverrides;
  readonly masterHost?: string;
  readonly masterPort?: number;
  /** Shared token; with one the worker joins only a Rampart master that knows it. */
  readonly token?: string;
  readonly onLog?: (line: string) => void;
  /** Aborting ends the worker: users stop, the last report and `quit` go out. */
  readonly signal?: AbortSignal;
  readonly clock?: WorkerClocks;
}

/** A worker at work. */
export interface LocustWorker {
  readonly nodeId: string;
  readonly status: WorkerStatus;
  /**
   * Resolves when the master let it go or it was stopped; rejects with RMP_NET_UNREACHABLE without a master and with
   * RMP_LOAD_TOKEN_REFUSED when the tokens differ.
   */
  readonly done: Promise<WorkerEnding>;
  /** Ends it as its signal does. */
  stop(): Promise<void>;
}

/**
 * Connects a worker and lets it work until its master lets it go. Works under Locust masters and Rampart's.
 * @throws RMP_LOAD_SCENARIO_NOT_FOUND, RMP_LOAD_SCENARIO_INVALID, RMP_BACKEND_UNAVAILABLE (package zeromq missing)
 */
export async function createLocustWorker(options: LocustWorkerOptions): Promise<LocustWorker> {
  const clocks = options.clock ?? { epochMs, monotonicMs };
  const { scenario, hash } =
    typeof options.scenario === "string"
      ? await loadScenario(options.scenario)
      : { scenario: options.scenario, hash: hashScenario(options.scenario) };
  const log = options.onLog ?? (() => {});
  const nodeId = peerNodeId(hostname(), randomHex(16));
  let receive: (message: LocustMessage) => void = () => {};
  const link = await connectWorker(
    {
      host: options.masterHost ?? DEFAULT_MASTER_HOST,
      port: options.masterPort ?? DEFAULT_MASTER_PORT,
      nodeId,
    },
    (message) => receive(message),
  );
  const session = new WorkerSession({
    nodeId,
    token: options.token ?? "",
    scenarioHash: hash,
    load: createWorkerLoad({ workerId: nodeId, scenario, overrides: options.overrides ?? {}, clocks, log }),
    scheduler: createScheduler(clocks.monotonicMs),
    epochMs: clocks.epochMs,
    nonce: randomHex(16),
    memoryBytes: () => memoryUsage.rss(),
    log,
    send: (message) => link.send(message),
    reset: () => void link.reset(),
  });
  receive = (message) => session.receive(message);
  const stop = () => session.stop();
  options.signal?.addEventListener("abort", () => void stop(), { once: true });
  session.start();
  if (options.signal?.aborted === true) void stop();
  return {
    nodeId,
    get status() {
      return session.status;
    },
    done: session.done.finally(() => link.close()),
    stop,
  };
}
