import type { Windows } from "./windows.ts";

/** Entries that a new log has room for; a power of two. */
const FIRST_CAPACITY = 16;

/**
 * Times of admitted requests: an exact sliding log. A request is admitted when fewer than the limit lie in the window that
 * ends with it, so that no interval of the window's length ever holds more, and none is refused that would fit. One ring
 * serves both windows; each keeps the index of its oldest entry, which moves on as time does: constant time per request
 * amortised, 8 bytes for each admission of the longest limited window, never more than the limit.
 */
export class RequestLog {
  /** Entries ever written; entry `i` stands at `i` modulo the ring's length. */
  private end = 0;
  private minuteStart = 0;
  private hourStart = 0;
  private ring: Float64Array | null = null;
  private readonly windows: Windows;

  constructor(windows: Windows) {
    this.windows = windows;
  }

  /** Requests in the minute that ends at `nowMs`. */
  minuteCount(nowMs: number): number {
    this.minuteStart = this.firstAfter(this.minuteStart, nowMs - this.windows.minuteMs);
    return this.end - this.minuteStart;
  }

  /** Requests in the hour that ends at `nowMs`. */
  hourCount(nowMs: number): number {
    this.hourStart = this.firstAfter(this.hourStart, nowMs - this.windows.hourMs);
    return this.end - this.hourStart;
  }

  /** Time until fewer than `limit` requests lie in a window, ms; 0 when that is so. Ask for its count first. */
  waitMs(limit: number, isHour: boolean, nowMs: number): number {
    const start = isHour ? this.hourStart : this.minuteStart;
    if (this.end - start < limit) return 0;
    const lengthMs = isHour ? this.windows.hourMs : this.windows.minuteMs;
    return Math.max(0, this.at(this.end - limit) + lengthMs - nowMs);
  }

  /** `nowMs`, or the time of the youngest entry where that is later: entries are in order whatever the clock does. */
  notBefore(nowMs: number): number {
    return this.end === 0 ? nowMs : Math.max(nowMs, this.at(this.end - 1));
  }

  /** Writes an admission down. Counts of both windows must have been asked for, unless `keepsHour` is false. */
  add(nowMs: number, keepsHour: boolean): void {
    // Without a limit per hour nobody looks back further than a minute.
    if (!keepsHour) this.hourStart = this.minuteStart;
    const oldest = Math.min(this.minuteStart, this.hourStart);
    if (this.ring === null) this.ring = new Float64Array(FIRST_CAPACITY);
    else if (this.end - oldest >= this.ring.length) this.ring = this.grown(this.ring, oldest);
    this.ring[this.end & (this.ring.length - 1)] = nowMs;
    this.end += 1;
  }

  /** Bytes of the ring. */
  get bytes(): number {
    return this.ring?.byteLength ?? 0;
  }

  private at(index: number): number {
    const { ring } = this;
    return ring === null ? 0 : ring[index & (ring.length - 1)]!;
  }

  /** The first entry at or after `from` that is younger than `horizonMs`: galloping, then halving. */
  private firstAfter(from: number, horizonMs: number): number {
    const { end } = this;
    if (from >= end || this.at(from) > horizonMs) return from;
    if (this.at(end - 1) <= horizonMs) return end;
    let low = from;
    let step = 1;
    while (low + step < end && this.at(low + step) <= horizonMs) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, end - 1);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.at(middle) <= horizonMs) low = middle;
      else high = middle;
    }
    return high;
  }

  private grown(ring: Float64Array, oldest: number): Float64Array {
    const larger = new Float64Array(ring.length * 2);
    for (let i = oldest; i < this.end; i += 1) larger[i & (larger.length - 1)] = this.at(i);
    return larger;
  }
}
