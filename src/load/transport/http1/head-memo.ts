import type { ResponseHead } from "./response-head.ts";

/** Targets remembered; what scenarios with ever new paths bring starts over when it is reached. */
const TARGET_LIMIT = 500;
/** Heads that differed one after another before a target is given up: its server says something new each time. */
const GIVE_UP_AFTER = 20;
const CR = 13;
const LF = 10;

interface Known {
  head: ResponseHead;
  misses: number;
}

/**
 * Heads as they were last read, by request target. Servers answer the same request with the same head until the second
 * of its `date` changes: comparing it costs a tenth of parsing it anew.
 */
export class HeadMemo {
  readonly #byTarget = new Map<string, Known>();

  /** The head that stands whole at `start`, when it is the last one of this target to the letter; otherwise null. */
  find(target: string, buffer: Buffer, start: number, end: number): ResponseHead | null {
    const known = this.#byTarget.get(target);
    if (known === undefined || known.misses > GIVE_UP_AFTER) return null;
    const { text } = known.head;
    const stop = start + text.length;
    if (
      stop + 4 > end ||
      buffer[stop] !== CR ||
      buffer[stop + 1] !== LF ||
      buffer[stop + 2] !== CR ||
      buffer[stop + 3] !== LF ||
      buffer.toString("latin1", start, stop) !== text
    )
      return null;
    known.misses = 0;
    return known.head;
  }

  /** Remembers a head that {@link find} did not know. */
  keep(target: string, head: ResponseHead): void {
    const known = this.#byTarget.get(target);
    if (known !== undefined) {
      known.misses += 1;
      if (known.misses <= GIVE_UP_AFTER) known.head = head;
      return;
    }
    if (this.#byTarget.size >= TARGET_LIMIT) this.#byTarget.clear();
    this.#byTarget.set(target, { head, misses: 0 });
  }
}
