import { type Draft, toRecord } from "./draft.ts";
import type { AuditFigures } from "./figures.ts";
import { type Entry, LogFile, type LogFileOptions, LogFull } from "./log-file.ts";
import type { NoticeRecord } from "./record.ts";
import { within } from "./within.ts";

/** Most exchanges sealed and written at once; sealing them takes a few milliseconds. */
const BATCH_EVENTS = 256;
/** Time between attempts after the disk failed, ms. */
const RETRY_MS = 1_000;
/** Age of the oldest waiting exchange from which on the disk counts as stalled, ms. */
const STALLED_MS = 2_000;
/** Longest wait for a disk that does not answer when the gateway ends, ms. */
const CLOSE_TIMEOUT_MS = 5_000;

/** How the log is written. */
export interface AuditWriterOptions extends LogFileOptions {
  /** Longest time an exchange waits in memory before it is written, ms. */
  readonly flushMs: number;
  /** Most exchanges that wait. */
  readonly queueEvents: number;
}

/**
 * Takes drafts off the hot path and brings them to disk in batches: a bounded queue in memory, one write per interval or
 * batch, never two at a time. Never throws into the gateway: a disk that fails is tried again, and what the queue cannot hold
 * meanwhile is counted, told in the figures and, once the disk is back, in the log.
 */
export class AuditWriter {
  private readonly options: AuditWriterOptions;
  private readonly file: LogFile;
  private queue: Draft[] = [];
  private written = 0;
  private dropped = 0;
  /** Drops that the log does not tell yet. */
  private untold = 0;
  private failures = 0;
  private state: AuditFigures["state"] = "starting";
  private timer: NodeJS.Timeout | null = null;
  private pumping: Promise<void> | null = null;
  private isScheduled = false;
  private isClosed = false;

  constructor(options: AuditWriterOptions) {
    this.options = options;
    this.file = new LogFile(options);
  }

  /** Whether records reach the disk, as far as is known. */
  get isHealthy(): boolean {
    return this.stateNow() === "healthy";
  }

  /** Queues a draft; drops it when the queue is full. */
  offer(draft: Draft): void {
    const { queue } = this;
    if (queue.length >= this.options.queueEvents || this.isClosed) {
      this.dropped += 1;
      this.untold += 1;
      return;
    }
    queue.push(draft);
    if (queue.length === 1) this.schedule(this.options.flushMs);
    else if (queue.length >= BATCH_EVENTS && this.state === "healthy") this.hurry();
  }

  /** Opens the log and tells so in it. Never rejects: a disk that fails is tried again. */
  async open(): Promise<void> {
    await this.pump();
  }

  /** Writes everything that waits now. Never rejects. */
  async flush(): Promise<void> {
    await this.pump();
  }

  /** Writes what waits, ends the log in good order and gives it up; waits a few seconds at most. Never rejects. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.state === "full") this.dropQueue();
    await within(CLOSE_TIMEOUT_MS, this.pump([{ kind: "closed" }]));
    if (this.timer !== null) clearTimeout(this.timer);
    await within(CLOSE_TIMEOUT_MS, this.file.release());
  }

  figures(): AuditFigures {
    const [oldest] = this.queue;
    return {
      state: this.stateNow(),
      written: this.written,
      dropped: this.dropped,
      queued: this.queue.length,
      failures: this.failures,
      lagMs: oldest === undefined ? 0 : Math.max(0, this.options.now() - oldest.ts),
    };
  }

  private stateNow(): AuditFigures["state"] {
    const { queue, state, options } = this;
    if (state !== "healthy" || queue.length === 0) return state;
    const isStalled = queue.length >= options.queueEvents || options.now() - queue[0]!.ts > STALLED_MS;
    return isStalled ? "stalled" : state;
  }

  /** A full log has no room for what waits, only for the number. */
  private dropQueue(): void {
    this.dropped += this.queue.length;
    this.untold += this.queue.length;
    this.queue = [];
  }

  private schedule(delayMs: number): void {
    if (this.timer !== null || this.isClosed) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.pump();
    }, delayMs);
    this.timer.unref();
  }

  /** A whole batch waits: writes it as soon as the requests at hand are served. */
  private hurry(): void {
    if (this.isScheduled || this.pumping !== null) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      void this.pump();
    });
  }

  /** Writes until nothing waits; after the pump that runs already. */
  private async pump(last: readonly NoticeRecord[] | null = null): Promise<void> {
    while (this.pumping !== null) await this.pumping;
    this.pumping = this.writeAll(last);
    await this.pumping;
  }

  private async writeAll(last: readonly NoticeRecord[] | null): Promise<void> {
    try {
      do {
        await this.writeBatch(last);
      } while (this.queue.length > 0 || this.untold > 0);
      this.state = "healthy";
    } catch (error) {
      this.failures += 1;
      this.state = error instanceof LogFull ? "full" : "failed";
      this.schedule(RETRY_MS);
    } finally {
      this.pumping = null;
    }
  }

  private async writeBatch(last: readonly NoticeRecord[] | null): Promise<void> {
    const { queue } = this;
    this.written += await this.file.prepare(last !== null);
    const count = Math.min(queue.length, BATCH_EVENTS);
    const entries: Entry[] = [];
    for (let i = 0; i < count; i += 1) {
      const draft = queue[i]!;
      entries.push({ ts: draft.ts, content: toRecord(draft) });
    }
    queue.splice(0, count);
    const { untold } = this;
    this.untold = 0;
    const isEnd = last !== null && queue.length === 0;
    this.file.seal(entries, [
      ...(untold > 0 ? [{ kind: "dropped", count: untold } as const] : []),
      ...(isEnd ? last : []),
    ]);
    this.written += await this.file.write();
  }
}
