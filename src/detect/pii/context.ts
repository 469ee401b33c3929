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
  /** The same, but no further than the number before. */
  unbroken: ContextMask;
  /** In the 5 words before on the same line and in the same sentence, no other number between. */
  near: ContextMask;
}

/** Writes the context before `start` into `context`; `units` are those of `text`. O(1). */
export function readContext(text: string, units: Uint16Array, start: number, context: Context): void {
  const from = Math.max(0, start - WINDOW_CHARS);
  let words = 0;
  let end = -1;
  let hash = 0;
  let isNear = true;
  let isUnbroken = true;
  context.far = 0;
  context.near = 0;
  context.unbroken = 0;
  for (let i = start - 1; i >= from - 1 && words < WINDOW_WORDS; i--) {
    const code = i >= from ? units[i]! : 32;
    const lower = code >= 65 && code < 91 ? code + 32 : code;
    if ((lower >= 97 && lower < 123) || (code >= 0xc0 && code < 0x2000) || code > 0x2fff) {
      if (end < 0) end = i + 1;
      hash = (Math.imul(hash, 31) + lower) | 0;
      continue;
    }
    if (end >= 0) {
      if (SEEN_HASHES[hash & HASH_MASK] === 1 && (i >= from || from === 0)) {
        const kinds = CONTEXT_WORDS.get(text.slice(i + 1, end).toLowerCase()) ?? 0;
        context.far |= kinds;
        if (isUnbroken) context.unbroken |= kinds;
        if (isNear) context.near |= kinds;
      }
      end = -1;
      hash = 0;
      words++;
      if (words >= NEAR_WORDS) isNear = false;
    }
    if (code >= 48 && code < 58) isUnbroken = isNear = false;
    const endsNearness =
      (code === 10 && words > 0) ||
      (words > 0 && (code === 46 || code === 59 || code === 63 || code === 33) && units[i + 1] === 32);
    if (endsNearness) isNear = false;
  }
}

/** A bit set over word hashes: a word whose bit is clear is no context word, which spares the slice and the look-up. */
const HASH_MASK = 0x3fff;
const SEEN_HASHES = buildHashes();

function buildHashes(): Uint8Array {
  const seen = new Uint8Array(HASH_MASK + 1);
  for (const word of CONTEXT_WORDS.keys()) {
    let hash = 0;
    for (let i = word.length - 1; i >= 0; i--) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0;
    seen[hash & HASH_MASK] = 1;
  }
  return seen;
}
