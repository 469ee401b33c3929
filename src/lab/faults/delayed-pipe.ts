import type { Socket } from "node:net";
import type { ProxyEffect } from "#contract";
import { monotonicMs } from "#shared";

/** Bytes that wait in one direction before the sender is paused. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Pieces a second that a capped direction is cut into: fine enough that the cap holds within a second. */
const PIECES_PER_SEC = 20;

interface Piece {
  readonly bytes: Buffer;
  readonly dueMs: number;
}

/** One direction of a connection: bytes go on in order, each when it is due. */
export class DelayedPipe {
  private readonly from: Socket;
  private readonly to: Socket;
  private readonly effect: () => ProxyEffect;
  private readonly admit: (bytes: number) => number;
  private readonly onCut: () => void;
  private readonly waiting: Piece[] = [];
  private waitingBytes = 0;
  private lastDueMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private hasEnded = false;
  private isStopped = false;

  /**
   * @param admit how many of the next so many bytes may still pass; fewer than asked cuts the connection
   * @param onCut called when the last admitted byte was handed over
   */
  constructor(
    from: Socket,
    to: Socket,
    effect: () => ProxyEffect,
    admit: (bytes: number) => number,
    onCut: () => void,
  ) {
    this.from = from;
    this.to = to;
    this.effect = effect;
    this.admit = admit;
    this.onCut = onCut;
    from.on("data", (bytes: Buffer) => this.take(bytes));
    from.on("end", () => {
      this.hasEnded = true;
      this.flush();
    });
    to.on("drain", () => this.flush());
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** The effect has changed. */
  changed(): void {
    this.flush();
  }

  /** Nothing more is passed on. */
  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.waiting.length = 0;
  }

  private take(bytes: Buffer): void {
    if (this.isStopped) return;
    const { delayMs = 0, bytesPerSec } = this.effect();
    const nowMs = monotonicMs();
    const size =
      bytesPerSec === undefined ? bytes.length : Math.max(1, Math.floor(bytesPerSec / PIECES_PER_SEC));
    for (let start = 0; start < bytes.length; start += size) {
      const piece = bytes.subarray(start, start + size);
      // A capped direction takes the next piece only after the one before has had its time.
      const spacingMs = bytesPerSec === undefined ? 0 : (1000 * piece.length) / bytesPerSec;
      this.lastDueMs = Math.max(nowMs + delayMs, this.lastDueMs + spacingMs);
      this.waiting.push({ bytes: piece, dueMs: this.lastDueMs });
    }
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > MAX_WAITING_BYTES) this.from.pause();
    this.flush();
  }

  private flush(): void {
    if (this.isStopped || this.effect().halfOpen === true || this.to.destroyed) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const nowMs = monotonicMs();
    while (this.waiting.length > 0 && !this.to.writableNeedDrain) {
      const next = this.waiting[0]!;
      if (next.dueMs > nowMs + 0.5) {
        this.timer = setTimeout(() => this.flush(), next.dueMs - nowMs);
        return;
      }
      this.waiting.shift();
      this.waitingBytes -= next.bytes.length;
      const admitted = this.admit(next.bytes.length);
      if (admitted < next.bytes.length) {
        this.stop();
        this.to.write(next.bytes.subarray(0, admitted), () => this.onCut());
        return;
      }
      this.to.write(next.bytes);
    }
    if (this.from.isPaused() && this.waitingBytes <= MAX_WAITING_BYTES / 2) this.from.resume();
    if (this.hasEnded && this.waiting.length === 0 && !this.to.writableEnded) this.to.end();
  }
}
