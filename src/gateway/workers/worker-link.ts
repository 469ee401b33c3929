import { RampartError, toRampartError } from "#shared";
import type { ProcessPeers } from "../monitor/process-outlet.ts";
import type { SharedEvent } from "../monitor/shared-event.ts";
import type { Collected, Fleet } from "./fleet.ts";
import type { ReloadFigures } from "./fleet-figures.ts";
import type { ToPrimary, ToWorker } from "./messages.ts";
import { createSoloFleet, type SoloMember } from "./solo-fleet.ts";

/** How often a process tells its load, ms. */
const LOAD_INTERVAL_MS = 1_000;
/** Beyond this the primary is taken for stuck and the process tells its own figures, ms. */
const PRIMARY_TIMEOUT_MS = 2_000;

/** The way to the primary: `process` in a forked process. */
export interface PrimaryChannel {
  send(message: ToPrimary): void;
}

/** One serving process's end of the conversation with its primary. */
export class WorkerLink implements ProcessPeers {
  /** Name of the gateway, told by the primary. */
  instance = "";
  private readonly channel: PrimaryChannel;
  private member: SoloMember | null = null;
  private solo: Fleet | null = null;
  private asked = 0;
  private readonly collecting = new Map<number, (collected: Collected) => void>();
  private readonly reloading = new Map<number, (figures: ReloadFigures) => void>();
  private loadTimer: NodeJS.Timeout | null = null;
  /** Whether somebody watches the live monitor at another process. */
  isWatched = false;
  /** Told about what happened at other processes. */
  onEvents: (events: readonly SharedEvent[]) => void = () => undefined;

  constructor(channel: PrimaryChannel) {
    this.channel = channel;
  }

  /** The processes as this one sees them: over its primary. */
  readonly join = (member: SoloMember): Fleet => {
    this.member = member;
    this.solo = createSoloFleet(member);
    this.loadTimer = setInterval(() => {
      const { cpuPercent, eventLoopDelayMs } = member.load();
      this.channel.send({ kind: "load", cpuPercent, eventLoopDelayMs });
    }, LOAD_INTERVAL_MS);
    this.loadTimer.unref();
    return { collect: () => this.collect(), reload: () => this.reload() };
  };

  /** Takes a message of the primary that is about a process that serves. */
  hear(message: ToWorker<unknown>): void {
    switch (message.kind) {
      case "tell-figures":
        this.tellFigures(message.id);
        return;
      case "collected":
        this.collecting.get(message.id)?.(message.collected);
        return;
      case "reloaded":
        this.reloading.get(message.id)?.(message.figures);
        this.reloading.delete(message.id);
        return;
      case "watched":
        this.isWatched = message.isWatched;
        return;
      case "events":
        this.onEvents(message.events);
        return;
      case "serve":
      case "drain":
        return;
    }
  }

  /** The figures of this process. @param id of the question; null: the last ones */
  tellFigures(id: number | null): void {
    if (this.member !== null) this.channel.send({ kind: "figures", id, snapshot: this.member.snapshot() });
  }

  tellServing(url: string): void {
    this.channel.send({ kind: "serving", url });
  }

  tellFailure(cause: unknown): void {
    const { code, message, field } = toRampartError(cause);
    this.channel.send({ kind: "failed", code, message, field });
  }

  tellWatching(isWatching: boolean): void {
    this.channel.send({ kind: "watching", isWatching });
  }

  tellEvents(events: readonly SharedEvent[]): void {
    this.channel.send({ kind: "events", events });
  }

  private collect(): Promise<Collected> {
    const { solo } = this;
    if (solo === null) throw new RampartError("RMP_INTERNAL", "no gateway has joined");
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve) => {
      const done = (collected: Collected | Promise<Collected>): void => {
        clearTimeout(timer);
        this.collecting.delete(id);
        resolve(collected);
      };
      const timer = setTimeout(() => done(solo.collect()), PRIMARY_TIMEOUT_MS);
      this.collecting.set(id, done);
      this.channel.send({ kind: "collect", id });
    });
  }

  private reload(): Promise<ReloadFigures> {
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve) => {
      this.reloading.set(id, resolve);
      this.channel.send({ kind: "reload", id });
    });
  }
}
