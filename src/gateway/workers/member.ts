import type { Worker } from "node:cluster";
import { RampartError } from "#shared";
import type { MetricsSnapshot } from "../metrics/snapshot.ts";
import type { ToPrimary, ToWorker } from "./messages.ts";
import type { WorkerLoad } from "./scaling.ts";

/** One serving process as the primary knows it. */
export class Member<Launch> {
  /** Place, from 1; a replacement takes the place of the process it replaces. */
  readonly place: number;
  /** What it was started with. */
  readonly launch: Launch;
  readonly startedMs: number;
  state: "starting" | "running" | "draining" = "starting";
  /** The figures it told last. */
  snapshot: MetricsSnapshot | null = null;
  load: WorkerLoad | null = null;
  /** Somebody watches the live monitor there. */
  isWatching = false;
  private readonly worker: Worker;

  constructor(worker: Worker, place: number, launch: Launch, startedMs: number) {
    this.worker = worker;
    this.place = place;
    this.launch = launch;
    this.startedMs = startedMs;
  }

  get pid(): number {
    return this.worker.process.pid ?? 0;
  }

  /** Harmless when the process is gone. */
  send(message: ToWorker<Launch>): void {
    if (this.worker.isConnected()) this.worker.send(message, undefined, () => undefined);
  }

  onMessage(hear: (message: ToPrimary) => void): void {
    this.worker.on("message", hear);
  }

  onExit(hear: () => void): void {
    this.worker.once("exit", hear);
  }

  kill(): void {
    this.worker.process.kill("SIGKILL");
  }

  /** Has it serve. @returns where; rejects with its own error, or RMP_INTERNAL when it ends before */
  serve(instance: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.onMessage((message) => {
        if (message.kind === "listening") this.send({ kind: "serve", launch: this.launch, instance });
        else if (message.kind === "serving") {
          this.state = "running";
          resolve(message.url);
        } else if (message.kind === "failed") {
          const { code, message: text, field } = message;
          reject(new RampartError(code, text, field === undefined ? {} : { field }));
        }
      });
      this.onExit(() => reject(new RampartError("RMP_INTERNAL", "a process ended before it served")));
    });
  }

  /** Resolves when the process has ended. @param timeoutMs after which it is killed */
  drain(timeoutMs: number): Promise<void> {
    if (this.worker.isDead()) return Promise.resolve();
    this.state = "draining";
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), timeoutMs);
      this.onExit(() => {
        clearTimeout(timer);
        resolve();
      });
      this.send({ kind: "drain" });
    });
  }
}
