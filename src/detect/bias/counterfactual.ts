/** The same text with the groups exchanged. */
import type { BiasReading } from "./reading.ts";
import { BIAS_KINDS, type BiasKind } from "./types.ts";

/** Terms exchanged at most in one text. */
const MAX_SWAPS = 256;

/** A text with the terms of one kind exchanged. */
export interface SwappedText {
  readonly kind: BiasKind;
  readonly text: string;
  readonly swapped: number;
}

/** One exchanged text per kind that has terms to exchange; linear per kind found. */
export function swapGroups(text: string, reading: BiasReading): SwappedText[] {
  const found = new Set<number>();
  for (const hit of reading.hits) if (hit.word.swap !== undefined) found.add(hit.word.swapKind);
  return [...found].sort((a, b) => a - b).map((kind) => swapKind(text, reading, kind));
}

function swapKind(text: string, reading: BiasReading, kind: number): SwappedText {
  const { tokens } = reading;
  let swapped = 0;
  let at = 0;
  let out = "";
  for (const hit of reading.hits) {
    const { swap } = hit.word;
    if (swap === undefined || hit.word.swapKind !== kind || swapped >= MAX_SWAPS) continue;
    const start = tokens.start[hit.from]!;
    const end = tokens.end[hit.to - 1]!;
    // The token's end includes a possessive, which stays: only as many letters as the word has are replaced.
    const wordEnd = Math.min(end, start + tokens.length[hit.from]!);
    out += text.slice(at, start) + inCaseOf(text.slice(start, wordEnd), swap);
    at = hit.to - hit.from > 1 ? end : wordEnd;
    swapped++;
  }
  return { kind: BIAS_KINDS[kind] ?? "gender", text: out + text.slice(at), swapped };
}

function inCaseOf(original: string, word: string): string {
  const first = original[0] ?? "";
  if (original.length > 1 && original === original.toUpperCase()) return word.toUpperCase();
  return first !== first.toLowerCase() ? word[0]!.toUpperCase() + word.slice(1) : word;
}
