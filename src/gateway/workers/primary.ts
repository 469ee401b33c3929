import cluster from "node:cluster";
import type { ProcessesConfig } from "#contract";
import { type EpochClock, type MonotonicClock, RampartError, randomHex } from "#shared";
import type { MetricsSnapshot } from "../metrics/snapshot.ts";
import { mergeSnapshots } from "../metrics/snapshot.ts";
import { FigureCollector } from "./collect.ts";
import { departed } from "./departed.ts";
import type { ReloadFigures } from "./fleet-figures.ts";
import { Member } from "./member.ts";
import type { ToPrimary } from "./messages.ts";
import { ReloadLog } from "./reload-log.ts";
import { restartDelayMs, SETTLED_MS } from "./restart-delay.ts";
import { Scaling } from "./scaling.ts";

/** How often the load is judged, ms. */
const SCALE_INTERVAL_MS = 1_000;
/** Time that a draining process gets beyond its own bound before it is killed, ms. */
const KILL_AFTER_MS = 5_000;

/** What happened to the processes, for the log. */
export interface PrimaryEvent {
  readonly event: "replaced" | "scaled" | "reload";
  readonly processes: number;
  readonly reason: string | null;
}

/** What a primary needs. `Launch` is what a process needs to serve: plain data. */
export interface PrimaryOptions<Launch> {
  readonly config: ProcessesConfig;
  readonly launch: Launch;
  /** Reads and checks the configuration for a reload; throws when it cannot be used. */
  readonly readAgain: (now: Launch) => Launch;
  readonly drainTimeoutMs: number;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  readonly onEvent?: (event: PrimaryEvent) => void;
}

/**
 * Keeps several processes serving one port: starts them, replaces those that die, scales their number by load, replaces
 * them one by one when the configuration changes, puts their figures together. Serves no request itself.
 */
export class Primary<Launch> {
  private readonly options: PrimaryOptions<Launch>;
  /** Names this gateway among others that share a Redis. */
  private readonly instance = randomHex(8);
  private readonly members = new Set<Member<Launch>>();
  private readonly collector: FigureCollector;
  private readonly scaling: Scaling;
  private readonly reloads: ReloadLog;
  private launch: Launch;
  private past: MetricsSnapshot | null = null;
  private restarts = 0;
  private earlyDeaths = 0;
  private isChanging = false;
  private isStopping = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(options: PrimaryOptions<Launch>) {
    this.options = options;
    this.launch = options.launch;
    this.collector = new FigureCollector(options.config.figuresTimeoutMs);
    this.scaling = new Scaling(options.config);
    this.reloads = new ReloadLog(options.epoch);
  }

  /** Starts the least number of processes. @returns where they serve; rejects with the first one's error */
  async start(): Promise<string> {
    const places = Array.from({ length: this.options.config.min }, (_, i) => i + 1);
    const [url] = await Promise.all(places.map((place) => this.startMember(place, this.launch)));
    this.timer = setInterval(() => this.scale(), SCALE_INTERVAL_MS);
    return url ?? "";
  }

  /** Processes that serve. */
  get size(): number {
    return this.running().length;
  }

  /** Replaces every process by one with the configuration as it is now; when one does not start, all stay as they were. */
  async reload(): Promise<ReloadFigures> {
    const figures = await this.reloads.record(() => this.replaceAll());
    this.tell("reload", figures.reason);
    return figures;
  }

