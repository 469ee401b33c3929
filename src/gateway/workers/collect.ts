import type { MetricsSnapshot } from "../metrics/snapshot.ts";
import { mergeSnapshots } from "../metrics/snapshot.ts";
import type { Collected } from "./fleet.ts";
import type { FleetFigures, WorkerFigures } from "./fleet-figures.ts";
import type { Member } from "./member.ts";
import { workerFigures } from "./worker-figures.ts";

/** Asks processes for their figures, all at once, and waits a bounded time for the answers. */
export class FigureCollector {
  private readonly timeoutMs: number;
  private asked = 0;
  private readonly waiting = new Map<number, (member: unknown) => void>();

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** Takes an answer; the member already holds the figures. */
  answered(id: number, member: unknown): void {
    this.waiting.get(id)?.(member);
  }

  /**
   * @param past counts of processes that have ended
   * @returns what all told; who did not answer in time is `silent`, with the figures it told last
   */
  async collect<Launch>(
    members: readonly Member<Launch>[],
    past: MetricsSnapshot | null,
    rest: Omit<FleetFigures, "workers">,
  ): Promise<Collected | null> {
    const answered = await this.ask(members);
    const told = members.filter(({ snapshot }) => snapshot !== null);
    const snapshots = told.map(({ snapshot }) => snapshot!); // filtered
    const workers = told.map((member): WorkerFigures => {
      const state = !answered.has(member) ? "silent" : member.state === "draining" ? "draining" : "running";
      return workerFigures(member.place, member.pid, state, member.snapshot!.live);
    });
    workers.sort((a, b) => a.worker - b.worker);
    const all = past === null ? snapshots : [...snapshots, past];
    return all.length === 0 ? null : { snapshot: mergeSnapshots(all), fleet: { ...rest, workers } };
  }

  private ask<Launch>(members: readonly Member<Launch>[]): Promise<ReadonlySet<unknown>> {
    const answered = new Set<unknown>();
    if (members.length === 0) return Promise.resolve(answered);
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(answered);
      };
      const timer = setTimeout(done, this.timeoutMs);
      this.waiting.set(id, (member) => {
        answered.add(member);
        if (answered.size === members.length) done();
      });
      for (const member of members) member.send({ kind: "tell-figures", id });
    });
  }
}
