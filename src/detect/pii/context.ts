/** Context words before a value: which kinds of things the writer has just named. */
import { CONTEXT_WORDS } from "./context.data.ts";

/** A set of context kinds, one bit each. */
export type ContextMask = number;

/** How many characters and words before a value are looked at. */
const WINDOW_CHARS = 80;
const WINDOW_WORDS = 10;
/** The nearer window: the label of the value itself. */
const NEAR_WORDS = 5;

/** Kinds of the words before a place. */
export interface Context {
  /** In the 10 words (80 characters) before. */
  far: ContextMask;
  /** In the 5 words before on the same line and in the same sentence, no other number between. */
  near: ContextMask;
}

/** Writes the context before `start` into `context`. O(1). */
export function readContext(text: string, start: number, context: Context): void {
  const from = Math.max(0, start - WINDOW_CHARS);
  let words = 0;
  let end = -1;
  let isNear = true;
  context.far = 0;
  context.near = 0;
  for (let i = start - 1; i >= from - 1 && words < WINDOW_WORDS; i--) {
    const code = i >= from ? text.charCodeAt(i) : 32;
    const isLetter =
      (code >= 97 && code < 123) ||
      (code >= 65 && code < 91) ||
      (code >= 0xc0 && code < 0x2000) ||
      code > 0x2fff;
    if (isLetter) {
      if (end < 0) end = i + 1;
      continue;
    }
    if (end >= 0) {
      if (i >= from || from === 0) {
        const kinds = CONTEXT_WORDS.get(text.slice(i + 1, end).toLowerCase()) ?? 0;
        context.far |= kinds;
        if (isNear) context.near |= kinds;
      }
      end = -1;
      words++;
      if (words >= NEAR_WORDS) isNear = false;
    }
    const endsNearness =
      (code === 10 && words > 0) ||
      (code >= 48 && code < 58) ||
      (words > 0 &&
        (code === 46 || code === 59 || code === 63 || code === 33) &&
        text.charCodeAt(i + 1) === 32);
    if (endsNearness) isNear = false;
  }
}
