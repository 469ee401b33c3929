/**
 * Work that Rampart workers share out among themselves: arrivals, iterations and sessions, which are no users that a
 * `spawn` message could hand out. Each worker that is there at the start runs its exact share of every such executor, as
 * threads of one machine do: arrival n belongs to worker n mod the number of workers.
 */
import { RampartError } from "#shared";
import type { WorkShare } from "../executors/executor.ts";
import type { ExecutorConfig } from "../model/executor-types.ts";
import type { Scenario } from "../model/scenario-types.ts";
import type { Settings } from "../run-plan.ts";
import type { Member } from "./member.ts";
import { recordOf } from "./message.ts";

/** Executors whose users can be told by number and class alone, which is all that a `spawn` message says. */
const DISPATCHED: ReadonlySet<ExecutorConfig["kind"]> = new Set(["constant-users", "ramping-users", "shape"]);

/** An executor as it travels: the scenario's own by its place there (it may hold functions), any other as plain data. */
export type SentExecutor = { readonly place: number } | { readonly config: ExecutorConfig };

/** One worker's share. */
export interface PeerWork {
  readonly executors: readonly SentExecutor[];
  readonly share: WorkShare;
}

/** True for executors whose users the master hands out. */
export function isDispatched(config: ExecutorConfig): boolean {
  return DISPATCHED.has(config.kind);
}

/** The executors that workers share. */
export function sharedExecutors(settings: Settings): readonly ExecutorConfig[] {
  return settings.executors.filter((config) => !isDispatched(config));
}

/** The executors of a share, on the worker. @throws RMP_LOAD_SCENARIO_INVALID when its scenario does not have one */
export function executorsOf(work: PeerWork, scenario: Scenario): readonly ExecutorConfig[] {
  return work.executors.map((sent) => {
    if ("config" in sent) return sent.config;
    const config = scenario.executors[sent.place];
    if (config === undefined)
      throw new RampartError(
        "RMP_LOAD_SCENARIO_INVALID",
        "the master's scenario has an executor that this one lacks: give all machines the same file",
        { field: "executors" },
      );
    return config;
  });
}

/** A share as it was sent; null when there is none. */
export function readWork(data: unknown): PeerWork | null {
  const fields = recordOf(data);
  const { index, count } = recordOf(fields?.["share"]) ?? {};
  const executors = fields?.["executors"];
  if (!Array.isArray(executors) || typeof index !== "number" || typeof count !== "number") return null;
  // Masters prove themselves before they send anything, and what they send was validated as a plan there.
  return { executors: executors as readonly SentExecutor[], share: { index, count } };
}

/** Who has which share, and who is through with it. */
export class SharedWork {
  /** Resolves when every share is done or its worker is gone; at once without shared executors. */
  readonly done: Promise<void>;
  readonly #executors: readonly SentExecutor[];
  readonly #pending = new Set<string>();
  readonly #workers: readonly string[];
  #resolve: () => void = () => {};

  /**
   * Shares the work out among the peers that run the master's scenario file.
   * @throws RMP_LOAD_SCENARIO_INVALID when there is work and nobody to do it
   */
  constructor(settings: Settings, members: readonly Member[], scenarioHash: string) {
    this.#executors = sharedExecutors(settings).map((config) => {
      const place = settings.scenario.executors.indexOf(config);
      return place < 0 ? { config } : { place };
    });
    this.#workers =
      this.#executors.length === 0
        ? []
        : members
            .filter((member) => member.isPeer && member.scenarioHash === scenarioHash)
            .map(({ id }) => id);
    for (const id of this.#workers) this.#pending.add(id);
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (this.#executors.length > 0 && this.#workers.length === 0)
      throw new RampartError(
        "RMP_LOAD_SCENARIO_INVALID",
        "arrivals, iterations and sessions are shared by Rampart workers with the master's scenario file, and none is there",
        { field: "executors" },
      );
    this.#check();
  }

  /** True when anything is shared. */
  get isUsed(): boolean {
    return this.#executors.length > 0;
  }

  /** The share of a worker; null without one. */
  of(id: string): PeerWork | null {
    const index = this.#workers.indexOf(id);
    return index < 0 ? null : { executors: this.#executors, share: { index, count: this.#workers.length } };
  }

  /** A worker is through with its share. */
  finish(id: string): void {
    this.#pending.delete(id);
    this.#check();
  }

  /** A worker is gone. @returns what was lost with it, as a sentence; null when its share was done or it had none */
  lose(id: string): string | null {
    if (!this.#pending.delete(id)) return null;
    this.#check();
    return `worker ${id} was lost with its 1 of ${this.#workers.length} shares of the arrivals, iterations or sessions: run again with steadier workers`;
  }

  #check(): void {
    if (this.#pending.size === 0) this.#resolve();
  }
}
