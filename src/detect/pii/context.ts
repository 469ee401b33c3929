/** Context words before a value: which kinds of things the writer has just named. */
import { CONTEXT_WORDS } from "./context.data.ts";

/** A set of context kinds, one bit each. */
export type ContextMask = number;

/** How many characters and words before a value are looked at. */
const WINDOW_CHARS = 80;
const WINDOW_WORDS = 10;

/** The kinds of context words in the 10 words (80 characters) before `start`. O(1). */
export function contextBefore(text: string, start: number): ContextMask {
  const from = Math.max(0, start - WINDOW_CHARS);
  let mask = 0;
  let words = 0;
  let end = -1;
  for (let i = start - 1; i >= from - 1 && words < WINDOW_WORDS; i--) {
    const code = i >= from ? text.charCodeAt(i) : 32;
    const isLetter =
      (code >= 97 && code < 123) ||
      (code >= 65 && code < 91) ||
      (code >= 0xc0 && code < 0x2000) ||
      code > 0x2fff;
    if (isLetter) {
      if (end < 0) end = i + 1;
    } else if (end >= 0) {
      if (i >= from || from === 0) mask |= CONTEXT_WORDS.get(text.slice(i + 1, end).toLowerCase()) ?? 0;
      end = -1;
      words++;
    }
  }
  return mask;
}
