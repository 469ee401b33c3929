import { TOKEN_SLOTS } from "./windows.ts";

/** Slots in use: those of a minute and the one under way. */
const RING = TOKEN_SLOTS + 1;

/** Tokens of the last minute, by slots of a 240th of it; see {@link TOKEN_SLOTS}. Constant memory, 2 KB. */
export class TokenWindow {
  private readonly slotMs: number;
  private slots: Float64Array | null = null;
  private current = Number.NEGATIVE_INFINITY;
  private total = 0;

  /** @param minuteMs length of the window, ms */
  constructor(minuteMs: number) {
    this.slotMs = minuteMs / TOKEN_SLOTS;
  }

  /** Tokens counted at `nowMs`. */
  used(nowMs: number): number {
    this.advance(nowMs);
    return this.total;
  }

  /** Reserves tokens. @returns the slot, to give them back from */
  add(tokens: number, nowMs: number): number {
    this.advance(nowMs);
    this.slots ??= new Float64Array(RING);
    this.slots[this.current % RING]! += tokens;
    this.total += tokens;
    return this.current;
  }

  /** Gives back tokens that were reserved in `slot` and not used; what has left the window is gone already. */
  giveBack(tokens: number, slot: number, nowMs: number): void {
    this.advance(nowMs);
    if (this.slots === null || slot <= this.current - RING || slot > this.current) return;
    const given = Math.min(tokens, this.slots[slot % RING]!);
    this.slots[slot % RING]! -= given;
    this.total -= given;
  }

  /** Time until `tokens` more fit under `limit`, ms; a whole window when they never do. */
  waitMs(tokens: number, limit: number, nowMs: number): number {
    let excess = this.used(nowMs) + tokens - limit;
    if (excess <= 0) return 0;
    for (let slot = this.current - TOKEN_SLOTS; slot <= this.current && slot >= 0; slot += 1) {
      excess -= this.slots?.[slot % RING] ?? 0;
      if (excess <= 0) return (slot + RING) * this.slotMs - nowMs;
    }
    return TOKEN_SLOTS * this.slotMs;
  }

  private advance(nowMs: number): void {
    const slot = Math.max(0, Math.floor(nowMs / this.slotMs));
    if (slot <= this.current) return;
    const { slots } = this;
    if (slots !== null) {
      const first = Math.max(this.current + 1, slot - TOKEN_SLOTS);
      for (let i = first; i <= slot; i += 1) {
        this.total -= slots[i % RING]!;
        slots[i % RING] = 0;
      }
    }
    this.current = slot;
  }
}
