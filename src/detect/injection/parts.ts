/** Cuts a text into sentences, lines and table rows. */
import type { ConceptHits } from "./lexicon.ts";
import type { FoldedText } from "./normalise.ts";

/** A part (sentence, line, table row) has at least this many folded units; shorter ones join the next. */
const MIN_PART_UNITS = 14;
/** Parts per text at most; the rest is one part, so that the work stays linear with a small factor. */
const MAX_PARTS = 1 << 16;

/** A text cut into parts, reused for every text. */
export interface Parts {
  count: number;
  /** Folded positions; `starts[count]` is the end of the last. */
  starts: Int32Array;
  /** Concepts found in each part. */
  masks: Int32Array;
  /** Bits of {@link ROW}, {@link QUESTION} and {@link OWN_LINE}. */
  kinds: Uint8Array;
}

/** A row of a table. */
export const ROW = 1;
/** Ends with a question mark. */
export const QUESTION = 2;
/** Begins and ends with a line. */
export const OWN_LINE = 4;

/** Room for the parts of one text. */
export function createParts(): Parts {
  return { count: 0, starts: new Int32Array(512), masks: new Int32Array(512), kinds: new Uint8Array(512) };
}

/** Cuts a text at line ends and sentence ends and notes what each part holds. Linear. */
export function cutParts(folded: FoldedText, hits: ConceptHits, parts: Parts): Parts {
  const { codes, length, lineStarts, lineCount } = folded;
  let count = 0;
  let start = 0;
  let line = 1;
  let bars = 0;
  let hit = 0;
  let ownLine = true;
  for (let at = 0; at < length; at++) {
    const code = codes[at]!;
    if (code === 124) bars++;
    while (line < lineCount && lineStarts[line]! <= at) line++;
    const lineEnds = line < lineCount && lineStarts[line] === at + 1;
    const sentenceEnds =
      code === 32 &&
      at > 0 &&
      bars < 2 &&
      (codes[at - 1] === 46 || codes[at - 1] === 33 || codes[at - 1] === 63);
    const asianEnd = (code === 46 || code === 33 || code === 63) && at > 0 && codes[at - 1]! > 0x2e80;
    if (at + 1 < length && !lineEnds && !sentenceEnds && !asianEnd) continue;
    if (at + 1 < length && (at + 1 - start < MIN_PART_UNITS || count >= MAX_PARTS)) {
      if (lineEnds) bars = 0;
      continue;
    }
    if (count + 2 > parts.starts.length) growParts(parts);
    let mask = 0;
    while (hit < hits.count && hits.starts[hit]! <= at) mask |= hits.masks[hit++]!;
    let last = at;
    while (last > start && codes[last] === 32) last--;
    parts.starts[count] = start;
    parts.masks[count] = mask;
    parts.kinds[count] =
      (bars >= 2 ? ROW : 0) |
      (codes[last] === 63 ? QUESTION : 0) |
      (ownLine && (lineEnds || at + 1 === length) ? OWN_LINE : 0);
    count++;
    start = at + 1;
    bars = 0;
    ownLine = lineEnds;
  }
  parts.starts[count] = length;
  parts.count = count;
  return parts;
}

function growParts(parts: Parts): void {
  const size = parts.starts.length * 2;
  const starts = new Int32Array(size);
  starts.set(parts.starts);
  parts.starts = starts;
  const masks = new Int32Array(size);
  masks.set(parts.masks);
  parts.masks = masks;
  const kinds = new Uint8Array(size);
  kinds.set(parts.kinds);
  parts.kinds = kinds;
}