  /** Lets every process finish what it does and end; resolves when all are gone. */
  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.timer !== null) clearInterval(this.timer);
    await Promise.all([...this.members].map((member) => this.end(member)));
  }

  private async startMember(place: number, launch: Launch): Promise<string> {
    const member = new Member(cluster.fork(), place, launch, this.options.clock());
    this.members.add(member);
    member.onMessage((message) => this.hear(member, message));
    member.onExit(() => this.left(member));
    try {
      const url = await member.serve(this.instance);
      this.tellWatched();
      return url;
    } catch (error) {
      this.members.delete(member);
      member.kill();
      throw error;
    }
  }

  private hear(member: Member<Launch>, message: ToPrimary): void {
    switch (message.kind) {
      case "load":
        member.load = message;
        return;
      case "figures":
        member.snapshot = message.snapshot;
        if (message.id !== null) this.collector.answered(message.id, member);
        return;
      case "collect":
        void this.collect(member, message.id);
        return;
      case "reload":
        void this.reload().then((figures) => member.send({ kind: "reloaded", id: message.id, figures }));
        return;
      case "watching":
        member.isWatching = message.isWatching;
        this.tellWatched();
        return;
      case "events":
        for (const other of this.members)
          if (other !== member && other.isWatching) other.send({ kind: "events", events: message.events });
        return;
      case "listening":
      case "serving":
      case "failed":
        return;
    }
  }

  private async collect(asker: Member<Launch>, id: number): Promise<void> {
    const served = [...this.members].filter(({ state }) => state !== "starting");
    const rest = { ...this.reloads.figures(), restarts: this.restarts };
    const collected = await this.collector.collect(served, this.past, rest);
    if (collected !== null) asker.send({ kind: "collected", id, collected });
  }

  /** Every process learns whether another one has somebody who watches. */
  private tellWatched(): void {
    for (const member of this.members) {
      const isWatched = [...this.members].some((other) => other !== member && other.isWatching);
      member.send({ kind: "watched", isWatched });
    }
  }

  private left(member: Member<Launch>): void {
    if (!this.members.delete(member)) return;
    if (member.snapshot !== null) {
      const last = departed(member.snapshot);
      this.past = this.past === null ? last : mergeSnapshots([this.past, last]);
    }
    this.tellWatched();
    if (member.state !== "running" || this.isStopping) return;
    this.restarts += 1;
    const livedMs = this.options.clock() - member.startedMs;
    this.earlyDeaths = livedMs < SETTLED_MS ? this.earlyDeaths + 1 : 1;
    this.tell("replaced", "a process ended without being asked to");
    this.replaceLater(member.place);
  }

  private replaceLater(place: number): void {
    setTimeout(() => {
      const isTaken = [...this.members].some((member) => member.place === place);
      if (this.isStopping || isTaken) return;
      this.startMember(place, this.launch).catch(() => {
        this.earlyDeaths += 1;
        this.replaceLater(place);
      });
    }, restartDelayMs(this.earlyDeaths));
  }

  private running(): Member<Launch>[] {
    return [...this.members].filter(({ state }) => state === "running");
  }

  private scale(): void {
    const running = this.running();
    const loads = running.flatMap(({ load }) => load ?? []);
    if (this.isChanging || loads.length < running.length) return;
    const step = this.scaling.decide(loads, this.options.clock());
    if (step === "stay") return;
    if (step === "up") {
      const taken = new Set([...this.members].map(({ place }) => place));
      let place = 1;
      while (taken.has(place)) place += 1;
      void this.whileChanging(() => this.startMember(place, this.launch))
        .then(() => this.tell("scaled", "load"))
        .catch(() => undefined); // it is tried again while the load lasts
      return;
    }
    const last = running.reduce((a, b) => (b.place > a.place ? b : a));
    void this.end(last).then(() => this.tell("scaled", "idle"));
  }

  private async replaceAll(): Promise<void> {
    if (this.isChanging || this.isStopping)
      throw new RampartError("RMP_CONFIG_BUSY", "the processes are changing already");
    const before = this.launch;
    const next = this.options.readAgain(before);
    await this.whileChanging(async () => {
      try {
        await this.replaceOneByOne(next);
        this.launch = next;
      } catch (error) {
        await this.replaceOneByOne(before);
        throw error;
      }
    });
  }

  /** Every process that was started with something else is replaced: the new one serves before the old one drains. */
  private async replaceOneByOne(launch: Launch): Promise<void> {
    for (const member of this.running()) {
      if (member.launch === launch) continue;
      if (this.isStopping) throw new RampartError("RMP_CONFIG_BUSY", "the gateway is shutting down");
      await this.startMember(member.place, launch);
      // Not waited for: the request that asked for the change may be under way in that very process.
      void this.end(member);
    }
  }

  private end(member: Member<Launch>): Promise<void> {
    return member.drain(this.options.drainTimeoutMs + KILL_AFTER_MS);
  }

  private async whileChanging<T>(run: () => Promise<T>): Promise<T> {
    this.isChanging = true;
    try {
      return await run();
    } finally {
      this.isChanging = false;
    }
  }

  private tell(event: PrimaryEvent["event"], reason: string | null): void {
    this.options.onEvent?.({ event, processes: this.size, reason });
  }
}
